"""Two editions of the letter in force at once: every letter is read and judged by its own."""

from __future__ import annotations

import json

import polars as pl
import pytest

from jendela.law import load_law
from jendela.letters.check import check
from jendela.letters.intake import Batch, take_rows
from jendela.letters.xml import parse_letters
from jendela.model.ports import Document
from tests.letters.intake.layoff import THREE, as_csv, as_json, facts_and_rows
from tests.letters.two_editions import AFTER, BEFORE, OVERLAP, dated, make_agreements, second


@pytest.fixture(scope="module")
def agreements(tmp_path_factory):
    """The folder with both editions."""
    folder = tmp_path_factory.mktemp("two")
    make_agreements(folder)
    return folder


def taken(agreements, content: bytes):
    """The intake of one file by these agreements."""
    batch = Batch(agreements=agreements)
    batch.add("surat", content)
    return batch.intake()


def json_of(day: str, version: str) -> bytes:
    """The letter about three workers as JSON."""
    document = json.loads(as_json(dated(day, THREE))) | {"schema_version": version}
    return json.dumps(document).encode()


def csv_of(day: str, version: str | None = None) -> bytes:
    """The letter about three workers as a table, which may say its edition."""
    facts, rows = facts_and_rows(dated(day, THREE))
    return as_csv([*facts, *([["Versi skema", version]] if version else [])], rows).encode()


def test_letters_of_both_in_one_folder(tmp_path, agreements):
    """One run; each by its own namespace, XSD and fields. What is new in 2.0 nobody may write by 1.0."""
    files = {
        "a.xml": dated(OVERLAP),
        "b.xml": second(dated(OVERLAP), branch="BPN"),
        "c.xml": second(dated(OVERLAP), branch="balikpapan"),
        "d.xml": dated(OVERLAP).replace(b"<nib>", b"<nama_cabang>BPN</nama_cabang><nib>"),
        "e.json": json_of(OVERLAP, "surat-phk/1.0"),
        "f.json": json_of(OVERLAP, "surat-phk/2.0"),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = check([tmp_path], load_law(None), agreements=agreements)
    form = pl.element().struct.field("rule").str.starts_with("F-")
    held = {
        file.rpartition("/")[2]: [one["field"] for one in said]
        for file, said in found.select("file", pl.col("violations").list.filter(form)).iter_rows()
    }
    nothing = {name: [] for name in files}
    assert held == nothing | {"c.xml": ["pengusaha/nama_cabang"], "d.xml": ["pengusaha/?"]}
    judged = found.filter(pl.col("jkp").is_not_null())["file"].str.split("/").list.last()
    assert judged.to_list() == ["a.xml", "b.xml", *["e.json"] * 3, *["f.json"] * 3]


def test_the_letter_says_its_edition(agreements):
    """By its namespace or its schema_version, whatever form it has."""
    for version, xml in (("surat-phk/1.0", dated(OVERLAP)), ("surat-phk/2.0", second(dated(OVERLAP)))):
        for content in (xml, json_of(OVERLAP, version), csv_of(OVERLAP, version)):
            assert set(taken(agreements, content).letters["schema_version"]) == {version}


@pytest.mark.parametrize(
    ("day", "version"), [(BEFORE, "surat-phk/1.0"), (OVERLAP, "surat-phk/2.0"), (AFTER, "surat-phk/2.0")]
)
def test_a_table_that_says_none_follows_the_newest_in_force(agreements, day, version):
    """On the date of its letter."""
    found = taken(agreements, csv_of(day))
    assert set(found.letters["schema_version"]) == {version}
    assert found.letters["index"].to_list() == [1, 2, 3]


OUT_OF_FORCE = {
    "XML after the first ended": (dated(AFTER), "F-XSD", "surat-phk/2.0", 1),
    "XML before the second began": (second(dated(BEFORE)), "F-XSD", "surat-phk/1.0", 1),
    "JSON": (json_of(AFTER, "surat-phk/1.0"), "F-JSON", "surat-phk/2.0", 1),
    "a table, each row of it": (csv_of(BEFORE, "surat-phk/2.0"), "F-FIELD", "surat-phk/1.0", 3),
}


@pytest.mark.parametrize(("content", "rule", "in_force", "times"), OUT_OF_FORCE.values(), ids=OUT_OF_FORCE)
def test_an_edition_that_is_not_in_force(agreements, content, rule, in_force, times):
    """Is an error that names those that are."""
    found = taken(agreements, content)
    said = found.findings.filter(pl.col("severity") == "error")
    assert found.letters.is_empty()
    assert said["rule"].to_list() == [rule] * times
    assert all(f"In force on that date: {in_force}." in text for text in said["message_en"])
    assert all(f"berlaku pada tanggal itu: {in_force}." in text for text in said["message_id"])


def test_an_edition_nobody_knows(agreements):
    """The error names those there are; in XML the namespace that it should have, as ever."""
    for content in (json_of(OVERLAP, "surat-phk/9.0"), csv_of(OVERLAP, "surat-phk/9.0")):
        found = taken(agreements, content)
        assert found.letters.is_empty()
        said = found.findings.filter(pl.col("severity") == "error")["message_en"]
        assert all("Write one of: surat-phk/1.0, surat-phk/2.0." in text for text in said)
    strange = taken(agreements, dated(OVERLAP).replace(b"surat-phk:1.0", b"surat-phk:9.0"))
    assert 'xmlns="urn:id:jendela:surat-phk:2.0"' in strange.findings["message_en"][0]
    # Without that folder only the installed editions are known.
    assert taken(None, second(dated(OVERLAP))).letters.is_empty()
    assert taken(None, json_of(OVERLAP, "surat-phk/2.0")).letters.is_empty()


def test_rows_of_a_database_may_be_of_both(agreements):
    """Row by row: one out of force holds itself alone."""
    old = taken(agreements, dated(OVERLAP)).letters.drop("file", "index", "line", strict=False)
    names = ["surat-phk/1.0", "surat-phk/2.0", "surat-phk/2.0", None]
    days = [OVERLAP, OVERLAP, BEFORE, AFTER]
    rows = pl.concat([old] * 4).with_columns(
        schema_version=pl.Series(names), letter_date=pl.Series(days).str.to_date()
    )
    found = take_rows(rows, "feed", agreements)
    assert dict(found.letters.select("index", "schema_version").iter_rows()) == {
        1: "surat-phk/1.0",
        2: "surat-phk/2.0",
        4: "surat-phk/2.0",
    }
    assert found.findings.select("index", "rule", "field").rows() == [(3, "F-FIELD", "schema_version")]


def test_the_night_reads_both(agreements):
    """The same columns of both; a letter out of force is one held file."""
    parsed = parse_letters(
        [
            Document("a.xml", dated(OVERLAP)),
            Document("b.xml", second(dated(OVERLAP), branch="BPN")),
            Document("c.xml", second(dated(BEFORE))),
        ],
        agreements=agreements,
    )
    assert parsed.rows["_name"].to_list() == ["a.xml", "b.xml"]
    shown = parsed.rows.drop("_name", "document_sha256")
    assert shown.row(0) == shown.row(1)
    (one,) = parsed.unreadable
    assert (one.name, one.rule) == ("c.xml", "F-XSD")
    assert "In force on that date: surat-phk/1.0." in one.reason
