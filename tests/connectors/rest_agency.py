"""Agencies that offer REST on the loopback address: over HTTP, and over HTTPS with client certificates."""

from __future__ import annotations

import sqlite3
import traceback
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial

import pyarrow as pa
import pytest

from connectors.rest import RestConnector
from jendela.crypto.loopback_tls import make_certificates
from jendela.demo.rest_office import serving
from jendela.demo.rest_routes import Account
from jendela.demo.rest_store import RestStore
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import Window
from tests.connectors.agency import (
    COLUMNS,
    ENVELOPE,
    INBOX_COLUMNS,
    WORKERS,
    Agency,
    outgoing,
    source,
)

OFFLINE = {
    "rest": (partial(RestConnector, wait=lambda _: None), "https://sri:rahasia@127.0.0.1:1/api"),
}
ACCOUNT = Account("jendela kab. karawang", "rahasia@nomor/1")
DDL = "CREATE TABLE kerja (KPJ TEXT, NAMA TEXT, UPAH NUMERIC TEXT, TGL_UBAH TEXT)"
ALL = Window(None, None)
PERSONAL = ("12345678901", "Joko", "Sri Wahyuni", "4500000", "3215014101900001", "rahasia")
FAST = {"tries": 3, "longest_wait_seconds": 5}
OPTIONS = {
    **FAST,
    "records": "data",
    "paging": {"style": "page", "size": 2},
    "total": "meta.total",
    "window": {"since": "since", "until": "until"},
    "highest": {"parameters": {"sort": "-TGL_UBAH"}},
}


def records(folder, ddl=DDL, rows=WORKERS):
    """An office's store with one table of these rows, and an empty inbox."""
    store = RestStore(folder / "records.sqlite", folder / "inbox.sqlite", {"kerja": "TGL_UBAH"})
    with closing(sqlite3.connect(store.records)) as conn, conn:
        conn.execute(ddl)
        if rows:
            table = ddl.split()[2]
            conn.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return store


def inbox(store, statement, *values):
    """Do something at the agency's inbox, with the agency's own tools."""
    with closing(sqlite3.connect(store.inbox)) as conn, conn:
        return conn.execute(statement, values).fetchall()


def pulled(agency, connector=None, asked=ALL, **options):
    """The rows of the feed with these options beside the usual ones."""
    source = replace(agency.source, options={**agency.source.options, **options})
    tables = list((connector or agency.connector).pull(source, asked))
    return pa.concat_tables(tables).sort_by("KPJ").to_pylist()


def refused(agency, match, kind=UnusableFeedError, **options):
    """Pulling fails with this, says what to do, and quotes nothing of the office's data."""
    with pytest.raises(kind, match=match) as caught:
        pulled(agency, **options)
    told = "".join(traceback.format_exception(caught.value))
    assert not [value for value in PERSONAL if value in told]
    assert caught.value.remedy
    return caught.value


def change(agency, statement):
    """Change the records of a running office."""
    with closing(sqlite3.connect(agency.act.routes.store.records)) as conn, conn:
        conn.execute(statement)


def asking(agency, waits, url=None):
    """A connector to the office, whose pauses are only noted."""
    return RestConnector("dinas_3215", url or agency.act.url, wait=waits.append)


def _agency(store, office):
    waits = []

    def answer(answers):
        for delivery_id, *said in answers:
            inbox(
                store,
                "UPDATE jdl_surat SET ack_status = ?, ack_at = ?, ack_reason = ? WHERE delivery_id = ?",
                *said,
                delivery_id,
            )

    def delivered():
        names = (*ENVELOPE, *INBOX_COLUMNS)
        found = inbox(store, f"SELECT {', '.join(names)} FROM jdl_surat ORDER BY delivery_id")
        return [{n: v or None for n, v in zip(names, row, strict=True)} for row in found]

    feed = source("delta", path="v1/kerja", options=OPTIONS, watermark="TGL_UBAH")
    return Agency(
        RestConnector("bpjs", office.url, wait=waits.append),
        feed,
        outgoing(**FAST),
        answer,
        delivered,
        broken=[
            replace(feed, columns=(*COLUMNS, "NIK")),
            replace(feed, path="v1/gone"),
            replace(feed, options={**OPTIONS, "records": "data.0"}),
            replace(feed, options={**OPTIONS, "total": "meta.count"}),
        ],
        windowed=True,
        act=office,
    )


@contextmanager
def http(folder):
    """An agency over HTTP with OAuth2 client credentials."""
    store = records(folder)
    with serving(store, ACCOUNT) as office:
        yield _agency(store, office)


@contextmanager
def https(folder):
    """The same over HTTPS, for those who show a certificate of its own authority."""
    store = records(folder)
    with serving(store, ACCOUNT, tls=make_certificates(folder / "tls")) as office:
        yield _agency(store, office)


AGENCIES = {"rest-http": http, "rest-https": https}
SERVERS = set()
