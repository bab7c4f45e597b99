"""`jendela source`: the offices, whether their feeds are as agreed, and how a new one is added."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from jendela.cli.options import config_option, hub_of
from jendela.cli.source_check import check
from jendela.cli.source_inbox import inbox
from jendela.cli.source_new import new
from jendela.cli.source_preview import preview


@click.group()
def source() -> None:
    """The offices and their feeds."""


@source.command(name="list")
@config_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_offices(config: Path, as_json: bool) -> None:
    """Every configured office with its feeds, their modes and the connection's name."""
    with hub_of(config) as hub:
        rows: list[dict[str, Any]] = [
            {
                "office": name, "name": office.name_en, "transport": office.transport,
                "connection": office.connection, "zone": office.zone,
                "feeds": {feed.name: feed.source.mode for feed in office.feeds.values()},
            }
            for name in hub.settings.offices
            for office in (hub.agreements.offices[name],)
        ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(
            f"{row['office']}  {row['name']}  ({row['transport']}, {row['connection']}, {row['zone']})"
        )
        for feed, mode in row["feeds"].items():
            click.echo(f"    {feed:<40} {mode}")


for command in (new, check, preview, inbox):
    source.add_command(command)
