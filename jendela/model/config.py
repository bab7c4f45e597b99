"""Settings of one hub: a YAML file, overridden by `JENDELA_*` in the environment. No secret is ever in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from jendela.model.errors import AgreementError, WrongUseError


class Settings(BaseModel):
    """Where the hub keeps its state and which agencies it serves.

    `state` holds the embedded database, the landing area, the artefacts and the evidence.
    `hub_url` is the hub database; empty means SQLite inside `state`.
    `agreements` is the folder of `schemas/` and `mappings/`; empty means the installed ones.
    `mappings` are folders of further offices (`<office>/office.yaml`), beside those of the agreements.
    `storm_limit` is how many times its usual rows a feed may bring before it is halted, from `storm_minimum`
    rows on; after `breaker_nights` nights without an answer an office is only probed.
    `landing_days` before a night that closes is how long what landed is kept, `held_days` how long the values
    of a held row after it was settled.
    `trust` is the folder of the authorities that signatures of letters are judged by; empty: none is valid.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Path
    hub_url: str = ""
    agreements: Path | None = None
    mappings: tuple[Path, ...] = ()
    trust: Path | None = None
    first_night: date
    offices: tuple[str, ...]
    key_file: Path | None = None
    make_key: bool = False
    pull_attempts: int = Field(default=2, ge=1)
    pull_pause_seconds: float = Field(default=2.0, ge=0)
    sweep_every_nights: int = Field(default=7, ge=1)
    shrink_limit: float = Field(default=0.2, gt=0, le=1)
    storm_limit: float = Field(default=10, gt=1)
    storm_minimum: int = Field(default=500, ge=1)
    breaker_nights: int = Field(default=3, ge=1)
    landing_days: int = Field(default=90, ge=1)
    held_days: int = Field(default=365, ge=1)

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the hub database."""
        return self.hub_url or f"sqlite:///{self.state / 'hub.sqlite'}"


def load_settings(file: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of `file`, with relative paths resolved against its folder.

    `JENDELA_STATE`, `JENDELA_HUB_URL` and the like override the file's keys of the same name;
    several offices or folders are separated by commas.

    Raises:
        WrongUseError: the file is missing.
        AgreementError: it has an unknown key or an unusable value; the key is named.
    """
    if not file.is_file():
        raise WrongUseError(
            f"No configuration file {file}. `jendela demo agencies DIR` writes one; name it with --config."
        )
    try:
        raw = YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {}
    except UnicodeDecodeError:
        raise AgreementError(str(file), None, "file", "is no text in UTF-8: save it as that.") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise AgreementError(
            str(file), mark.line + 1 if mark else None, "yaml", "is not readable YAML."
        ) from None
    if not isinstance(raw, dict):
        raise AgreementError(str(file), None, "file", "has to be keys with their values.")
    for name in Settings.model_fields:
        if value := environ.get(f"JENDELA_{name.upper()}"):
            listed = name in ("offices", "mappings")
            raw[name] = [part.strip() for part in value.split(",")] if listed else value
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "file"
        raise AgreementError(str(file), None, key, f"{first['msg']}.") from None
    here = file.parent.resolve()
    paths = {
        name: (here / value).resolve()
        for name in ("state", "agreements", "trust", "key_file")
        if (value := getattr(settings, name)) is not None
    }
    further = tuple((here / value).resolve() for value in settings.mappings)
    return settings.model_copy(update={**paths, "mappings": further})
