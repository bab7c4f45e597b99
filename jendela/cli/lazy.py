"""A group of commands each of which is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click


class Place(NamedTuple):
    """Where a command is (`module:attribute`), and what it does: the first sentence of its own help."""

    where: str
    does: str


class LazyGroup(click.Group):
    """Whoever links two files, or asks what there is, need not wait for the imports of a night."""

    def __init__(self, *args: Any, places: Mapping[str, Place], **more: Any) -> None:
        """`places`: each command by its name."""
        super().__init__(*args, **more)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name not in self._places:
            return None
        module, _, attribute = self._places[cmd_name].where.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, as each of them is told here; none is imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.does) for name, place in sorted(self._places.items())])
