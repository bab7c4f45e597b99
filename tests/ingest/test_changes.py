"""Which rows of a batch are news: tables in, outcomes out."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.ingest.changes import classify, halt_reason
from jendela.model.ports import FeedSource

SOURCE = FeedSource("bpjs", "bpjs.kerja", "delta", ("KPJ", "TGL_UBAH"), ("KPJ",), watermark="TGL_UBAH")
SNAPSHOT = FeedSource("dinas_3215", "dinas_3215.phk", "snapshot", ("KPJ", "TGL_UBAH"), ("KPJ",))
KNOWN = {"record_id": pl.String, "row_hash": pl.String, "deleted_seq": pl.Int64}
NOBODY = pl.Series("_record_id", [], pl.String)


def rows(*lines):
    """Rows of (record, content, watermark); the content stands for its hash."""
    schema = dict.fromkeys(("_record_id", "_row_hash", "TGL_UBAH"), pl.String)
    frame = pl.DataFrame(lines, schema, orient="row")
    return frame.with_columns(pl.int_range(1, pl.len() + 1).alias("_row"))


def known(*lines):
    """What the hub knows: (record, content, night it was deleted)."""
    return pl.DataFrame(lines, KNOWN, orient="row")


def outcome(source, batch, *, released=(), knows=(), gone=()):
    """The contents that go on, and the counts that are not zero."""
    result = classify(
        source, rows(*batch), rows(*released), known(*knows), pl.Series("_record_id", list(gone), pl.String)
    )
    return result.changes["_row_hash"].to_list(), {name: n for name, n in result.counts.items() if n}


@pytest.mark.parametrize(
    ("batch", "knows", "goes_on", "counts"),
    [
        pytest.param([("joko", "v1", None)], [], ["v1"], {"received": 1, "changes": 1}, id="new"),
        pytest.param(
            [("joko", "v1", None)],
            [("joko", "v1", None)],
            [],
            {"received": 1, "unchanged": 1},
            id="seen before",
        ),
        pytest.param(
            [("joko", "v2", None)],
            [("joko", "v1", None)],
            ["v2"],
            {"received": 1, "changes": 1},
            id="changed",
        ),
        pytest.param(
            [("joko", "v1", None)], [("joko", "v1", 3)], ["v1"], {"received": 1, "changes": 1}, id="came back"
        ),
        pytest.param(
            [("joko", "v1", None), ("joko", "v1", None)],
            [],
            ["v1"],
            {"received": 2, "changes": 1, "duplicate": 1},
            id="twice the same",
        ),
        pytest.param(
            [("joko", "v2", "2026-03-02 00:00:00"), ("joko", "v1", "2026-03-01 00:00:00")],
            [],
            ["v2"],
            {"received": 2, "changes": 1, "superseded": 1},
            id="the newer watermark wins wherever it stands",
        ),
        pytest.param(
            [("joko", "v1", "9"), ("joko", "v2", "10")],
            [],
            ["v2"],
            {"received": 2, "changes": 1, "superseded": 1},
            id="ten is more than nine",
        ),
        pytest.param(
            [("joko", "v1", None), ("joko", "v2", None), ("joko", "v1", None)],
            [("joko", "v1", None)],
            [],
            {"received": 3, "unchanged": 1, "duplicate": 1, "superseded": 1},
            id="there and back again is no news",
        ),
        pytest.param([], [("joko", "v1", None)], [], {}, id="nothing came"),
    ],
)
def test_one_outcome_for_every_row(batch, knows, goes_on, counts):
    """Each row is new or changed, or superseded, a duplicate, unchanged: the first that applies."""
    assert outcome(SOURCE, batch, knows=knows) == (goes_on, counts)


def test_without_a_watermark_the_later_row_wins():
    """A snapshot has two lines of one letter: the second is what the office says last."""
    assert outcome(SNAPSHOT, [("joko", "v1", "2"), ("joko", "v2", "1")])[0] == ["v2"]


def test_the_first_of_equal_rows_is_kept():
    """So that its line number is the one a person finds first."""
    result = classify(
        SNAPSHOT, rows(("a", "x", None), ("b", "y", None), ("a", "x", None)), rows(), known(), NOBODY
    )
    assert result.changes["_row"].to_list() == [1, 2]


@pytest.mark.parametrize(
    ("batch", "gone", "goes_on", "counts"),
    [
        pytest.param([], [], ["held"], {"released": 1, "changes": 1}, id="judged again"),
        pytest.param(
            [("joko", "held", None)],
            [],
            ["held"],
            {"received": 1, "released": 1, "changes": 1, "unchanged": 1},
            id="pulled again as it was",
        ),
        pytest.param(
            [("joko", "new", None)],
            [],
            ["new"],
            {"received": 1, "released": 1, "changes": 1, "superseded": 1},
            id="corrected at the source meanwhile",
        ),
        pytest.param(
            [], ["joko"], [], {"released": 1, "superseded": 1}, id="deleted at the source meanwhile"
        ),
    ],
)
def test_a_released_row_goes_on_unless_the_agency_said_more(batch, gone, goes_on, counts):
    """A person released Joko's row: it is judged again, but an older version never overwrites a newer one."""
    released = [("joko", "held", None)]
    knows = [("joko", "held", None)]
    assert outcome(SOURCE, batch, released=released, knows=knows, gone=gone) == (goes_on, counts)


def test_a_row_released_twice_goes_on_once():
    """Two held versions of one record, both released: the latest held one is judged."""
    assert outcome(SOURCE, [], released=[("joko", "v2", None), ("joko", "v1", None)]) == (
        ["v2"],
        {"released": 2, "changes": 1, "duplicate": 1},
    )


@pytest.mark.parametrize(
    ("before", "now", "limit", "reason"),
    [
        (None, 0, 0.2, None),
        (0, 0, 0.2, None),
        (100, 80, 0.2, None),
        (100, 79, 0.2, "It shrank from 100 rows to 79, by more than 20%."),
        (3, 2, 0.2, None),
        (3, 1, 0.2, "It shrank from 3 rows to 1, by more than 20%."),
        (1, 0, 0.2, "It is empty, and had 1 rows the night before."),
        (100, 0, 1.0, None),
        (100, 500, 0.2, None),
    ],
)
def test_a_source_that_lost_too_much_is_not_believed(before, now, limit, reason):
    """A table emptied by mistake must not delete its people here; one row less always may be right."""
    assert halt_reason(before, now, limit) == reason


BATCH = st.lists(
    st.tuples(
        st.sampled_from(["joko", "sri", "budi"]),
        st.sampled_from(["v1", "v2", "v3"]),
        st.sampled_from([None, "1", "2", "10"]),
    ),
    max_size=9,
)


@settings(deadline=None)
@given(BATCH, BATCH, st.dictionaries(st.sampled_from(["joko", "sri"]), st.sampled_from(["v1", "v2"])))
def test_nothing_is_lost_and_nothing_counted_twice(batch, released, knows):
    """Received and released are the outcomes, a record goes on at most once, a second pass is quiet."""
    result = classify(
        SOURCE, rows(*batch), rows(*released), known(*((r, h, None) for r, h in knows.items())), NOBODY
    )
    counts = result.counts
    assert counts["received"] + counts["released"] == sum(
        counts[name] for name in ("changes", "unchanged", "duplicate", "superseded")
    )
    went_on = result.changes["_record_id"].to_list()
    assert len(set(went_on)) == len(went_on) == counts["changes"]
    now = {**knows, **dict(result.changes.select("_record_id", "_row_hash").iter_rows())}
    again = classify(SOURCE, rows(*batch), rows(), known(*((r, h, None) for r, h in now.items())), NOBODY)
    came_from_batch = result.changes.filter(~pl.col("_released"))["_record_id"].to_list()
    assert not set(again.changes["_record_id"]) & set(came_from_batch)
