"""The hub that a configuration names: opened for its steps, or asked of its state without keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jendela.contracts.agreements import load_agreements
from jendela.crypto.keys import load_keyring
from jendela.evidence.verify import verify
from jendela.model.config import Settings, load_settings
from jendela.model.connections import connector_of, url_from_environment
from jendela.model.errors import EvidenceError, WrongUseError
from jendela.model.receipt import Receipt
from jendela.store import nights
from jendela.store.hub import Hub


def config_path(environ: Mapping[str, str]) -> Path:
    """The configuration file that `JENDELA_CONFIG` names.

    Raises:
        WrongUseError: it is not set.
    """
    if named := environ.get("JENDELA_CONFIG"):
        return Path(named)
    raise WrongUseError("No configuration: name it with --config, or set JENDELA_CONFIG.")


@contextmanager
def open_hub(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    connection_url: Callable[[str], str] | None = None,
    dry_run: bool = False,
) -> Iterator[Hub]:
    """The hub of `settings`, with its agreements loaded, its keys opened and its database migrated.

    `connection_url` resolves a connection's name (Airflow); by default it is `JENDELA_CONN_<NAME>`.
    """

    def resolve(name: str) -> str:
        return connection_url(name) if connection_url else url_from_environment(name, environ)

    hub = Hub.open(
        settings=settings,
        agreements=load_agreements(settings.agreements, settings.mappings, settings.offices),
        keyring=load_keyring(settings, environ),
        connector=connector_of,
        resolve=resolve,
        dry_run=dry_run,
    )
    try:
        yield hub
    finally:
        hub.close()


@dataclass(frozen=True)
class Nightly:
    """What a configuration's hub says of its latest night, without keys: read from its receipts."""

    day: date
    closed: bool
    receipts: tuple[Receipt, ...]
    state: Path


def latest(config: Path, environ: Mapping[str, str]) -> Nightly | None:
    """The latest night that was opened, with its receipts; None before the first."""
    settings = load_settings(config, environ)
    found = nights.latest(settings)
    return Nightly(*found, settings.state) if found else None


def state_folder(environ: Mapping[str, str]) -> Path:
    """The state folder of the configured hub.

    Raises:
        WrongUseError: no configuration is named, or the file is missing.
    """
    return load_settings(config_path(environ), environ).state


def verify_state(environ: Mapping[str, str]) -> int:
    """How many log entries were verified, with every artefact of the configured hub's state.

    Raises:
        EvidenceError: something does not verify; the first findings are in the message.
    """
    settings = load_settings(config_path(environ), environ)
    result = verify(settings.state / "evidence", settings.state, None)
    if result.findings:
        first = "; ".join(str(finding) for finding in result.findings[:5])
        raise EvidenceError(f"{len(result.findings)} findings: {first}")
    return result.entries
