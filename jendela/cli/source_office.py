"""One office's agreement and a way to it, for commands that open neither the hub's state nor its keys."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from jendela.cli.options import settings_of
from jendela.contracts.agreements import Agreements, load_agreements
from jendela.contracts.office import Office
from jendela.model.connections import connector_of, url_from_environment
from jendela.model.errors import UnusableFeedError, WrongUseError
from jendela.model.ports import Connector

_config = click.option(
    "--config",
    "config",
    envvar="JENDELA_CONFIG",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The hub's configuration (or JENDELA_CONFIG); not needed where --mappings says all.",
)
_mappings = click.option(
    "--mappings",
    "further",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder of offices beside the installed ones, as `source new` writes it.",
)


def office_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config` and `--mappings`."""
    return _config(_mappings(command))


def agreements_of(config: Path | None, further: tuple[Path, ...], office: str = "") -> Agreements:
    """The agreements of a configuration, of the installation without one, and the further offices.

    Of a folder of offices only `office` is read, where it is there: another that is still being agreed does
    not stand in its way.
    """

    def own(path: Path) -> Path:
        return path / office if office and (path / office / "office.yaml").is_file() else path

    more = tuple(own(path.resolve()) for path in further)
    if config is None:
        return load_agreements(None, more)
    settings = settings_of(config)
    agreed = [own(path) for path in settings.mappings]
    return load_agreements(settings.agreements, (*agreed, *(path for path in more if path not in agreed)))


def office_of(agreements: Agreements, office: str) -> Office:
    """The office of that id.

    Raises:
        WrongUseError: there is none; those that are, are named.
    """
    if office not in agreements.offices:
        known = ", ".join(sorted(agreements.offices))
        raise WrongUseError(
            f"There is no office {office!r}: `jendela source list` names them ({known}). "
            "One in a folder of its own is found with --mappings DIR."
        )
    return agreements.offices[office]


def url_of_office(office: Office) -> str:
    """The URL of an office's own data."""
    return url_from_environment(office.connection, os.environ)


def connect(office: Office) -> Connector:
    """The connector to an office's own data.

    Raises:
        WrongUseError: its connection is not configured, or says what cannot be used.
    """
    try:
        return connector_of(office.transport, office.id, url_of_office(office))
    except UnusableFeedError as error:
        raise WrongUseError(str(error)) from None
