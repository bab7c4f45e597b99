"""`jendela source check`: does an office still look as agreed?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from jendela.cli.source_office import agreements_of, connect, office_of, office_options, url_of_office
from jendela.cli.wording import lang_option
from jendela.contracts.agreements import Agreements
from jendela.contracts.dictionary import load_dictionary
from jendela.contracts.mapping import Feed
from jendela.contracts.messages import load_messages
from jendela.model.describing import SourceTable
from jendela.model.errors import FeedError
from jendela.model.ports import Connector, Stating
from jendela.onboard.compare import Difference, against_sample, against_source
from jendela.onboard.preview import sampled
from jendela.onboard.read import describer, describes
from jendela.onboard.wording import Wording

DROP = "drop"


@click.command()
@office_options
@click.argument("office")
@click.option(
    "--rows", type=click.IntRange(1, 100_000), default=2000, show_default=True, help="Rows looked at."
)
@lang_option
@click.option("--json", "as_json", is_flag=True, help="As JSON: one object per feed.")
def check(
    config: Path | None, further: tuple[Path, ...], office: str, rows: int, lang: str, as_json: bool
) -> int:
    """Compare each feed of OFFICE with its agreement. 3: unreachable, 2: not as agreed, 1: look."""
    agreements = agreements_of(config, further, office)
    known = office_of(agreements, office)
    words = Wording(load_messages(agreements.folder), lang)
    connector = connect(known)
    tables: list[SourceTable] = []
    if describes(known.transport):
        try:
            tables = describer(known.transport, office, url_of_office(known)).tables()
        except FeedError:
            tables = []  # each feed says below what is the matter
    found = [_feed(agreements, connector, feed, tables, rows) for feed in known.feeds.values()]
    stated = {item[0].name: _stated(connector, *item[:2]) for item in found}
    if as_json:
        plain = [{**_plain(*item), "files": stated[item[0].name]} for item in found]
        click.echo(json.dumps(plain, ensure_ascii=False))
    else:
        for feed, error, differences, seen in found:
            _say(words, feed, error, differences, seen)
            for file in stated[feed.name]:
                click.echo(f"      {file['name']}: {_dialect(file)}")
    return max((_code(error, differences) for _, error, differences, _ in found), default=0)


Found = tuple[Feed, FeedError | None, list[Difference], int]


def _feed(
    agreements: Agreements, connector: Connector, feed: Feed, tables: list[SourceTable], rows: int
) -> Found:
    place = agreements.places[feed.office]
    dictionary = load_dictionary(place / "dictionary.csv", place.parents[1])
    differences = list(against_source(feed, dictionary, tables))
    try:
        connector.check(feed.source)
        if feed.source.mode == DROP:
            return feed, None, differences, 0
        sample = sampled(connector, feed, rows)
    except FeedError as error:
        return feed, error, differences, 0
    return feed, None, [*differences, *against_sample(sample, feed, agreements.contracts)], sample.height


def _stated(connector: Connector, feed: Feed, error: FeedError | None) -> list[dict[str, Any]]:
    """What the feed's files say of themselves: the dialect that was found, the rows that were left out."""
    if error is not None or feed.source.mode == DROP or not isinstance(connector, Stating):
        return []
    return connector.stated(feed.source)


def _dialect(file: Mapping[str, Any]) -> str:
    dialect = dict(file.get("dialect", {}))
    found = set(dialect.pop("detected", ()))
    parts = [f"{key} {value}{' (found)' if key in found else ''}" for key, value in dialect.items()]
    parts += [f"{one['count']} left out: {one['reason']}" for one in file.get("skipped", ())]
    if hidden := file.get("hidden"):
        parts.append(f"{hidden['rows']} hidden rows, hidden columns {', '.join(hidden['columns']) or 'none'}")
    if merged := file.get("merged"):
        rows = ", ".join(map(str, merged["rows"]))
        parts.append(
            f"{merged['cells']} cells merged over several rows, whose value only the first has: {rows}"
        )
    return ", ".join(parts)


def _code(error: FeedError | None, differences: list[Difference]) -> int:
    if error is not None:
        return error.exit_code if error.retriable else 2
    return max((difference.exit_code for difference in differences), default=0)


def _say(
    words: Wording, feed: Feed, error: FeedError | None, differences: list[Difference], seen: int
) -> None:
    if error is not None:
        click.echo(f"no  {feed.name}: {error.reason} What to do: {error.remedy}")
    else:
        worst = _code(None, differences)
        looked = "" if feed.source.mode == DROP else f"  ({words.text('check.rows', rows=seen)})"
        click.echo(f"{('ok', 'see', 'no')[worst]:<3} {feed.name}{looked}")
    for item in differences:
        click.echo(f"      {words.text(f'check.{item.kind}', column=item.column, detail=item.detail)}")


def _plain(
    feed: Feed, error: FeedError | None, differences: list[Difference], seen: int
) -> dict[str, object]:
    return {
        "feed": feed.name,
        "as_agreed": error is None and not differences,
        "rows_seen": seen,
        "error": None
        if error is None
        else {"reason": error.reason, "remedy": error.remedy, "retriable": error.retriable},
        "differences": [
            {"kind": item.kind, "column": item.column, "detail": item.detail} for item in differences
        ],
    }
