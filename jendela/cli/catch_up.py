"""`jendela catch-up`: what one office owes, now, without waiting for the night."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path

import click

from jendela import catch_up as steps
from jendela.cli.options import config_option, hub_of
from jendela.model.receipt import Receipt
from jendela.report import terminal


@click.command(name="catch-up")
@config_option
@click.argument("office")
@click.option("--dry-run", is_flag=True, help="Read and judge, change nothing anywhere.")
@click.option("--json", "as_json", is_flag=True, help="The receipts as JSON on standard output.")
def catch_up(config: Path, office: str, dry_run: bool, as_json: bool) -> int:
    """Take what OFFICE owes, in business order, through to delivery and report.

    It is a supplement of the last closed night, with a number and a report of its own; the night stays as it
    was. Ended half-way, it goes on where it stopped when it is called again.

    0: done. 1: something needs a person. 2: wrong use, or a night is under way. 3: OFFICE does not answer.
    """
    console = terminal.plain_console(stderr=as_json)
    with hub_of(config, dry_run=dry_run) as hub, console.status("asking the office") as status:

        def watch(step: str, scope: str, receipt: Receipt | None) -> None:
            status.update(f"{step} {scope}".rstrip())
            if receipt is not None:
                terminal.line(receipt, console)

        caught = steps.run(hub, office, uuid.uuid4().hex, os.getpid(), watch)
        for outcome in caught.outcomes:
            if as_json:
                continue
            terminal.show(outcome.night.label, outcome.receipts, hub.state, console)
    if as_json:
        receipts = [json.loads(item.to_json()) for one in caught.outcomes for item in one.receipts]
        click.echo(json.dumps(receipts))
    elif dry_run:
        console.print("A dry run: nothing was kept, delivered or logged.")
    return 1 if caught.needs_a_person else 0
