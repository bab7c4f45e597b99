"""Which watermarks a night asks a feed for: from where the last night stopped to just above the newest."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window

OVERLAP_SECONDS = 7200.0  # a transaction may commit rows older than the newest; two hours is a long one
FORWARD = timedelta(days=2)  # no clock of an agency is two days ahead of the night
FIRST, LAST = datetime.min, datetime.max  # noqa: DTZ901 - watermarks are the agency's own, without a zone
BACK = timedelta(days=1)  # in whatever zone an agency's clock is, the day before the night is over by then


def window(source: FeedSource, last: str | None, highest: str | None) -> Window:
    """The window of a feed without or with a watermark: `[last - overlap, just above highest)`.

    Append feeds begin just above the last id. `options.overlap_seconds` and `options.overlap_ids` say how far
    back a feed is read again. A source whose newest row lies before that was restored or numbered anew: it is
    read whole.

    Raises:
        UnusableFeedError: the newest watermark is no moment; its column is named.
    """
    try:
        return _window(source, last, highest)
    except (ValueError, OverflowError):
        raise UnusableFeedError(
            source.office,
            source.feed,
            f"The newest value of {source.watermark} is no moment that there is.",
            f"Ask the office to correct the row whose {source.watermark} sorts last; the night after that "
            "reads on from where the feed stopped.",
        ) from None


def _window(source: FeedSource, last: str | None, highest: str | None) -> Window:
    if source.watermark is None or highest is None:
        return Window(None, None)
    high = _above(highest)
    if last is None or _whole(last) != _whole(highest):
        return Window(None, high)
    low = _back(source, last)
    if low is None:
        return Window(None, high)
    reset = (
        int(highest) < int(last) if _whole(highest) else _moment(highest) < min(_moment(low), _moment(last))
    )
    return Window(None if reset else low, high)


def committed(highest: str | None, night: date) -> str | None:
    """The watermark the next night starts from.

    A row dated years ahead (9999-12-31: until further notice) must not carry it there: everything until then
    would never be asked for. It says nothing of how far the others are: the window begins anew a day before
    the night, by when all of that day was taken. Such rows are read again every night, and found unchanged.
    """
    if highest is None or _whole(highest):
        return highest
    found = _moment(highest)
    believed = found <= datetime.combine(night + FORWARD, time())
    return _text(found if believed else datetime.combine(night - BACK, time()))


def _back(source: FeedSource, last: str) -> str | None:
    if _whole(last):
        start = int(last) + 1 if source.mode == "append" else int(last)
        return str(start - int(source.options.get("overlap_ids", 0)))
    default = 0.0 if source.mode == "append" else OVERLAP_SECONDS
    back = timedelta(seconds=float(source.options.get("overlap_seconds", default)))
    if source.mode == "append" and not back:
        return _above(last)
    moment = _moment(last)
    return _text(moment - back) if moment - FIRST >= back else None


def _above(highest: str) -> str | None:
    """Just above the newest; nothing is above the last moment of the calendar, and then there is no bound."""
    if _whole(highest):
        return str(int(highest) + 1)
    moment = _moment(highest)
    return _text(moment + timedelta(microseconds=1)) if moment < LAST else None


def _whole(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.rstrip("Z"))


def _text(moment: datetime) -> str:
    text = moment.isoformat(sep=" ")
    return text.rstrip("0") if moment.microsecond else text
