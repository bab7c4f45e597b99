"""`jendela source`: the offices, and whether their feeds can be read as agreed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from jendela.cli.options import config_option, hub_of
from jendela.model.errors import FeedError, WrongUseError
from jendela.store.hub import Hub


@click.group()
def source() -> None:
    """The offices and their feeds."""


@source.command(name="list")
@config_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_offices(config: Path, as_json: bool) -> None:
    """Every configured office with its feeds, their modes and the connection's name."""
    with hub_of(config) as hub:
        rows = [
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


@source.command()
@config_option
@click.argument("office")
def check(config: Path, office: str) -> int:
    """Connect to OFFICE and compare each feed with its agreement. 3: unreachable, 2: not as agreed."""
    with hub_of(config) as hub:
        if office not in hub.agreements.offices:
            raise WrongUseError(f"There is no office {office!r}: `jendela source list` names them.")
        failures = [
            error for feed in hub.agreements.offices[office].feeds if (error := _check(hub, office, feed))
        ]
    return max((error.exit_code if error.retriable else 2 for error in failures), default=0)


def _check(hub: Hub, office: str, feed: str) -> FeedError | None:
    try:
        hub.connect(office, "read").check(hub.agreements.offices[office].feeds[feed].source)
    except FeedError as error:
        click.echo(f"no  {feed}: {error.reason} What to do: {error.remedy}")
        return error
    click.echo(f"ok  {feed}")
    return None
