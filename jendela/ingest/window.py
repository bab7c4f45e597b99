"""Which watermarks a night asks a feed for: from where the last night stopped to just above the newest."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from jendela.model.ports import FeedSource, Window

OVERLAP_SECONDS = 7200.0  # a transaction may commit rows older than the newest; two hours is a long one
FORWARD = timedelta(days=2)  # no clock of an agency is two days ahead of the night


def window(source: FeedSource, last: str | None, highest: str | None) -> Window:
    """The window of a feed without or with a watermark: `[last - overlap, just above highest)`.

    Append feeds begin just above the last id. `options.overlap_seconds` and `options.overlap_ids` say how far
    back a feed is read again. A source whose newest row lies before that was restored or numbered anew: it is
    read whole.
    """
    if source.watermark is None or highest is None:
        return Window(None, None)
    high = _above(highest)
    if last is None or _whole(last) != _whole(highest):
        return Window(None, high)
    low = _back(source, last)
    reset = (
        int(highest) < int(last) if _whole(highest) else _moment(highest) < min(_moment(low), _moment(last))
    )
    return Window(None if reset else low, high)


def committed(highest: str | None, night: date) -> str | None:
    """The watermark the next night starts from.

    A row dated years ahead must not carry it there: everything until then would never be asked for. It stops
    two days after the night; such rows are read again every night, and found unchanged.
    """
    if highest is None or _whole(highest):
        return highest
    return _text(min(_moment(highest), datetime.combine(night + FORWARD, time())))


def _back(source: FeedSource, last: str) -> str:
    if _whole(last):
        start = int(last) + 1 if source.mode == "append" else int(last)
        return str(start - int(source.options.get("overlap_ids", 0)))
    default = 0.0 if source.mode == "append" else OVERLAP_SECONDS
    back = timedelta(seconds=float(source.options.get("overlap_seconds", default)))
    if source.mode == "append" and not back:
        return _above(last)
    return _text(_moment(last) - back)


def _above(highest: str) -> str:
    return str(int(highest) + 1) if _whole(highest) else _text(_moment(highest) + timedelta(microseconds=1))


def _whole(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.rstrip("Z"))


def _text(moment: datetime) -> str:
    text = moment.isoformat(sep=" ")
    return text.rstrip("0") if moment.microsecond else text
