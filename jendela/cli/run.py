"""`jendela run`: one night without Airflow."""

from __future__ import annotations

import json
import os
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from jendela import night
from jendela.cli.options import config_option, hub_of, night_option
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Receipt
from jendela.report import terminal

NEAR = timedelta(days=1)  # a night begins before its day does


@click.command()
@config_option
@night_option("The night's Jakarta date; by default the one after the last closed night.")
@click.option("--office", "offices", multiple=True, help="Only this office (again for more); default all.")
@click.option("--dry-run", is_flag=True, help="Read and judge, change nothing anywhere.")
@click.option("--json", "as_json", is_flag=True, help="The receipts as JSON on standard output.")
def run(config: Path, day: date | None, offices: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    """Perform one night: pull, map, validate, measures, merge, identify, consolidate, reconcile, deliver,
    close.
    """
    if day is not None:
        _require_come(day)
    console = terminal.plain_console(stderr=as_json)
    with hub_of(config, dry_run=dry_run) as hub, console.status("opening the night") as status:

        def watch(step: str, scope: str, receipt: Receipt | None) -> None:
            status.update(f"{step} {scope}".rstrip())
            if receipt is not None:
                terminal.line(receipt, console)

        outcome = night.run(hub, day, offices, uuid.uuid4().hex, os.getpid(), watch)
    if as_json:
        click.echo(json.dumps([json.loads(receipt.to_json()) for receipt in outcome.receipts]))
    else:
        terminal.show(outcome.night.label, outcome.receipts, hub.state, console)
        if dry_run:
            console.print("A dry run: nothing was kept, delivered or logged.")
    return 1 if outcome.needs_a_person else 0


def _require_come(day: date) -> None:
    """Refuse a mistyped year: after such a night none of today could be opened any more."""
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    if day > today + NEAR:
        raise WrongUseError(
            f"The night of {day} has not come: today is {today}. See that --night is typed rightly."
        )
