"""A window in the agency's own words, and what of an answer lies in it.

The agency is asked for a little more than the window, whether its bounds count or not; what lies outside of
the window is left for the night that it belongs to. A row without a readable watermark is always in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from connectors import canonical
from connectors.rest_errors import unusable
from jendela.model.ports import FeedSource, Window

FORMS = {
    "utc": "%Y-%m-%dT%H:%M:%SZ",
    "iso": "%Y-%m-%dT%H:%M:%S",
    "text": "%Y-%m-%d %H:%M:%S",
    "date": "%Y-%m-%d",
}
NUMBER = "number"
_SLACK = {"date": timedelta(days=1)}
_SECOND = timedelta(seconds=1)
_DIGITS = 40  # of a watermark that counts; no agency's counter has more

Mark = int | datetime | None


def parameters(source: FeedSource, window: Window) -> list[tuple[str, str]]:
    """The parameters that ask for the window; none for what is unbounded or cannot be asked for."""
    asked: dict[str, Any] = source.options.get("window", {})
    form = asked.get("form", "utc")
    found = []
    for name, bound, way in (("since", window.low, -1), ("until", window.high, 1)):
        if name not in asked or bound is None:
            continue
        mark = read(source, bound)
        if isinstance(mark, int):
            found.append((str(asked[name]), str(mark + way)))
        elif mark is not None and (whole := _beside(mark, way * _SLACK.get(form, _SECOND))):
            found.append((str(asked[name]), whole.strftime(FORMS[form])))
    return found


def within(source: FeedSource, table: pa.Table, window: Window) -> pa.Table:
    """The rows of the table that are in the window, their watermark in the one form that sorts by time."""
    if not source.watermark:
        return table
    marks = [read(source, text) for text in table[source.watermark].to_pylist()]
    low, high = read(source, window.low), read(source, window.high)
    inside = [_between(source, mark, low, high) for mark in marks]
    texts = [
        text if mark is None else write(mark, zone=_zoned(mark, text))
        for mark, text in zip(marks, table[source.watermark].to_pylist(), strict=True)
    ]
    position = table.column_names.index(source.watermark)
    settled = table.set_column(position, source.watermark, pa.array(texts, pa.string()))
    return settled.filter(pa.array(inside, pa.bool_()))


def highest(source: FeedSource, marks: list[Mark]) -> str | None:
    """The greatest of the watermarks as the next window is reckoned from; None where there is none."""
    found = [mark for mark in marks if mark is not None]
    if not found:
        return None
    if len({type(mark) for mark in found}) > 1:
        raise _mixed(source)
    return write(max(found), zone=False)


def read(source: FeedSource, text: str | None) -> Mark:
    """The moment (in UTC where it has a zone) or whole number that a watermark is; None where it is neither.

    Raises:
        UnusableFeedError: it has a zone, and the agency is asked in local time: one of them is wrong.
    """
    if not text:
        return None
    form = source.options.get("window", {}).get("form", "utc")
    if text.removeprefix("-").isdecimal() and form == NUMBER:
        return int(text) if len(text) <= _DIGITS else None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if form == NUMBER:
        raise _mixed(source)
    if found.tzinfo is None:
        return found
    if form in ("iso", "text"):
        raise unusable(
            source.office,
            source.feed,
            f"The watermark {source.watermark} has a time zone, and options.window.form {form} has none.",
            "Set options.window.form to `utc` in the mapping.",
        )
    return canonical.in_utc(found)


def write(mark: int | datetime, *, zone: bool) -> str:
    """The canonical text of a watermark, as `connectors.canonical` has it."""
    if isinstance(mark, int):
        return str(mark)
    text = mark.isoformat(sep=" ")
    return (text.rstrip("0") if mark.microsecond else text) + ("Z" if zone else "")


def _beside(mark: datetime, slack: timedelta) -> datetime | None:
    """The whole second so far before or after; None where the calendar ends, and with it the bound."""
    try:
        return mark.replace(microsecond=0) + slack
    except OverflowError:
        return None


def _zoned(mark: Mark, text: str) -> bool:
    return isinstance(mark, datetime) and datetime.fromisoformat(text).tzinfo is not None


def _between(source: FeedSource, mark: Mark, low: Mark, high: Mark) -> bool:
    if mark is None:
        return True
    try:
        return (low is None or mark >= low) and (high is None or mark < high)  # type: ignore[operator]
    except TypeError:
        raise _mixed(source) from None


def _mixed(source: FeedSource) -> Exception:
    return unusable(
        source.office,
        source.feed,
        f"The watermark {source.watermark} is neither always a number nor always a time.",
        "Set options.window.form to what the watermark is; if it changed, forget the feed's watermark.",
    )
