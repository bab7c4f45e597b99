"""Files by slices, over one another: put together on reading, whole or of some rows."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jendela.crypto import Keyring
from jendela.model.receipt import Night
from jendela.store import coded
from jendela.store.artefacts import Artefacts, artefact_path

NIGHT = Night(date(2026, 3, 2), 1, ("bpjs",))
ROWS = 20


@pytest.fixture
def reader(tmp_path):
    """Two slices: every other row of twenty that landed, with a column of its own; of every third of these,
    the wage is emptied."""
    artefacts = Artefacts(tmp_path, Keyring((b"k" * 32,), "the test"))
    landed = pl.DataFrame({"kpj": [f"{n:011d}" for n in range(ROWS)], "wage": list(range(ROWS))})
    with artefacts.writer(NIGHT, "pull", "below") as below:
        for part in (landed, landed.reverse()):
            below.add(part)
    at = pl.Series(range(0, ROWS, 2), dtype=pl.UInt32)
    over = artefact_path(NIGHT, "pull", "below")
    with artefacts.writer(NIGHT, "map", "above", over) as above:
        for slice_number in (0, 1):
            mark = pl.DataFrame({"mark": [f"{slice_number}-{n}" for n in range(len(at))]})
            emptied = {"wage": pl.Series([n % 3 == 0 for n in range(len(at))])}
            above.add(mark, at, ("kpj", "mark", "wage"), emptied)
    with artefacts.reader(NIGHT, "map", "above") as opened:
        yield opened


@pytest.mark.parametrize("places", [[], [0], [3, 4], [0, 2, 3, 4, 5, 6, 7, 9], list(range(10))])
@pytest.mark.parametrize("columns", [None, ["wage"], ["mark"], ["kpj", "mark"]])
@pytest.mark.parametrize("number", [0, 1])
def test_some_rows_are_those_of_the_whole(reader, number, columns, places):
    """Few or nearly all, of columns from either file."""
    whole = reader.slice(number, columns)
    assert whole.height == reader.height(number) == ROWS // 2
    some = reader.slice(number, columns, at=pl.Series(places, dtype=pl.UInt32))
    assert some.equals(whole[places])


def test_what_lies_over_another_file_is_put_together(reader):
    """Its own column in its place, the rows that it names, and null where it emptied."""
    assert reader.slice(1).rows()[:3] == [
        (f"{19:011d}", "1-0", None),
        (f"{17:011d}", "1-1", 17),
        (f"{15:011d}", "1-2", 15),
    ]


def test_a_column_that_says_what_lies_below_is_not_written_twice(tmp_path):
    """Of the slices in which it says so, and under the name that it has there; coded or not, row by row."""
    artefacts = Artefacts(tmp_path, Keyring((b"k" * 32,), "the test"))
    kinds = pl.Enum(["T", "K"])
    landed = pl.DataFrame({"nama": [f"Siti {n}" for n in range(ROWS)], "status": ["T", "K"] * (ROWS // 2)})
    with artefacts.writer(NIGHT, "pull", "below") as below:
        for _ in range(3):
            below.add(landed.with_columns(pl.col("status").cast(kinds)))
    at = pl.Series(range(0, ROWS, 3), dtype=pl.UInt32)
    own = landed[at].rename({"nama": "name", "status": "kind"}).with_columns(pl.col("kind").cast(kinds))
    other = own.with_columns(pl.lit("Budi").alias("name"))
    order, both = ("kind", "name", "status"), {"name": "nama", "kind": "status"}
    over = artefact_path(NIGHT, "pull", "below")
    with artefacts.writer(NIGHT, "map", "above", over) as above:
        above.add(own, at, order, same=both)
        above.add(other, at, order, same={"kind": "status"})
        above.add(own, at, order)
    with artefacts.reader(NIGHT, "map", "above") as found:
        text = coded.plain(own).with_columns(status=pl.col("kind")).select(order)
        assert found.slice(0).equals(text)
        assert found.slice(1).equals(text.with_columns(pl.lit("Budi").alias("name")))
        assert found.slice(2).equals(text)
        assert found.coded(0, ["kind"]).schema["kind"] == kinds
        assert found.slice(0, ["name"], at=pl.Series([1, 4], dtype=pl.UInt32))["name"].to_list() == [
            "Siti 3",
            "Siti 12",
        ]
        written = pq_columns(found)
    assert written[0] == {"name": 0, "kind": 0}
    assert written[1] == {"name": len(at), "kind": 0}
    assert written[2] == {"name": len(at), "kind": len(at)}


def pq_columns(reader) -> list[dict[str, int]]:
    """How many values of each own column stand in every slice of the file itself."""
    names = ("name", "kind")
    groups = (reader._file.read_row_group(number, columns=list(names)) for number in range(len(reader)))
    return [{name: group.num_rows - group[name].null_count for name in names} for group in groups]
