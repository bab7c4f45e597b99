"""`jendela halted`: batches that a guard halted, and offices that do not answer, which wait for a person."""

from __future__ import annotations

import json
from pathlib import Path

import click

from jendela.cli.options import config_option, hub_of

NEEDS_A_PERSON = 1
_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")
_who = click.option("--by", "--who", "who", required=True, envvar="JENDELA_USER", help="Who decides.")
_why = click.option(
    "--because",
    "--reason",
    "--why",
    "why",
    required=True,
    help="Why; kept for ever, so without any value.",
)


@click.group()
def halted() -> None:
    """Batches that were halted whole (shrunk, a storm, a day ahead, wrong measures) and open breakers."""


@halted.command(name="list")
@config_option
@click.option("--all", "everything", is_flag=True, help="Also what was decided or overtaken long ago.")
@_json
def list_halted(config: Path, everything: bool, as_json: bool) -> int:
    """What waits. 1: something does."""
    from jendela.ingest.halted import listed

    with hub_of(config) as hub:
        found = listed(hub, everything=everything)
    if as_json:
        click.echo(json.dumps([one.as_dict() for one in found]))
    else:
        for one in found:
            decided = f"  ({one.decided_by}: {one.decided_why})" if one.decided_by else ""
            click.echo(
                f"{one.night}  {one.feed or one.office}  {one.guard}  {one.rows} rows  {one.state}  "
                f"{one.reason}{decided}"
            )
        click.echo(f"{sum(one.waits for one in found)} wait")
    return NEEDS_A_PERSON if any(one.waits and one.state != "released" for one in found) else 0


@halted.command()
@config_option
@click.argument("name", metavar="FEED|OFFICE")
@_json
def show(config: Path, name: str, as_json: bool) -> None:
    """Everything that was ever halted of it, with who decided what and why; never a row."""
    from jendela.ingest.halted import of

    with hub_of(config) as hub:
        found = of(hub, name)
    if as_json:
        click.echo(json.dumps([one.as_dict() for one in found]))
        return
    for one in found:
        click.echo(f"{one.night}  {one.feed or one.office}: {one.reason}")
        click.echo(f"    halted by {one.guard}, {one.rows} rows, {one.state}")
        if one.landing:
            click.echo(f"    landed in {one.landing}")
        if one.decided_by:
            click.echo(f"    {one.state} by {one.decided_by}: {one.decided_why}")
    click.echo(f"{len(found)} found")


def _decide(config: Path, name: str, verdict: str, who: str, why: str) -> None:
    from jendela.ingest.halted import decide

    with hub_of(config) as hub:
        for one in decide(hub, name, verdict, who, why):
            click.echo(f"{one.feed or one.office}: {one.night}, {one.rows} rows ({one.guard}) is {verdict}")


@halted.command()
@config_option
@click.argument("name", metavar="FEED|OFFICE")
@_who
@_why
def release(config: Path, name: str, who: str, why: str) -> None:
    """Take it as it landed, in the next night or catch-up; of an office also ask all feeds again."""
    _decide(config, name, "released", who, why)


@halted.command()
@config_option
@click.argument("name", metavar="FEED|OFFICE")
@_who
@_why
def discard(config: Path, name: str, who: str, why: str) -> None:
    """Never take it. A later version of one of its rows is taken like any other."""
    _decide(config, name, "discarded", who, why)
