"""Which watermarks are asked for, night after night."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jendela.ingest.window import committed, window
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window

NIGHT = date(2026, 3, 2)
LAST, NEWEST = "2026-03-01 22:00:00", "2026-03-02 00:59:59"


def feed(mode="delta", **options):
    """A feed with a watermark."""
    return FeedSource("bpjs", "bpjs.kerja", mode, ("W",), ("W",), watermark="W", options=options)


@pytest.mark.parametrize(
    ("source", "last", "highest", "asked"),
    [
        pytest.param(
            feed(), None, NEWEST, (None, "2026-03-02 00:59:59.000001"), id="the first night, everything"
        ),
        pytest.param(
            feed(), LAST, NEWEST, ("2026-03-01 20:00:00", "2026-03-02 00:59:59.000001"), id="two hours twice"
        ),
        pytest.param(
            feed(overlap_seconds=60),
            LAST,
            NEWEST,
            ("2026-03-01 21:59:00", "2026-03-02 00:59:59.000001"),
            id="its own overlap",
        ),
        pytest.param(feed("append"), "41", "57", ("42", "58"), id="appended after the last id"),
        pytest.param(feed("append", overlap_ids=10), "41", "57", ("32", "58"), id="ids given out early"),
        pytest.param(
            feed("append"),
            LAST,
            NEWEST,
            ("2026-03-01 22:00:00.000001", "2026-03-02 00:59:59.000001"),
            id="appended after the last moment",
        ),
        pytest.param(feed("append"), "41", "41", ("42", "42"), id="nothing new"),
        pytest.param(
            feed(),
            "2026-03-01",
            "2026-03-02",
            ("2026-02-28 22:00:00", "2026-03-02 00:00:00.000001"),
            id="days",
        ),
        pytest.param(feed("append"), "41", "3", (None, "4"), id="numbered anew"),
        pytest.param(
            feed(), LAST, "2026-02-01 00:00:00", (None, "2026-02-01 00:00:00.000001"), id="restored"
        ),
        pytest.param(feed(), LAST, "57", (None, "58"), id="another type now"),
        pytest.param(feed(), LAST, None, (None, None), id="empty"),
        pytest.param(
            feed(),
            LAST,
            "9999-12-31 23:59:59.999999",
            ("2026-03-01 20:00:00", None),
            id="until further notice",
        ),
        pytest.param(
            feed(), "0001-01-01 00:00:00", NEWEST, (None, "2026-03-02 00:59:59.000001"), id="since ever"
        ),
    ],
)
def test_the_window_of_a_night(source, last, highest, asked):
    """From where the last night stopped, some of it again, to just above the newest row."""
    assert window(source, last, highest) == Window(*asked)


@pytest.mark.parametrize(
    ("highest", "kept"),
    [
        (NEWEST, NEWEST),
        ("2026-03-02 00:59:59.250000", "2026-03-02 00:59:59.25"),
        ("2026-03-04 00:00:00", "2026-03-04 00:00:00"),
        ("9999-12-31 00:00:00", "2026-03-01 00:00:00"),
        ("9999-12-31 23:59:59.999999", "2026-03-01 00:00:00"),
        ("57", "57"),
        (None, None),
    ],
)
def test_a_row_dated_years_ahead_does_not_carry_the_watermark_there(highest, kept):
    """Someone typed 9999 for "until further notice": the next nights must still ask for tomorrow's rows."""
    assert committed(highest, NIGHT) == kept


@pytest.mark.parametrize("wrong", ["2026-31-12 10:00:00", "segera", "", "10000-01-01", "²"])
def test_a_newest_value_that_is_no_moment_is_named_by_its_column(wrong):
    """Day and month were exchanged: the feed is missing tonight, the remedy says what the office corrects."""
    for last in (None, LAST):
        with pytest.raises(UnusableFeedError) as told:
            window(feed(), last, wrong)
        assert "newest value of W" in told.value.reason
        assert "whose W sorts last" in told.value.remedy


def test_beside_a_row_without_end_every_change_is_asked_for():
    """9999-12-31 sorts last every night; what changes at any hour of the days after is in some window."""
    end, last = "9999-12-31 23:59:59.999999", NEWEST
    stamps = [datetime.combine(NIGHT, time(1)) + timedelta(hours=step) for step in range(24 * 5)]
    seen = set()
    for day in range(8):
        night = NIGHT + timedelta(days=day)
        begins = datetime.combine(night, time(1))
        asked = window(feed(), last, end)
        assert asked.high is None
        seen |= {stamp for stamp in stamps if asked.low <= stamp.isoformat(sep=" ") and stamp < begins}
        last = committed(end, night)
    assert seen == set(stamps)


MOMENTS = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-03-01"))


@given(st.lists(MOMENTS, min_size=1, max_size=12), st.timedeltas(timedelta(0), timedelta(hours=2)))
def test_every_row_is_in_some_window(stamps, late):
    """Rows appear up to two hours after their own time stamp, one a night: each is asked for by then."""
    table, last, seen = [], None, set()
    for stamp in sorted(stamps):
        table.append(stamp)  # stamped now, committed `late`: after the windows of nights before it
        highest = max(table)
        asked = window(feed(), last, highest.isoformat(sep=" "))
        seen |= {row for row in table if _within(row, asked)}
        last = committed(highest.isoformat(sep=" "), date(2026, 3, 2))
        table.append(stamp - late)
    asked = window(feed(), last, max(table).isoformat(sep=" "))
    seen |= {row for row in table if _within(row, asked)}
    assert seen == set(table)


def _within(row, asked):
    low = datetime.min if asked.low is None else datetime.fromisoformat(asked.low)  # noqa: DTZ901
    return low <= row < datetime.fromisoformat(asked.high)
