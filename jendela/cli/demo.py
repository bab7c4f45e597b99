"""`jendela demo`: agencies that never existed."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click


@click.group()
def demo() -> None:
    """Agencies that never existed, with everything that goes wrong in real ones."""


@demo.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--workers", type=click.IntRange(100), default=20_000, show_default=True, help="How many workers."
)
@click.option("--seed", type=int, default=20260901, show_default=True, help="Same seed, same agencies.")
@click.option(
    "--offices",
    type=click.Choice(["first", "all"]),
    default="first",
    show_default=True,
    help="The three labour offices of the first night, or twelve, each with habits of its own.",
)
def agencies(folder: Path, workers: int, seed: int, offices: str) -> None:
    """Write the demo agencies' databases, extracts and letters into FOLDER, with a hub's configuration."""
    from jendela.demo.agencies import write

    click.echo(write(folder, workers, seed, offices).describe())


@demo.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def advance(folder: Path) -> None:
    """Let a day pass: the agencies import, acknowledge, refuse, correct, withdraw, delete."""
    from jendela.demo.advance import advance as a_day

    click.echo(a_day(folder).describe())


@demo.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def serve(folder: Path) -> None:
    """Serve what the offices of FOLDER need, SFTP and REST, on the loopback address until Ctrl-C."""
    from jendela.demo.serve import serving

    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with serving(folder) as lines:
        for line in lines:
            click.echo(line)
        click.echo("Ctrl-C ends it.")
        try:
            ended.wait()
        except KeyboardInterrupt:
            click.echo("Ended.")
