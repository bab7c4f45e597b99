"""What a person at a terminal sees of a night: a line per step, then both balances and where to look."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from jendela.model.balance import DELIVERIES, ROWS
from jendela.model.receipt import Receipt

UNBROKEN = 200  # characters a line of a file or pipe may have, so that a table keeps its columns


def plain_console(*, stderr: bool = False) -> Console:
    """The console of a night: as wide as the terminal; in a file or pipe as wide as its lines need."""
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=max(console.width, UNBROKEN))


def line(receipt: Receipt, console: Console) -> None:
    """One line: the step, its scope, the sums of its counts, and what is missing."""
    sums: dict[str, int] = {}
    for scope, counts in receipt.counts.items():
        if scope.startswith(("due:", "late:")):  # the statement of a close: shown below, with its names
            continue
        for name, count in counts.items():
            # What reconcile found is told by its codes: their sum would say nothing.
            key = f"{scope} {name}" if receipt.step == "reconcile" else name
            sums[key] = sums.get(key, 0) + count
    told = "  ".join(f"{name} {count:,}" for name, count in sums.items() if count)
    unbroken = not console.is_terminal
    console.print(
        f"{receipt.step:<12} {receipt.scope:<14} {told or 'nothing to do'}",
        highlight=False,
        soft_wrap=unbroken,
    )
    for item in receipt.missing:
        console.print(
            f"[yellow]{'':<13}missing: {escape(item.office)} / {escape(item.feed)}: {escape(item.reason)}[/]",
            soft_wrap=unbroken,
        )


def show(label: str, receipts: Iterable[Receipt], state: Path, console: Console) -> None:
    """Both balances of the night, as its close counted them, and the path of the report."""
    closed = next((receipt for receipt in receipts if receipt.step == "close"), None)
    if closed is None:
        console.print(f"[red]The night of {label} is not closed.[/]")
        return
    console.print()
    _statement(closed, console)
    _balance(f"Balance of the night {label}: source rows", "feed", ROWS.columns, closed, console)
    _balance("Balance of the deliveries", "delivery", DELIVERIES.columns, closed, console)
    for artefact in closed.artefacts:
        # A rehearsal's report is gone with its state.
        if artefact.path.endswith(".html") and (state / artefact.path).is_file():
            console.print(f"The report: [bold]{state / artefact.path}[/]", soft_wrap=True)


def _statement(closed: Receipt, console: Console) -> None:
    """What was due and came, and each feed that is late or was not taken."""
    due = {name: closed.counts.get(f"due:{name}", {}) for name in ("offices", "feeds")}
    told = ", ".join(f"{counts['came']} of {counts['due']} {name}" for name, counts in due.items() if counts)
    console.print(f"Due tonight and come: [bold]{told or 'nothing was due'}[/]", highlight=False)
    for key, counts in closed.counts.items():
        kind, _, feed = key.partition(":")
        if kind == "late":
            state = next(name for name in counts if name != "days")
            late = counts.get("days", 0)
            days = f", {late} expected {'day' if late == 1 else 'days'} late" if late else ""
            console.print(f"[yellow]  {escape(feed)}: {state.replace('_', ' ')}{days}[/]", highlight=False)
    console.print()


def _balance(title: str, kind: str, columns: tuple[str, ...], closed: Receipt, console: Console) -> None:
    """One table; a column in which every count is nothing is left out, to fit a terminal."""
    lines = {name: counts for name, counts in closed.counts.items() if name.startswith(f"{kind}:")}
    if not lines:
        console.print(f"{title}: nothing\n")
        return
    columns = tuple(name for name in columns if any(counts.get(name) for counts in lines.values()))
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(kind, no_wrap=True)
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    for name, counts in lines.items():
        cells = (f"{counts[column]:,}" if counts.get(column) else "·" for column in columns)
        table.add_row(name.partition(":")[2], *cells)
    console.print(table)
    console.print()
