"""`jendela refused`: what recipients refused, and why."""

from __future__ import annotations

import json
from pathlib import Path

import click

from jendela.cli.options import config_option, hub_of, known_office


@click.group()
def refused() -> None:
    """Deliveries that their recipients refused: for which reasons, and in which words."""


@refused.command(name="list")
@config_option
@click.option("--office", help="Only recipients of this office.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_refused(config: Path, office: str | None, as_json: bool) -> None:
    """What was refused, by recipient, delivery and reason; words of an office's own only as # and a digest.

    They may name people: `refused show` tells them.
    """
    from jendela.deliver import refused

    with hub_of(config) as hub:
        known_office(hub, office)
        found = refused.refusals(hub, office)
        labels = hub.agreements.codes["refusal_reason"].by_code
    if as_json:
        click.echo(json.dumps([one.as_dict() for one in found]))
        return
    for one in found:
        told = f"{one.reason} ({labels[one.reason].label_en})" if one.reason in labels else one.reason or "-"
        words = f"  #{one.words[:12]}" if one.words else ""
        click.echo(f"{one.last}  {one.recipient}  {one.delivery}  {one.count}  {told}{words}")
    click.echo(f"{sum(one.count for one in found)} refused")


@refused.command()
@config_option
@click.argument("words", metavar="DIGEST")
@click.option(
    "--by", "who", required=True, envvar="JENDELA_USER", help="Who looks: it is logged, with the time."
)
def show(config: Path, words: str, who: str) -> None:
    """The words behind a digest, as the office wrote them, long numbers masked; looking is logged before."""
    from jendela.deliver import refused

    with hub_of(config) as hub:
        said = refused.open_words(hub, words, who, hub.clock())
    click.echo(said.words)
    for delivery_id in said.deliveries:
        click.echo(f"  {delivery_id}")
