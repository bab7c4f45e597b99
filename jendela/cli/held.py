"""`jendela held`: rows that broke a rule and wait for a person."""

from __future__ import annotations

import json
from pathlib import Path

import click

from jendela.cli.options import config_option, hub_of, known_office


@click.group()
def held() -> None:
    """Rows that broke a rule: look, release to the next night, or discard."""


@held.command(name="list")
@config_option
@click.option("--office", help="Only this office.")
@click.option("--rule", help="Only rows that broke this rule.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_held(config: Path, office: str | None, rule: str | None, as_json: bool) -> None:
    """The held rows: where they are at the agency and what they broke; never their values.

    The file of a letter is # and a digest of its name, for that may name people: `held show` tells it.
    """
    from jendela.register import quarantine

    with hub_of(config) as hub:
        known_office(hub, office)
        rows = quarantine.waiting(hub, office, rule)
    if as_json:
        click.echo(json.dumps([row.as_dict() for row in rows]))
        return
    for row in rows:
        broken = ", ".join(f"{item['field'] or 'row'} {item['rule']}" for item in row.violations)
        click.echo(f"{row.held_id[:12]}  {row.feed}  {row.place}  {broken}")
    click.echo(f"{len(rows)} rows held")


@held.command()
@config_option
@click.argument("held_id")
@click.option(
    "--by", "who", required=True, envvar="JENDELA_USER", help="Who looks: it is logged, with the time."
)
def show(config: Path, held_id: str, who: str) -> None:
    """One held row with the name of its file and its values; looking is logged before.

    Only columns that become fields which identify nobody are shown in clear. All others are marked with * and
    shown in their shape: a letter is A or a, a digit 9.
    """
    from jendela.register import quarantine

    with hub_of(config) as hub:
        found, cells = quarantine.open_row(hub, held_id, who, hub.clock())
    click.echo(f"{found.held_id}  {found.feed}  {found.place}")
    for item in found.violations:
        click.echo(
            f"  broke {item['rule']} in {item['field'] or 'the row'} of {item['entity'] or found.feed}"
        )
    for cell in cells:
        click.echo(f"  {'*' if cell.masked else ' '} {cell.column:<28} {cell.value}")
    if any(cell.masked for cell in cells):
        click.echo("* only the shape: this column may tell who the person is")


def _decide(config: Path, held_id: str, verdict: str, who: str, why: str) -> None:
    from jendela.register import quarantine

    with hub_of(config) as hub:
        row = quarantine.decide(hub, held_id, verdict, who, why)
    click.echo(f"{row.held_id[:12]} is {verdict}")


_who = click.option("--by", "who", required=True, envvar="JENDELA_USER", help="Who decides.")
_why = click.option("--because", "why", required=True, help="Why; kept for ever, so without any value.")


@held.command()
@config_option
@click.argument("held_id")
@_who
@_why
def release(config: Path, held_id: str, who: str, why: str) -> None:
    """Judge the row again in the next night, under the agreements then in force."""
    _decide(config, held_id, "released", who, why)


@held.command()
@config_option
@click.argument("held_id")
@_who
@_why
def discard(config: Path, held_id: str, who: str, why: str) -> None:
    """Close the row for good."""
    _decide(config, held_id, "discarded", who, why)
