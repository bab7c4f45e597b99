"""What several commands take: the configuration, a night's date."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from jendela import configured
from jendela.model.config import Settings, load_settings
from jendela.model.errors import WrongUseError
from jendela.store.hub import Hub

config_option = click.option(
    "--config",
    "config",
    envvar="JENDELA_CONFIG",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The hub's configuration (or JENDELA_CONFIG).",
)


def night_option(help_text: str, *, required: bool = False) -> Callable[[Any], Any]:
    """`--night YYYY-MM-DD`, given to the command as a date or None."""
    return click.option(
        "--night",
        "day",
        type=click.DateTime(["%Y-%m-%d"]),
        required=required,
        callback=lambda _context, _option, value: _date(value),
        help=help_text,
    )


def _date(value: datetime | None) -> date | None:
    return value.date() if value else None


def settings_of(config: Path) -> Settings:
    """The settings of `config` with the environment's overrides.

    Raises:
        WrongUseError: it cannot be read, is no text, or says what no setting is.
    """
    try:
        return load_settings(config, os.environ)
    except OSError as error:
        raise WrongUseError(f"{config}: cannot be read ({_kind(error)}).") from None


def writable(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """A path to write to: that its folder is there is said now, not at the end."""
    if path is not None and not path.absolute().parent.is_dir():
        raise click.BadParameter(f"{path}: There is no such folder.")
    return path


def known_office(hub: Hub, office: str | None) -> None:
    """Nothing if the hub knows the office that was asked for, or none was.

    Raises:
        WrongUseError: it does not; those that it knows are named. Nothing found there would be no news.
    """
    if office is not None and office not in hub.agreements.offices:
        known = ", ".join(sorted(hub.agreements.offices))
        raise WrongUseError(f"There is no office {office!r}: the hub knows {known}.")


@contextmanager
def hub_of(config: Path, *, dry_run: bool = False) -> Iterator[Hub]:
    """The opened hub of `config`.

    Raises:
        WrongUseError: its state folder or its database cannot be opened.
    """
    settings = settings_of(config)
    with ExitStack() as opened:
        try:
            hub = opened.enter_context(configured.open_hub(settings, os.environ, dry_run=dry_run))
        except (ArgumentError, NoSuchModuleError):
            raise WrongUseError(
                "The address of the hub's database (JENDELA_HUB_URL, or hub_url in the configuration) "
                "cannot be read: postgresql+psycopg://USER:PASSWORD@HOST/DATABASE, or sqlite:////FILE."
            ) from None
        except DatabaseError as error:
            raise WrongUseError(
                f"The hub's database cannot be opened ({_kind(error)}). Is its server up, are account and "
                "password right, and is it the hub's own? Without an address it is hub.sqlite in the "
                "state folder."
            ) from None
        except OSError as error:
            raise WrongUseError(
                f"The state folder {settings.state} cannot be used ({_kind(error)}): it must be a folder "
                "that whoever runs this may write to, on a disk with space."
            ) from None
        yield hub


def _kind(error: Exception) -> str:
    """What went wrong, without the text of a library, which may quote an address with its password."""
    return f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) else type(error).__name__
