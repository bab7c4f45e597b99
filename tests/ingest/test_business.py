"""Business order: whatever the order in which an office's files arrive, the newest state is what counts."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jendela.ingest import halted
from jendela.ingest.business import ahead_halt, day_of, in_order
from jendela.ingest.changes import classify
from jendela.model.ports import FeedSource
from jendela.store import tables
from tests.ingest.nights import counts, drop, pulled

SURAT = FeedSource("dinas", "dinas.surat", "drop", ("NO", "NAMA"), ("NO",), path="*.csv")
LAST = "2026-03-12"  # the last day that these nights believe
EMPTY = pl.DataFrame(
    schema={"record_id": pl.String, "row_hash": pl.String, "deleted_seq": pl.Int64, "as_of": pl.String}
)


def night(known, files):
    """What the hub knows after a batch of dated files: `{name: [(number, text), …]}`."""
    rows = pl.DataFrame(
        [
            (name, number, text, position)
            for name, lines in files.items()
            for position, (number, text) in enumerate(lines, 1)
        ],
        schema={"_name": pl.String, "NO": pl.String, "NAMA": pl.String, "_row": pl.Int64},
        orient="row",
    )
    rows = rows.with_columns(_record_id=pl.col("NO"), _row_hash=pl.col("NAMA"))
    ordered = in_order(SURAT, rows, known, None, LAST)
    back = rows.clear().with_columns(_as_of=pl.lit(None, pl.String))
    sorted_out = classify(SURAT, ordered.rows, back, known, pl.Series("_record_id", [], pl.String))
    told = sum(sorted_out.counts[name] for name in ("changes", "unchanged", "duplicate", "superseded"))
    assert told + ordered.overtaken == rows.height
    news = sorted_out.changes.select(
        record_id="_record_id", row_hash="_row_hash", deleted_seq=pl.lit(None, pl.Int64), as_of="_as_of"
    )
    assert news["record_id"].is_unique().all()
    kept = known.join(news, on="record_id", how="anti")
    kept = kept.join(ordered.confirmed, on="record_id", how="left").with_columns(
        as_of=pl.coalesce("as_of_right", "as_of")
    )
    return pl.concat([kept.select(EMPTY.columns), news])


def register(known):
    """What each record says."""
    return dict(known.select("record_id", "row_hash").iter_rows())


days = st.integers(1, 9)
lines = st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(["x", "y", "z"]), max_size=4)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(by_day=st.dictionaries(days, lines, min_size=1, max_size=6), data=st.data())
def test_any_order_and_grouping_gives_the_register_of_business_order(by_day, data):
    """One file a day: night after night in order, or shuffled and several a night: the same register."""
    files = {f"surat_2026030{day}.csv": list(said.items()) for day, said in sorted(by_day.items())}
    in_turn = EMPTY
    for name, said in files.items():
        in_turn = night(in_turn, {name: said})
    left, shuffled = data.draw(st.permutations(list(files))), EMPTY
    while left:
        many = data.draw(st.integers(1, len(left)))
        batch, left = left[:many], left[many:]
        shuffled = night(shuffled, {name: files[name] for name in batch})
    assert register(shuffled) == register(in_turn)


def test_the_day_in_a_name():
    """As offices write it; a number that is no day is none."""
    assert day_of("laporan_20260901.csv") == "2026-09-01"
    assert day_of("laporan-2026-09-01-a.csv") == "2026-09-01"
    assert day_of("surat_12026090133.xml") is None
    assert day_of("20261301.csv") is None
    assert day_of("laporan_20260931.csv") is None
    assert day_of("laporan_20270229_20270228.csv") == "2027-02-28"
    assert day_of(None) is None


@pytest.fixture
def series(office):
    """An office that exports its whole list every day, each day into a file of its own."""
    office.agree(
        "laporan", "snapshot", ("KPJ", "NAMA"), ["KPJ"], path="laporan_*.csv", transport="files",
        options={"delimiter": ";", "take": "all", "dated": True},
    )  # fmt: skip
    return office


def test_an_office_away_for_three_days_is_caught_up_day_by_day(series):
    """Three lists wait: each supplement takes the oldest, so every state of Joko is known in its turn."""
    drop(series, "laporan_20260301.csv", "1;Joko", "2;Sri")
    pulled(series, "laporan")
    drop(series, "laporan_20260302.csv", "1;Joko S", "2;Sri")
    drop(series, "laporan_20260303.csv", "1;Joko Susilo", "2;Sri", "3;Budi")
    drop(series, "laporan_20260304.csv", "1;Joko Susilo", "3;Budi")
    names, later = [], []
    for supplement in (1, 2, 3):
        receipt = pulled(series, "laporan", supplement=supplement)
        names.append(series.changes("laporan")["NAMA"].to_list())
        later.append(receipt.counts["bpjs.laporan"]["later"])
    assert names == [["Joko S"], ["Joko Susilo", "Budi"], []]
    assert later == [2, 1, 0]
    assert len(series.deleted("laporan")) == 1


def test_a_night_takes_the_newest_of_the_days_that_wait(series):
    """The others are counted as superseded: every row is accounted for, and the last state is right."""
    drop(series, "laporan_20260301.csv", "1;Joko", "2;Sri")
    drop(series, "laporan_20260302.csv", "1;Joko Susilo")
    assert counts(pulled(series, "laporan"), "laporan") == {"received": 3, "changes": 1, "superseded": 2}
    assert series.changes("laporan")["NAMA"].to_list() == ["Joko Susilo"]


def test_an_older_list_that_comes_late_takes_nothing_back(series):
    """The list of the third is known; the second's, found in a drawer, changes and deletes nothing."""
    drop(series, "laporan_20260303.csv", "1;Joko Susilo", "3;Budi")
    pulled(series, "laporan")
    (series.folder / "laporan_20260303.csv").unlink()
    drop(series, "laporan_20260302.csv", "1;Joko", "2;Sri")
    assert counts(pulled(series, "laporan"), "laporan") == {"received": 2, "superseded": 2}
    assert series.deleted("laporan") == []
    drop(series, "laporan_20260304.csv", "1;Joko Susilo", "3;Budi", "4;Ani")
    assert counts(pulled(series, "laporan"), "laporan") == {
        "received": 5, "superseded": 2, "unchanged": 2, "changes": 1,
    }  # fmt: skip


def test_the_same_list_under_another_name_is_a_repeated_file(office):
    """It says nothing new: its rows are duplicates by file, nothing is compared, nothing deleted."""
    office.agree(
        "laporan", "snapshot", ("KPJ", "NAMA"), ["KPJ"], path="laporan*.csv", transport="files",
        options={"delimiter": ";", "take": "last"},
    )  # fmt: skip
    drop(office, "laporan_a.csv", "1;Joko", "2;Sri")
    pulled(office, "laporan")
    (office.folder / "laporan_a.csv").rename(office.folder / "laporan_b.csv")
    receipt = pulled(office, "laporan")
    assert counts(receipt, "laporan") == {
        "received": 2, "duplicate": 2, "repeated": 2, "repeated_files": 1,
    }  # fmt: skip
    assert office.deleted("laporan") == []


@pytest.fixture
def newest(office):
    """An office whose last file by name is its whole list."""
    office.agree(
        "laporan", "snapshot", ("KPJ", "NAMA"), ["KPJ"], path="laporan_*.csv", transport="files",
        options={"delimiter": ";", "take": "last"},
    )  # fmt: skip
    return office


def taken(office):
    """The newest day that was taken of the feed."""
    return office.rows(tables.feed_state)[0]["as_of"]


def test_a_mistyped_year_halts_its_list_and_silences_nobody(newest):
    """2030 for 2026: it waits for a person, named with its day; named rightly it is taken the next night."""
    drop(newest, "laporan_20260301.csv", "1;Joko", "2;Sri")
    pulled(newest, "laporan")
    drop(newest, "laporan_20300302.csv", "1;Joko S", "2;Sri")
    assert counts(pulled(newest, "laporan"), "laporan") == {"received": 2, "halted": 2}
    (one,) = halted.listed(newest.hub)
    assert one.guard == "ahead"
    assert one.reason == (
        "The file laporan_20300302.csv says that it is of 2030-03-02, which lies ahead of the night by more "
        "than 2 days."
    )
    (newest.folder / "laporan_20300302.csv").rename(newest.folder / "laporan_20260302.csv")
    assert counts(pulled(newest, "laporan"), "laporan") == {"received": 2, "changes": 1, "unchanged": 1}
    assert taken(newest) == "2026-03-02"
    assert halted.listed(newest.hub) == []


def test_a_released_list_of_2030_leaves_the_day_of_its_feed_as_it_was(newest):
    """The office cannot wait: it is taken as it landed, and the list of tomorrow counts after it."""
    drop(newest, "laporan_20260301.csv", "1;Joko", "2;Sri")
    pulled(newest, "laporan")
    drop(newest, "laporan_20300302.csv", "1;Joko S", "2;Sri")
    pulled(newest, "laporan")
    halted.decide(newest.hub, "bpjs.laporan", "released", "Ratna", "isinya benar, namanya keliru")
    assert counts(pulled(newest, "laporan"), "laporan") == {
        "released": 2, "changes": 1, "unchanged": 1, "later": 1,
    }  # fmt: skip
    assert taken(newest) == "2026-03-01"
    (newest.folder / "laporan_20300302.csv").unlink()
    drop(newest, "laporan_20260304.csv", "1;Joko Susilo", "2;Sri")
    assert counts(pulled(newest, "laporan"), "laporan") == {"received": 2, "changes": 1, "unchanged": 1}
    assert taken(newest) == "2026-03-04"


def test_of_a_released_series_the_list_of_2030_counts(series):
    """All lists of the folder landed with it; it is the one that the person meant."""
    drop(series, "laporan_20260301.csv", "1;Joko", "2;Sri")
    pulled(series, "laporan")
    drop(series, "laporan_20300302.csv", "1;Joko Susilo", "2;Sri")
    assert counts(pulled(series, "laporan"), "laporan") == {"received": 4, "halted": 4}
    halted.decide(series.hub, "bpjs.laporan", "released", "Ratna", "isinya benar, namanya keliru")
    assert counts(pulled(series, "laporan"), "laporan") == {
        "released": 4, "changes": 1, "unchanged": 1, "superseded": 2, "later": 1,
    }  # fmt: skip
    assert taken(series) == "2026-03-01"


def test_a_feed_that_was_silenced_by_2030_is_heard_again(newest):
    """An earlier version took such a day as it stood; now it shuts nothing out."""
    drop(newest, "laporan_20260301.csv", "1;Joko")
    pulled(newest, "laporan")
    with newest.hub.begin() as conn:
        conn.execute(tables.feed_state.update().values(as_of="2030-09-01"))
    drop(newest, "laporan_20260302.csv", "1;Joko Susilo")
    assert counts(pulled(newest, "laporan"), "laporan") == {"received": 1, "changes": 1}
    assert taken(newest) == "2026-03-02"


@pytest.mark.parametrize("before", ["", "1;Joko"], ids=["new", "known"])
def test_a_letter_of_2030_does_not_shut_out_its_correction(before):
    """It is taken, with whatever else came, and the correction of this week counts after it."""
    known = EMPTY
    if before:
        known = night(known, {"surat_20260301.csv": [("1", "Joko")]})
    known = night(known, {"surat_20300302.csv": [("1", "Joko S")], "surat_20260302.csv": [("2", "Sri")]})
    assert register(known) == {"1": "Joko S", "2": "Sri"}
    known = night(known, {"surat_20260303.csv": [("1", "Joko Susilo")]})
    assert register(known) == {"1": "Joko Susilo", "2": "Sri"}


def test_a_letter_known_as_of_2030_takes_its_correction_too():
    """The day was kept by an earlier version: it orders nothing any more."""
    known = night(EMPTY, {"surat_20260301.csv": [("1", "Joko")]}).with_columns(as_of=pl.lit("2030-09-01"))
    assert register(night(known, {"surat_20260303.csv": [("1", "Joko Susilo")]})) == {"1": "Joko Susilo"}


def test_a_reason_names_no_person():
    """An office that puts the worker into the file's name is told its day and what was agreed of it."""
    names = ("keluar/laporan_SITI_AMINAH_20300901_3215.csv",)
    source = FeedSource("dinas", "dinas.l", "snapshot", ("NO",), ("NO",), path="keluar/laporan_*.csv")
    rows = pl.DataFrame({"_name": names, "_record_id": ["1"], "_row_hash": ["x"]})
    guard, reason = ahead_halt(source, in_order(source, rows, EMPTY, None, LAST))
    assert guard == "ahead"
    assert "laporan_…20300901….csv says" in reason


def test_days_are_read_as_agreed():
    """A list of 30-09 that comes after one of 01-10 is older; without an agreement nobody would know."""
    options = {"take": "last", "named": "{DD}-{MM}-{YYYY}"}
    source = FeedSource("dinas", "dinas.l", "snapshot", ("NO",), ("NO",), path="l *.csv", options=options)

    def read(name, last="2026-12-31"):
        rows = pl.DataFrame({"_name": [name], "_record_id": ["1"], "_row_hash": ["x"]})
        return in_order(source, rows, EMPTY, "2026-10-01", last)

    assert (read("l 30-09-2026.csv").stale, read("l 30-09-2026.csv").as_of) == (True, "2026-09-30")
    assert (read("l 02-10-2026.csv").stale, read("l 02-10-2026.csv").as_of) == (False, "2026-10-02")
    _, reason = ahead_halt(source, read("l 02-10-2027.csv"))
    assert "l 02-10-2027.csv says that it is of 2027-10-02" in reason
