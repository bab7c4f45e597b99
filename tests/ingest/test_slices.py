"""A feed told apart slice by slice: the same outcomes as if all of it were looked at together."""

from __future__ import annotations

import itertools
from datetime import date

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jendela.contracts.transforms import TRANSFORMS
from jendela.crypto import Keyring, keyed_hash
from jendela.ingest import landing
from jendela.ingest.changes import classify, judge
from jendela.ingest.fingerprints import fingerprinted
from jendela.ingest.known import Known
from jendela.ingest.marks import Marks, short
from jendela.ingest.transforms import EXPRESSIONS, chained
from jendela.model.ports import FeedSource, Window
from jendela.model.receipt import Night
from jendela.store.artefacts import Artefacts

KEYRING = Keyring((b"k" * 32,), "the test")
NIGHT = Night(date(2026, 3, 2), 1, ("bpjs",))
SOURCE = FeedSource("bpjs", "bpjs.kerja", "delta", ("KPJ", "ISI", "TGL"), ("KPJ",), watermark="TGL")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["joko", "sri", "budi", ""]), st.sampled_from("ab"), st.sampled_from(["1", "2"])
    ),
    max_size=12,
)


def fingerprints(lines):
    """The rows as the agency gives them, with `_row` and `_name`, and their fingerprints."""
    frame = pl.DataFrame(lines, dict.fromkeys(SOURCE.columns, pl.String), orient="row")
    frame = frame.with_columns(
        pl.int_range(1, pl.len() + 1).alias("_row"), pl.lit(None, pl.String).alias("_name")
    )
    return frame, fingerprinted(KEYRING, SOURCE, frame)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=ROWS, before=ROWS, released=ROWS, size=st.integers(1, 5))
def test_the_same_by_slices_as_together(tmp_path, batch, before, released, size):
    """Whatever stands twice, is known, changed, gone or released, and wherever the slices are cut."""
    frame, whole = fingerprints(batch)
    _, back = fingerprints(released)
    known = fingerprints(before)[1].unique("_record_id", keep="last", maintain_order=True)
    known = known.select(
        record_id="_record_id",
        row_hash="_row_hash",
        outcome=pl.lit("accepted"),
        deleted_seq=pl.when(pl.col("_row") % 3 == 0).then(pl.lit(1, pl.Int64)),
    )
    gone = known.filter(~pl.col("record_id").is_in(whole["_record_id"].implode()))["record_id"]
    expected = classify(SOURCE, whole, back, known, gone)
    with Artefacts(tmp_path, KEYRING).scratch(NIGHT, "pull", "marks") as scratch:
        marks = Marks(KEYRING, SOURCE, scratch)
        with scratch.writer:
            for start in range(0, max(frame.height, 1), size):
                marks.see(frame[start : start + size].to_arrow())
        seen = Known(marks.present(), compared=True).gather(known.iter_slices(2))
        judged = judge(
            SOURCE,
            marks,
            seen,
            lambda ids: known.filter(pl.col("record_id").is_in(ids.implode())),
            back,
            gone,
        )
        chosen = list(judged.slices)
    assert judged.counts == expected.counts
    here = expected.changes.filter(~pl.col("_released"))
    assert [row for part in chosen for row in part["_row"]] == here["_row"].to_list()
    starts = range(0, max(frame.height, 1), size)
    assert [at + start for part, start in zip(chosen, starts, strict=True) for at in part["_at"]] == [
        row - 1 for row in here["_row"]
    ]
    assert judged.released.height == expected.changes.height - here.height


def test_what_is_not_there_any_more_was_deleted():
    """Sri is gone; Budi was gone before; Joko is still there; what was held may be left out of it."""
    ids = keyed_hash(KEYRING, "record", pl.Series(["joko", "sri", "budi", "wati"]))
    known = pl.DataFrame(
        {
            "record_id": ids,
            "row_hash": ids,
            "outcome": ["accepted", "accepted", "accepted", "held"],
            "deleted_seq": [None, None, 2, None],
        }
    )
    present = short(ids[:1])
    assert Known(present, compared=True).gather([known]).deletions()["_record_id"].to_list() == sorted(
        ids[1, 3]
    )
    left = Known(present, compared=True, but_held=True).gather(known.iter_slices(1))
    assert left.deletions()["_record_id"].to_list() == [ids[1]]
    assert left.alive == 3
    assert Known(present, compared=False).gather([known]).deletions().is_empty()


@pytest.mark.parametrize("sizes", [[0], [3], [1, 1, 1], [0, 7, 0, 2], [20], [2, 9, 9]])
def test_tables_of_any_size_land_as_slices(tmp_path, monkeypatch, sizes):
    """Small tables are put together, large ones cut; no row is lost, and they are counted in one row."""
    monkeypatch.setattr(landing, "SLICE", 4)
    monkeypatch.setattr(landing, "ENOUGH", 3)
    numbers = itertools.count()
    tables = [
        pa.table({"KPJ": pa.array([str(next(numbers)) for _ in range(size)], pa.string())}) for size in sizes
    ]

    class Agency:
        def pull(self, source, window):
            yield from tables

    seen = []
    artefacts = Artefacts(tmp_path, KEYRING)
    landed = landing.land_rows(artefacts, NIGHT, Agency(), SOURCE, Window(None, None), seen.append)
    expected = [str(number) for number in range(sum(sizes))]
    assert landed.received == len(expected)
    assert artefacts.read_landing(landed.digest.path)["KPJ"].to_list() == expected
    assert [row for part in seen for row in part["_row"].to_pylist()] == list(range(1, len(expected) + 1))
    assert max(part.num_rows for part in seen) <= 8
    assert [part.height for part in artefacts.landing_slices(landed.digest.path)] == [
        p.num_rows for p in seen
    ]


CLEANING = [name for name, transform in TRANSFORMS.items() if transform.rule is None]
TEXT = st.text(alphabet="aZ0189 .,-/+()'\u00a0\t\u200b\u0661@", max_size=14) | st.from_regex(
    r"\A(08\d{6,13}|\d{4}-\d\d-\d\d|-?\d{1,9}(\.\d{0,4})?)\Z"
)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(st.none() | TEXT, max_size=8), name=st.sampled_from(sorted(EXPRESSIONS)))
def test_a_plain_text_is_read_as_any_other(texts, name):
    """The short way for texts that need no rewriting gives what the long way gives."""
    frame = pl.DataFrame({"a": texts}, {"a": pl.String})
    short_way = frame.select(EXPRESSIONS[name](pl.col("a"))).to_series()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jendela.ingest.transforms._mostly", lambda value, _plain, _quick, full: full(value))
        long_way = frame.select(EXPRESSIONS[name](pl.col("a"))).to_series()
    assert short_way.to_list() == long_way.to_list()


CHAINS = [list(chain) for length in (2, 3) for chain in itertools.permutations(CLEANING, length)]


@settings(deadline=None, max_examples=80)
@given(texts=st.lists(st.none() | TEXT, max_size=8), steps=st.sampled_from(CHAINS))
def test_a_chain_of_transforms_is_its_steps_one_after_the_other(texts, steps):
    """A number is looked at once for all of them, and comes out as if each had looked at it."""
    value = pl.col("a")
    for step in steps:
        value = EXPRESSIONS[step](value)
    frame = pl.DataFrame({"a": texts}, {"a": pl.String})
    assert frame.select(chained(pl.col("a"), steps)).to_series().to_list() == (
        frame.select(value).to_series().to_list()
    )
