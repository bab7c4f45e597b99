"""Business order: whatever the order in which an office's files arrive, the newest state is what counts."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jendela.ingest.business import day_of, in_order
from jendela.ingest.changes import classify
from jendela.model.ports import FeedSource
from tests.ingest.nights import counts, drop, pulled

SURAT = FeedSource("dinas", "dinas.surat", "drop", ("NO", "NAMA"), ("NO",), path="*.csv")
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
    ordered = in_order(SURAT, rows, known, None)
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
