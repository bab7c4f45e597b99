"""`jendela source preview`: what would be accepted of an office and what held, and nothing is kept."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from jendela.cli.options import night_option
from jendela.cli.source_office import agreements_of, connect, office_of, office_options
from jendela.cli.wording import lang_option
from jendela.contracts.messages import Messages, load_messages
from jendela.model.errors import FeedError, WrongUseError
from jendela.onboard.preview import Broken, Preview, sampled
from jendela.onboard.preview import preview as judged
from jendela.onboard.wording import Wording


@click.command()
@office_options
@click.argument("office")
@click.option("--feed", help="Only this feed.")
@click.option(
    "--rows", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="Rows judged per feed."
)
@night_option("Judge as this night would; without it, as today.")
@lang_option
@click.option("--json", "as_json", is_flag=True, help="As JSON: one object per feed.")
def preview(
    config: Path | None,
    further: tuple[Path, ...],
    office: str,
    feed: str | None,
    rows: int,
    day: date | None,
    lang: str,
    as_json: bool,
) -> int:
    """Pull a sample of OFFICE, map and judge it. 0: all accepted, 1: rows held, 2, 3 as check."""
    agreements = agreements_of(config, further, office)
    known = office_of(agreements, office)
    chosen = [item for item in known.feeds.values() if feed in (None, item.name, item.name.split(".")[1])]
    if not chosen:
        raise WrongUseError(f"{office} has no feed {feed!r}; it has {', '.join(known.feeds)}.")
    night = day or datetime.now(ZoneInfo(known.zone)).date()
    connector = connect(known)
    messages = load_messages(agreements.folder)
    words = Wording(messages, lang)
    code = 0
    plain: list[dict[str, object]] = []
    for item in chosen:
        try:
            found = judged(
                sampled(connector, item, rows), item, agreements.contracts, agreements.codes, night
            )
        except FeedError as error:
            code = max(code, error.exit_code if error.retriable else 2)
            plain.append({"feed": item.name, "error": {"reason": error.reason, "remedy": error.remedy}})
            if not as_json:
                click.echo(f"no  {item.name}: {error.reason} What to do: {error.remedy}")
            continue
        code = max(code, 1 if found.held or not found.rows else 0)
        plain.append(_plain(found, messages, words))
        if not as_json:
            _say(found, messages, words)
    if as_json:
        click.echo(json.dumps(plain, ensure_ascii=False))
    return code


def _say(found: Preview, messages: Messages, words: Wording) -> None:
    counts = {"rows": found.rows, "accepted": found.accepted, "held": found.held, "twice": found.duplicates}
    click.echo(f"{found.feed}: {words.text('preview.counts', **counts)}")
    for entity, shown in found.shown.items():
        for row in shown:
            click.echo(f"    {entity}: " + "  ".join(f"{name}={value}" for name, value in row.items()))
    for item in found.broken:
        rule = getattr(messages.rule(item.rule), words.lang)
        place = f"{item.entity}.{item.field}" + (f" ({item.column})" if item.column else "")
        outcome = words.text(f"preview.{item.outcome}")
        click.echo(f"  {item.rows:>7}  {outcome}  {item.rule}  {place}: {rule}")
        if mend := _mend(item, messages, words):
            click.echo(f"           → {mend}")


def _mend(item: Broken, messages: Messages, words: Wording) -> str:
    """What to do about a rule: its own advice, or that of its family."""
    for key in (item.rule, item.rule.partition("-")[0]):
        if (text := messages.texts.get(f"onboard.mend.{key}")) is not None:
            column, feed = item.column or item.field or "?", item.field or "?"
            return str(getattr(text, words.lang).format(column=column, field=feed))
    return ""


def _plain(found: Preview, messages: Messages, words: Wording) -> dict[str, object]:
    return {
        "feed": found.feed,
        "rows": found.rows,
        "accepted": found.accepted,
        "held": found.held,
        "duplicates": found.duplicates,
        "rules": [
            {
                "rule": item.rule, "entity": item.entity, "field": item.field, "column": item.column,
                "outcome": item.outcome, "rows": item.rows, "mend": _mend(item, messages, words),
            }
            for item in found.broken
        ],
        "shown": {entity: list(shown) for entity, shown in found.shown.items()},
    }  # fmt: skip
