"""Records over HTTP: what of JSON becomes columns of text, and what of it is in the window."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from connectors.rest import RestConnector
from jendela.demo.rest_office import serving
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window
from tests.connectors.agency import COLUMNS, WORKERS
from tests.connectors.rest_agency import (
    ACCOUNT,
    ALL,
    OPTIONS,
    change,
    http,
    pulled,
    records,
)


@pytest.fixture
def agency(tmp_path):
    """An office over HTTP with four workers, two a page."""
    with http(tmp_path) as built:
        yield built


DDL = (
    'CREATE TABLE lap ("pekerja.nik" TEXT, "pekerja.alamat.kota" TEXT, upah NUMERIC TEXT,'
    " aktif BOOLEAN, no INTEGER)"
)
LAP = ("pekerja.nik", "pekerja.alamat.kota", "upah", "aktif", "no")


@pytest.fixture
def nested(tmp_path):
    """An office with nested fields; its columns are called by their path."""
    rows = [
        ("1", "Karawang", "4500000.50", 1, 7),
        ("2", None, "1e3", 0, 9007199254740993),
        ("3", "Bekasi", None, None, None),
    ]
    with serving(records(tmp_path, DDL, rows), ACCOUNT) as office:
        yield office


def lap(office, columns=LAP, **options):
    """The rows of the nested feed."""
    options = {"records": "data", "total": "meta.total", **options}
    source = FeedSource(
        "dinas_3215", "dinas_3215.lap", "snapshot", columns, (columns[0],), path="v1/lap", options=options
    )
    return pa.concat_tables(RestConnector("dinas_3215", office.url).pull(source, ALL)).to_pylist()


def test_nested_fields_and_numbers_come_as_they_were_written(nested):
    """A wage keeps its cents and a large number its last digit; true is 1; null stays null."""
    rows = lap(nested)
    assert rows[0] == dict(zip(LAP, ("1", "Karawang", "4500000.50", "1", "7"), strict=True))
    assert rows[1] == dict(zip(LAP, ("2", None, "1e3", "0", "9007199254740993"), strict=True))
    assert rows[2] == dict(zip(LAP, ("3", "Bekasi", None, None, None), strict=True))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (("pekerja", "no"), "Column pekerja is an object in record 1 of page 1"),
        (("pekerja.nama", "no"), "Agreed but not there: pekerja.nama"),
        (("no.satu",), "Column no.satu is missing in record 1 of page 1"),
    ],
)
def test_a_column_of_another_shape_is_named(nested, columns, said):
    """Which column, which record, which page."""
    with pytest.raises(UnusableFeedError, match=said):
        lap(nested, columns)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"data": [{"a": ["12345678901"]}]}', "Column a is a list in record 1"),
        (
            b'{"data": [{"a": "1"}, {"b": "12345678901"}]}',
            "Column a is missing in record 2 .* name it under options.optional",
        ),
        (
            b'{"data": [{"b": "1", "12345678901": 1}]}',
            "Agreed but not there: a. Found instead, and not agreed: b.",
        ),
        (b'{"data": ["12345678901"]}', "Record 1 of page 1 is not an object"),
        (b'{"data": {"12345678901": {}}}', "no list of records at data"),
        (b'["12345678901"]', "no list of records at data"),
        (b'{"data": [{"a": "12345678901\\ud800"}]}', "half a character"),
        (b'{"data": [{"a": "12345678901\\u0000"}]}', "NUL character"),
        (b"[" * 100_000, "nested too deeply|no JSON"),
        (b"", "no JSON"),
    ],
)
def test_a_body_of_another_shape_is_told_without_its_values(nested, monkeypatch, body, said):
    """What was found is described; none of it is shown."""
    monkeypatch.setattr(
        "jendela.demo.rest_routes.Reply.body",
        lambda reply: (
            body
            if reply.status == 200 and "access_token" not in str(reply.document)
            else b'{"access_token": "t0"}'
        ),
    )
    nested.routes._tokens.add("t0")
    with pytest.raises(UnusableFeedError, match=said) as caught:
        lap(nested, ("a",), total="")
    assert "12345678901" not in "".join(traceback.format_exception(caught.value))


def test_what_an_office_may_leave_out_is_agreed(nested, monkeypatch):
    """Named as optional, a column that is not there is null."""
    assert lap(nested, ("pekerja.nik", "nama"), optional=["nama"])[0] == {"pekerja.nik": "1", "nama": None}


def test_only_the_window_is_asked_for_and_given(agency):
    """Bounds count as agreed, low in and high out, however the office counts its own; the newest is found."""
    assert agency.connector.high_watermark(agency.source) == "2026-03-01 23:10:00"
    window = Window("2026-02-27 08:15:00.25", "2026-03-01 23:10:00")
    assert [row["KPJ"][-1] for row in pulled(agency, asked=window)] == ["2", "4"]
    above = Window("2026-03-01 22:00:00.000001", "2026-03-01 23:10:00.000001")
    assert [row["KPJ"][-1] for row in pulled(agency, asked=above)] == ["1"]


def test_an_office_that_cannot_be_asked_for_a_window_is_read_whole(agency):
    """Then a row that was never stamped is among them."""
    whole = {**OPTIONS, "window": {"since": "sejak_kapan"}}
    window = Window("2026-03-01 22:30:00", None)
    assert [row["KPJ"][-1] for row in pulled(agency, asked=window, **whole)] == ["1", "3"]


def test_moments_with_a_zone_are_compared_as_moments(tmp_path):
    """Seven in the morning in Jakarta is midnight in UTC, and sorts so."""
    rows = [
        ("1", None, None, "2026-03-02T07:00:00+07:00"),
        ("2", None, None, "2026-03-02T06:59:59.500+07:00"),
    ]
    with serving(records(tmp_path, rows=rows), ACCOUNT) as office:
        source = FeedSource(
            "d", "d.kerja", "delta", COLUMNS, ("KPJ",), watermark="TGL_UBAH", path="v1/kerja", options=OPTIONS
        )
        connector = RestConnector("d", office.url)
        assert connector.high_watermark(source) == "2026-03-02 00:00:00"
        options = {**OPTIONS, "window": {"since": "x"}}
        found = connector.pull(replace(source, options=options), Window("2026-03-02 00:00:00", None))
        assert [row["TGL_UBAH"] for row in pa.concat_tables(found).to_pylist()] == ["2026-03-02 00:00:00Z"]
        local = {**OPTIONS, "window": {"since": "x", "form": "iso"}}
        with pytest.raises(UnusableFeedError, match="has a time zone, and options"):
            connector.high_watermark(replace(source, options=local))


def test_a_newest_that_is_not_newest_first_is_not_believed(agency):
    """The office does not know our way to sort: a watermark too low would leave rows out for good."""
    options = {**OPTIONS, "highest": {"parameters": {"urut": "baru"}}}
    change(agency, "UPDATE kerja SET TGL_UBAH = '2026-03-03 00:00:00' WHERE rowid = 2")
    with pytest.raises(UnusableFeedError, match="do not come newest first by TGL_UBAH"):
        agency.connector.high_watermark(replace(agency.source, options=options))


def test_the_office_may_say_the_newest_itself_or_lend_its_clock(agency):
    """At a place of its answer; or by the Date of it."""
    said = {**OPTIONS, "highest": {"value": "data.0.TGL_UBAH"}}
    assert agency.connector.high_watermark(replace(agency.source, options=said)) == "2026-03-01 23:10:00"
    clock = {**OPTIONS, "highest": "clock"}
    now = datetime.fromisoformat(agency.connector.high_watermark(replace(agency.source, options=clock)))
    assert abs(datetime.now(UTC).replace(tzinfo=None) - now) < timedelta(minutes=5)


def test_an_empty_office_has_no_newest_and_no_rows(tmp_path):
    """Zero rows is a fact, with the agreed columns."""
    with serving(records(tmp_path, rows=()), ACCOUNT) as office:
        source = FeedSource(
            "d", "d.kerja", "delta", COLUMNS, ("KPJ",), watermark="TGL_UBAH", path="v1/kerja", options=OPTIONS
        )
        connector = RestConnector("d", office.url)
        assert connector.high_watermark(source) is None
        assert pa.concat_tables(connector.pull(source, ALL)).column_names == list(COLUMNS)
        assert connector.keys(source).num_rows == 0
        connector.check(source)


def test_keys_come_from_a_list_of_their_own(agency):
    """Where the office has one: its path and paging, without the window."""
    options = {**OPTIONS, "keys": {"path": "v1/kerja", "paging": {"style": "offset", "size": 3}}}
    assert agency.connector.keys(replace(agency.source, options=options)).num_rows == len(WORKERS)
