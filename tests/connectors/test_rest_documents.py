"""Letters over HTTP: a listing, and each file of it once."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from connectors.rest import RestConnector
from connectors.rest_exchange import Answer
from connectors.rest_json import document_of
from jendela.demo.rest_office import serving
from jendela.model.errors import UnreachableError, UnusableFeedError
from jendela.model.ports import FeedSource
from tests.connectors.rest_agency import (
    ACCOUNT,
    records,
)

LETTERS = [("surat_1.xml", b"<surat>1</surat>"), ("surat_2.xml", b"<surat>2</surat>"), ("surat_3.xml", b"")]
DOCUMENTS = {"name": "nama", "url": "isi.tautan", "sha256": "isi.sha256"}


@pytest.fixture
def letters(tmp_path):
    """An office that lists its letters, with a digest and a link for each."""
    store = records(tmp_path, "CREATE TABLE berkas (nama TEXT, isi BLOB)", LETTERS)
    with serving(store, ACCOUNT) as office:
        options = {
            "records": "data",
            "documents": DOCUMENTS,
            "paging": {"style": "page", "size": 2},
            "tries": 2,
        }
        source = FeedSource("d", "d.berkas", "drop", (), (), path="v1/berkas", options=options)
        yield office, RestConnector("d", office.url, wait=lambda _: None), source


def test_each_letter_is_fetched_once(letters):
    """Those seen before are known by the listing's digest, and not fetched at all."""
    office, connector, source = letters
    connector.check(source)
    found = list(connector.documents(source, frozenset()))
    assert [(one.name, one.content) for one in found] == LETTERS
    seen = frozenset((name, hashlib.sha256(content).hexdigest()) for name, content in LETTERS[:2])
    office.requests.clear()
    assert [one.name for one in connector.documents(source, seen)] == ["surat_3.xml"]
    assert [line for line in office.requests if "/isi/" in line] == ["GET /api/v1/berkas/isi/3"]
    plain = replace(source, options={**source.options, "documents": {"name": "nama", "url": "isi.tautan"}})
    assert [one.name for one in connector.documents(plain, seen)] == ["surat_3.xml"]


def test_a_letter_that_is_not_what_was_listed_waits(letters):
    """Once it is fetched again; twice it is an error that names its place and not its name."""
    office, connector, source = letters
    office.faults.add("html", where="/isi/1")
    assert len(list(connector.documents(source, frozenset()))) == len(LETTERS)
    office.faults.add("html", "html", where="/isi/1")
    with pytest.raises(
        UnreachableError, match="Entry 1 of page 1 of the listing is a file with another digest"
    ):
        list(connector.documents(source, frozenset()))


@pytest.mark.parametrize("place", ["name", "url"])
def test_a_listing_without_what_was_agreed_is_told(letters, place):
    """Its entries have no such field."""
    _, connector, source = letters
    options = {**source.options, "documents": {**DOCUMENTS, place: "tidak.ada"}}
    with pytest.raises(UnusableFeedError, match=r"Entry 1 of page 1 has no text at tidak\.ada"):
        connector.check(replace(source, options=options))


def test_a_letter_larger_than_agreed_is_refused(letters):
    """Before all of it is taken in."""
    _, connector, source = letters
    options = {**source.options, "document_bytes": 10}
    with pytest.raises(UnusableFeedError, match="larger than the agreed 10 bytes"):
        list(connector.documents(replace(source, options=options), frozenset()))


def test_json_may_come_as_what_was_agreed():
    """An office that calls its JSON text/html is believed where that was agreed, but a web page is none."""
    answer = Answer("", 200, {"content-type": "text/html; charset=utf-8"}, b'\xef\xbb\xbf{"a": 1.50}')
    assert document_of("d", "d.x", answer, "text/html") == {"a": "1.50"}
    with pytest.raises(UnusableFeedError, match="web page"):
        document_of("d", "d.x", answer)
    with pytest.raises(UnusableFeedError, match="web page"):
        document_of("d", "d.x", replace(answer, body=b"\n <!doctype HTML><p>"), "text/html")
