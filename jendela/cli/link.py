"""`jendela link` and `jendela dedupe`: who is who in any Parquet or CSV, without a hub."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from rich.status import Status

    from jendela.identity.policy import Policy

# Ages are judged on a day that does not move, so that the same files give the same links on any day.
AS_OF = "2026-12-31"
_file = click.Path(path_type=Path, dir_okay=False)


class Stages:
    """The stage that runs, shown to a person who waits, and how long each took."""

    def __init__(self, *, quiet: bool) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = time.perf_counter()
        self._now = ""
        self._status = None if quiet else _status()

    def begin(self, name: str) -> None:
        """`name` begins, and what ran before is over."""
        now = time.perf_counter()
        if self._now:
            self.seconds[self._now] = round(now - self._begun, 3)
        self._now, self._begun = name, now
        if self._status:
            self._status.update(f"{name} …")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.begin("")
        if self._status:
            self._status.stop()


def _status() -> Status | None:
    """A line that can be written anew, where a person reads along."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        return None
    status = console.status("")
    status.start()
    return status


def _options(command: Any) -> Any:
    for option in (
        click.option("--out", required=True, type=_file, help="Where the links go (.parquet or .csv)."),
        click.option("--clusters", type=_file, help="Where the persons go: record_id, source, person_id."),
        click.option("--model", help="A model written by `jendela identity train`."),
        click.option(
            "--as-of",
            type=click.DateTime(["%Y-%m-%d"]),
            default=AS_OF,
            show_default=True,
            help="The day on which ages are judged.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Counts and seconds as JSON."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("left", type=_file)
@click.argument("right", type=_file)
@_options
def link(left: Path, right: Path, **options: Any) -> None:
    """Link the records of LEFT with those of RIGHT."""
    _run((left, right), **options)


@click.command()
@click.argument("file", type=_file)
@_options
def dedupe(file: Path, **options: Any) -> None:
    """Find the records of FILE that are one person."""
    _run((file,), **options)


def _run(
    paths: tuple[Path, ...],
    out: Path,
    clusters: Path | None,
    model: str | None,
    as_of: datetime,
    *,
    as_json: bool,
) -> None:
    from jendela.identity import files
    from jendela.identity.resolve import APART, LINK, REVIEW, resolve
    from jendela.identity.standard.frame import standardise

    for path in (out, clusters):
        if path:
            files.check_writable(path)
    with Stages(quiet=as_json) as stages, ThreadPoolExecutor(1) as beside:
        stages.begin("read")
        reading = beside.submit(files.read_mentions, *paths)
        policy = _policy(model)
        mentions = reading.result()
        beside.submit(_import_what_judges)
        stages.begin("standardise")
        standard = standardise(mentions, as_of.date())
        found = resolve(standard, policy, stages.begin)
        stages.begin("write")
        if clusters:
            persons = beside.submit(lambda: files.write(files.clusters(found, mentions), clusters))
        written = files.links(found, mentions)
        files.write(written, out)
        if clusters:
            persons.result()
    zones = dict(written["zone"].value_counts().iter_rows())
    counts = {"records": mentions.height, "compared": found.pairs.height, "met": found.found.met}
    counts |= {zone: zones.get(zone, 0) for zone in (LINK, REVIEW, APART)}
    if as_json:
        click.echo(json.dumps(counts | {"tamed": found.found.tamed, "stages": stages.seconds}))
        return
    click.echo("  ".join(f"{name} {number:,}" for name, number in counts.items()))
    if found.found.tamed:
        click.echo(
            "keys too common to compare by: "
            + ", ".join(f"{kind} {blocks:,}" for kind, blocks in sorted(found.found.tamed.items()))
        )


def _policy(model: str | None) -> Policy:
    # What reads it takes longer to import than the files to read.
    from jendela.identity.policy import load_policy

    policy = load_policy()
    return policy.model_copy(update={"model": model}) if model else policy


def _import_what_judges() -> None:
    """A second's work, done while the files are read and standardised, which is hardly Python's."""
    for name in ("scipy.sparse.csgraph", "splink"):
        import_module(name)
