"""One letter in every form is one letter; a wrong worker is held alone, in every form."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from jendela.letters.frame import LETTERS
from jendela.letters.intake import take_in, take_rows
from jendela.model.ports import Document
from tests.letters.intake.layoff import EXAMPLE, THREE, as_csv, as_json, facts_and_rows, letter, take, worker

CONTENT = [name for name in LETTERS if name != "file"]


@pytest.fixture(scope="module")
def three():
    """The three letters, read from XML: what every other form must give."""
    return take(THREE).letters


def test_the_letter_of_siti():
    """Dates, amounts and lists are typed; what is not stated is null."""
    (siti,) = take(EXAMPLE).letters.to_dicts()
    assert (siti["file"], siti["index"], siti["schema_version"]) == ("surat.xml", 1, "surat-phk/1.0")
    assert siti["letter_date"] == date(2026, 7, 1)
    assert siti["severance_amount"] == Decimal("45000000.00")
    assert siti["reason_codes"] == ["R432"]
    assert siti["reason_code"] == "R432"
    assert siti["attachment_types"] == ["NON_REJECTION"]
    assert siti["union_exists"] is False
    assert siti["email"] is None


def test_every_form_gives_the_same_letters(three):
    """XML, JSON, CSV in either language: the frame is equal, cell by cell."""
    assert three.height == 3
    tables = [as_csv(*facts_and_rows(THREE, names)).encode() for names in ("ids", "ens")]
    for content in (as_json(THREE), *tables):
        assert_frame_equal(take(content).letters.select(CONTENT), three.select(CONTENT))


def test_rows_of_a_database_are_judged_as_letters(three):
    """Typed or as text; with a bad NIK, that row alone is held."""
    typed = three.drop("file", "index")
    text = typed.with_columns(pl.col(pl.Date, pl.Decimal, pl.Boolean, pl.Int64).cast(pl.String))
    for rows in (typed, text):
        assert_frame_equal(take_rows(rows, "surat.xml").letters, three)
    spoilt = three.drop("file").with_columns(
        nik=pl.when(pl.col("index") == 2).then(pl.lit("12345")).otherwise("nik")
    )
    found = take_rows(spoilt, "dinas")
    assert found.letters["index"].to_list() == [1, 3]
    assert found.findings.select("file", "index", "field").rows() == [("dinas", 2, "workers.worker.nik")]


# Its name in a table or XML and in JSON, what it is and what it should not be, and the contract's field.
BAD = {
    "a NIK of 14 digits": ("nik", "nik", "6471055708899002", "64710557088990", "workers.worker.nik"),
    "a sex nobody agreed": ("jenis_kelamin", "sex", "P", "Q", "workers.worker.sex"),
    "a date that is none": (
        "tanggal_lahir",
        "birth_date",
        "1989-08-17",
        "1989-02-30",
        "workers.worker.birth_date",
    ),
    "words for an amount": (
        "upah_pokok",
        "last_wage_basic",
        "4800000",
        "banyak",
        "workers.employment.last_wage_basic",
    ),
    "a reason nobody agreed": (
        "kode_alasan",
        "reason_code",
        "R432",
        "R999",
        "workers.termination.reason_code",
    ),
}


def _in_xml(element: str, _: str, was: str, now: str) -> bytes:
    second = worker(2).replace(f"<{element}>{was}".encode(), f"<{element}>{now}".encode())
    return letter(worker(1), second, worker(3))


def _in_json(_: str, key: str, was: str, now: str) -> bytes:
    document = json.loads(as_json(THREE))
    of_worker = document["workers"][1]
    (block,) = (part for part in of_worker.values() if isinstance(part, dict) and key in part)
    assert was in str(block[key])
    block[key] = [now] if isinstance(block[key], list) else now
    return json.dumps(document).encode()


def _in_table(column: str, _: str, was: str, now: str) -> bytes:
    facts, rows = facts_and_rows(THREE)
    place = rows[0].index(column)
    assert rows[2][place].startswith(was)
    rows[2][place] = now
    return as_csv(facts, rows).encode()


@pytest.mark.parametrize("form", [_in_xml, _in_json, _in_table])
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_wrong_worker_is_held_alone_in_every_form(bad, form):
    """Of three workers the second is held, and told by field and place without the value."""
    *mistake, field = bad
    found = take(form(*mistake))
    assert found.letters["index"].to_list() == [1, 3]
    (error,) = found.findings.filter(pl.col("severity") == "error").to_dicts()
    assert (error["index"], error["field"].removesuffix("[0]").removesuffix(".code")) == (2, field)
    assert mistake[3] not in error["message_en"] + error["message_id"]


def test_a_mistake_outside_the_workers_holds_the_file():
    """An employer without a number: no worker of the letter can be placed."""
    found = take(THREE.replace(b"<npp>BM012345</npp>", b""))
    assert found.letters.is_empty()
    assert found.findings["index"].to_list() == [None]
    assert found.findings["field"].to_list() == ["employer.npp_division"]


def test_one_bad_file_does_not_stop_the_others():
    """Good letters before and after it are read."""
    found = take_in([Document("a", EXAMPLE), Document("b", b"<"), Document("c", as_json(EXAMPLE))])
    assert found.letters["file"].to_list() == ["a", "c"]
    assert found.findings["file"].to_list() == ["b"]


def test_no_files_no_letters():
    """The frames have their columns all the same."""
    found = take_in([])
    assert dict(found.letters.schema) == LETTERS
    assert found.findings.is_empty()
