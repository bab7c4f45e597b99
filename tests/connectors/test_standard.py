"""What every transport does alike: the standard that a new one must meet before an office can use it."""

from __future__ import annotations

import traceback
from dataclasses import replace

import pyarrow as pa
import pytest

from jendela.model.errors import FeedError, UnreachableError, UnusableFeedError
from jendela.model.ports import FeedSource, Outgoing, Window

LETTERS = pa.table(
    {
        "delivery_id": ["d1", "d2", "d3"],
        "verb": ["upsert", "upsert", "retract"],
        "night": ["2026-03-02"] * 3,
        "recipient": ["bpjs"] * 3,
        "KPJ": ["12345678901", "12345678902", None],
        "NO_SURAT": ['7/PHK/III/2026 "asli"', "", "9/PHK; ñ"],
    }
)
PERSONAL = ("12345678901", "Joko", "Susilo", "Sri Wahyuni", "4500000")


def test_every_row_comes_as_agreed_in_one_canonical_text(agency):
    """Columns are named as agreed; NULL is null; Joko's wage is 4500000.5 whatever the engine."""
    rows = agency.pulled()
    assert [row["KPJ"] for row in rows] == ["12345678901", "12345678902", "12345678903", "12345678904"]
    assert rows[2] == {"KPJ": "12345678903", "NAMA": "Siti", "UPAH": None, "TGL_UBAH": None}
    assert rows[0]["TGL_UBAH"] == "2026-03-01 23:10:00"
    if agency.typed:  # a CSV file is taken at its word
        assert [row["UPAH"] for row in rows] == ["4500000.5", "3200000", None, "5100000"]
        assert rows[3]["TGL_UBAH"] == "2026-02-27 08:15:00.25"


def test_pulling_twice_gives_the_same(agency):
    """Reading changes nothing at the agency."""
    assert agency.pulled() == agency.pulled()


def test_the_agreed_columns_are_checked_before_a_row_is_read(agency):
    """A column that is gone is named, with the feed and what to do, and nobody tries again."""
    agency.connector.check(agency.source)
    missing = replace(agency.source, columns=(*agency.source.columns, "NO_KTP"))
    for attempt in (
        agency.connector.check,
        lambda source: list(agency.connector.pull(source, Window(None, None))),
    ):
        with pytest.raises(UnusableFeedError, match=r"bpjs / bpjs.kerja: .*NO_KTP.*What to do: ") as caught:
            attempt(missing)
        assert not caught.value.retriable


def test_all_keys_are_found_for_a_sweep(agency):
    """`keys` has every key, in the text that `pull` gives it."""
    keys = agency.connector.keys(agency.source)
    assert keys.column_names == ["KPJ"]
    assert sorted(keys["KPJ"].to_pylist()) == [row["KPJ"] for row in agency.pulled()]


def test_delivering_twice_is_delivering_once(agency):
    """A night that is repeated puts no row into an inbox a second time, and a new row is still added."""
    assert agency.connector.deliver(agency.outgoing, LETTERS.slice(0, 2)) == 2
    assert agency.connector.deliver(agency.outgoing, LETTERS) == 1
    assert agency.connector.deliver(agency.outgoing, LETTERS) == 0
    agency.connector.announce(agency.outgoing, "2026-03-02", 3)
    agency.connector.announce(agency.outgoing, "2026-03-02", 3)


def test_only_answered_deliveries_come_back(agency):
    """The agency answers two of three; the third stays silent. One was not asked for: it may come along."""
    agency.connector.deliver(agency.outgoing, LETTERS)
    assert agency.connector.acknowledgements(agency.outgoing, ["d1", "d2"]).num_rows == 0
    refused = ("REFUSED", "2026-03-02 09:00:00", "E12")
    agency.answer([("d1", *refused), ("d2", *refused), ("d3", None, None, None)])
    answers = agency.connector.acknowledgements(agency.outgoing, ["d2", "d3"]).to_pylist()
    said = {"ack_status": "REFUSED", "ack_at": "2026-03-02 09:00:00", "ack_reason": "E12"}
    assert [one for one in answers if one["delivery_id"] != "d1"] == [{"delivery_id": "d2", **said}]
    assert answers[:-1] in ([], [{"delivery_id": "d1", **said}])


def test_thousands_of_answers_are_asked_for_at_once(agency):
    """More deliveries than one statement can name."""
    ids = [f"d{number}" for number in range(2_345)]
    same = {"verb": "upsert", "night": "2026-03-02", "recipient": "bpjs", "KPJ": "x", "NO_SURAT": "x"}
    rows = pa.table({"delivery_id": ids, **{name: [value] * len(ids) for name, value in same.items()}})
    assert agency.connector.deliver(agency.outgoing, rows) == len(ids)
    assert agency.connector.acknowledgements(agency.outgoing, ids).num_rows == 0


def test_the_agency_reads_what_was_delivered(agency):
    """Quotation marks, separators, letters with marks: as sent; an empty text is nothing."""
    agency.connector.deliver(agency.outgoing, LETTERS)
    assert sorted(agency.delivered(), key=lambda row: row["delivery_id"]) == [
        {name: value or None for name, value in row.items()} for row in LETTERS.to_pylist()
    ]


def test_an_office_that_does_not_answer_is_tried_again(offline):
    """Offline is retriable on every transport, and the error has neither the password nor the user in it."""
    transport, kind, url = offline
    connector = kind("dinas_7371", url)
    source = FeedSource(
        "dinas_7371", "dinas_7371.phk", "drop" if transport == "letters" else "snapshot", ("NIK",), ("NIK",),
        query="SELECT NIK FROM phk", path="*.xml",
    )  # fmt: skip
    outgoing = Outgoing("dinas_7371", "letters", "jdl_surat", ("KPJ", "NO_SURAT"), recipient="dinas.7371.hi")
    attempts = [lambda: connector.check(source), lambda: connector.acknowledgements(outgoing, ["d1"])]
    if transport == "letters":
        attempts.append(lambda: list(connector.documents(source, frozenset())))
    else:
        attempts += [lambda: list(connector.pull(source, Window(None, None))), lambda: connector.keys(source)]
    if transport != "sqlite":  # whose inbox would be made in a folder that is not there
        attempts.append(lambda: connector.deliver(outgoing, LETTERS))
    for attempt in attempts:
        with pytest.raises(UnreachableError) as caught:
            attempt()
        assert caught.value.retriable
        assert "rahasia" not in str(caught.value)
        assert "sri" not in str(caught.value)


def test_no_error_carries_a_value(agency):
    """A query that fails on a value, a column that is gone, a text as watermark: none quotes the data."""
    failed = 0
    for source in agency.broken:
        try:
            list(agency.connector.pull(source, Window("2026-01-01 00:00:00", None)))
        except FeedError as error:
            failed += 1
            told = "".join(traceback.format_exception(error))
            assert not [value for value in PERSONAL if value in told]
    assert failed >= len(agency.broken) - 1 > 0


def test_an_inbox_that_refuses_says_which_column(database):
    """An inbox without an agreed column is named, and no row of it is in the traceback."""
    rows = LETTERS.append_column("TIDAK_ADA", LETTERS["KPJ"])
    outgoing = replace(database.outgoing, columns=("KPJ", "TIDAK_ADA"))
    with pytest.raises(UnusableFeedError, match="TIDAK_ADA") as caught:
        database.connector.deliver(outgoing, rows)
    assert "12345678901" not in "".join(traceback.format_exception(caught.value))


def test_an_inbox_takes_all_rows_or_none(database):
    """One row that the inbox refuses takes the others back with it."""
    database.act("CREATE UNIQUE INDEX satu_surat ON {surat} (KPJ)")
    broken = LETTERS.set_column(4, "KPJ", pa.array(["12345678901", "12345678902", "12345678901"]))
    with pytest.raises(UnusableFeedError):
        database.connector.deliver(database.outgoing, broken)
    assert database.act("SELECT count(*) FROM {surat}").scalar() == 0
