"""`python -m jendela.letters.agreement`: writes what is written from the contract, below the current folder.

`--release` also freezes the newest edition as adopted; `--check` writes nothing and names what is out of
date.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from jendela.letters.agreement.generated import freeze, stale, write


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; 1 if a file is out of date.")
@click.option("--release", is_flag=True, help="Freeze the newest edition as the one that both sides adopted.")
def main(check: bool, release: bool) -> None:
    """Writes the XSD, the JSON Schema and the readable edition of every edition of the letter."""
    folder = Path.cwd()
    if check:
        late = stale(folder)
        for name in late:
            click.echo(f"{name} is out of date: run python -m jendela.letters.agreement")
        sys.exit(1 if late else 0)
    if release:
        click.echo(freeze(folder))
    for name in write(folder):
        click.echo(name)


if __name__ == "__main__":
    main()
