"""Columns that repeat themselves are kept as their different values, and nobody above notices."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import polars as pl
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from jendela.crypto import Keyring, keyed_hash
from jendela.crypto.hashes import keyed_digest
from jendela.model.receipt import Night
from jendela.store import coded
from jendela.store.artefacts import Artefacts

KEYRING = Keyring((b"k" * 32,), "the test")
NIGHT = Night(date(2026, 3, 2), 1, ("bpjs",))
TEXTS = st.lists(st.sampled_from(["3215", "3273", "", "KARAWANG", "ꦗꦮ", None]), max_size=30)


def is_coded(frame: pl.DataFrame, name: str) -> bool:
    """Whether a column of the frame is coded."""
    return isinstance(frame.schema[name], pl.Enum)


@settings(deadline=None)
@given(TEXTS)
def test_a_coded_column_says_what_the_column_says(values):
    """Row by row, nulls and empty texts too, there and back."""
    frame = pl.DataFrame({"PLACE": values, "AT": range(len(values))}, {"PLACE": pl.String, "AT": pl.Int64})
    table = coded.fitting(frame.to_arrow(), pa.schema([("PLACE", coded.KIND), ("AT", pa.int64())]))
    found = coded.from_arrow(table)
    assert is_coded(found, "PLACE")
    assert_frame_equal(coded.plain(found), frame)
    assert_frame_equal(coded.texts(table), frame)
    assert_frame_equal(coded.plain(coded.from_arrow(coded.to_arrow(found[::2]))), frame[::2])


def test_only_what_repeats_itself_is_coded():
    """Forty workers of two places: the place, but not the number, nor a column that says nothing."""
    table = pa.table(
        {
            "KPJ": [f"100{number:08}" for number in range(40)],
            "PLACE": ["3215", "3273"] * 20,
            "AT": list(range(40)),
            "NONE": pa.nulls(40),
        }
    )
    kinds = dict(zip(table.column_names, coded.repeating(table).types, strict=True))
    assert kinds["PLACE"] == coded.KIND
    assert [kinds[name] for name in ("KPJ", "AT", "NONE")] == [pa.string(), pa.int64(), pa.null()]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_a_landing_comes_back_whatever_its_first_slice_was_like(tmp_path, parts):
    """The first slice decides what is coded; later ones may repeat themselves more or less, or be empty."""
    artefacts = Artefacts(tmp_path, KEYRING)
    tables = [pa.table({"PLACE": pa.array(part, pa.string())}) for part in parts]
    digest = artefacts.land(NIGHT, "bpjs", "bpjs.tk", tables)
    assert artefacts.read_landing(digest.path)["PLACE"].to_list() == [text for part in parts for text in part]


def test_a_slice_over_another_keeps_its_columns_coded(tmp_path):
    """Rows are taken, emptied and read from below, coded or in text."""
    artefacts = Artefacts(tmp_path, KEYRING)
    places = ["3215", "3273"] * 4
    table = pa.table({"PLACE": places, "KPJ": [f"100{number:08}" for number in range(8)]})
    below = artefacts.land(NIGHT, "bpjs", "bpjs.tk", [table])
    chosen = pl.Series([1, 2, 5])
    emptied = {"PLACE": pl.Series([False, True, False])}
    with artefacts.writer(NIGHT, "map", "bpjs.tk.employment", over=below.path) as out:
        out.add(pl.DataFrame({"seen": [1, 2, 3]}), chosen, ("KPJ", "PLACE", "seen"), emptied)
    with artefacts.reader(NIGHT, "map", "bpjs.tk.employment") as found:
        assert is_coded(found.coded(0), "PLACE")
        assert_frame_equal(found.slice(0), coded.plain(found.coded(0)))
        assert found.slice(0)["PLACE"].to_list() == ["3273", None, "3273"]
        assert found.slice(0)["KPJ"].to_list() == [table["KPJ"][at].as_py() for at in chosen]


def test_hashes_of_rows_are_bytes_on_disk_and_text_in_frames(tmp_path):
    """Half the size, and what reads the file sees the hexadecimal digits that the hub knows."""
    artefacts = Artefacts(tmp_path, KEYRING)
    keys = pl.Series("_record_id", ["joko", "sri"])
    artefacts.write(NIGHT, "pull", "bpjs.tk.changes", keyed_digest(KEYRING, "record", keys).to_frame())
    found = artefacts.read(NIGHT, "pull", "bpjs.tk.changes")
    assert_frame_equal(found, keyed_hash(KEYRING, "record", keys).to_frame())


def test_a_slice_without_rows_imports_no_pandas(tmp_path):
    """Which takes a second of every process that merges. It has the columns of the others, in text."""
    artefacts = Artefacts(tmp_path, KEYRING)
    table = pa.table({"PLACE": ["3215", "3273"] * 4, "KPJ": [f"100{number:08}" for number in range(8)]})
    artefacts.land(NIGHT, "bpjs", "bpjs.tk", [table])
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_ROWS, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["0", "String,String", "False"]


WITHOUT_ROWS = """
import sys
from contextlib import ExitStack
from pathlib import Path
from jendela.crypto import Keyring
from jendela.store.slices import SliceReader
root = Path(sys.argv[1])
path = str(next(root.rglob("bpjs.tk.parquet")).relative_to(root))
with ExitStack() as stack:
    reader = SliceReader(Keyring((b"k" * 32,), "the test"), lambda path: root / path, path, stack)
    nothing = reader.nothing()
print(nothing.height, ",".join(map(str, nothing.dtypes)), "pandas" in sys.modules)
"""
