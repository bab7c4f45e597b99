"""The list of commands: there at once, and true to what each says of itself."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from jendela.cli import COMMANDS, jendela


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_the_first_sentence_of_its_own_help(name):
    """Two texts of one thing, kept equal."""
    command = jendela.get_command(click.Context(jendela), name)
    assert command.name == name
    first = " ".join(command.help.partition("\n\n")[0].split())
    assert first.partition(". ")[0].removesuffix(".") + "." == COMMANDS[name].does


def test_asking_what_there_is_imports_none_of_it():
    """Else it takes three seconds."""
    asked = (
        "import sys; from jendela.cli import jendela; jendela(['--help'], standalone_mode=False);"
        "print([name for name in ('polars', 'sqlalchemy', 'duckdb') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    lines = said.splitlines()
    assert lines[-1] == "[]"
    listed = [line.split()[0] for line in lines[lines.index("Commands:") + 1 : -1] if line[2:3].strip()]
    assert listed == sorted(COMMANDS)
