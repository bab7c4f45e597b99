"""`jendela source inbox`: the tables of an office's SQL inbox, for the office to make."""

from __future__ import annotations

from pathlib import Path

import click

from jendela.cli.options import writable
from jendela.cli.source_office import agreements_of, office_of, office_options
from jendela.model.errors import WrongUseError


@click.command()
@click.argument("office")
@office_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=writable,
    help="Write them there; else they are shown.",
)
def inbox(office: str, config: Path | None, further: tuple[Path, ...], out: Path | None) -> None:
    """The SQL with which OFFICE makes its inbox, of its deliveries as agreed.

    Exit code 2 where nothing is delivered to it, or its inbox is none of SQL.
    """
    from jendela.deliver.ddl import render_inbox
    from jendela.store.artefacts import write_whole

    known = office_of(agreements_of(config, further, office), office)
    if known.inbox_transport != "sql" or not known.deliveries:
        raise WrongUseError(f"{office} has no SQL inbox: it has no delivery, or takes its own another way.")
    text = render_inbox(tuple(known.deliveries.values()))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise WrongUseError(f"{out} cannot be written: {error.strerror}. Name another file.") from None
    click.echo(str(out))
