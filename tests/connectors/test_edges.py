"""What programs write for "never", and numbers that nobody counted: a value, or an error of the feed."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pyarrow as pa
import pytest

from connectors import canonical, rest_waits
from connectors.rest import RestConnector
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource, Window

NEVER, FOR_EVER = "0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-07:00"


@contextmanager
def answering(body):
    """The URL of an office that answers everything with these bytes."""

    class Office(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that http.server asks for

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Office)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def kerja(**options):
    """A feed over HTTP with an id and a watermark."""
    options = {"tries": 1, "window": {"since": "since", "until": "until"}, "highest": {}, **options}
    return FeedSource(
        "d", "d.kerja", "delta", ("ID", "UBAH"), ("ID",), watermark="UBAH", path="v1", options=options
    )


def test_a_record_that_was_never_changed_does_not_end_the_feed():
    """.NET writes year 1 with its zone, which lies before year 1 in UTC: the other rows come all the same."""
    rows = [
        {"ID": "1", "UBAH": FOR_EVER},
        {"ID": "2", "UBAH": "2026-08-01T07:00:00+07:00"},
        {"ID": "3", "UBAH": NEVER},
    ]
    with answering(json.dumps(rows).encode()) as place:
        office = RestConnector("d", f"http://{place}")
        assert office.high_watermark(kerja()) == "9999-12-31 23:59:59"
        found = pa.concat_tables(
            office.pull(kerja(), Window("2026-01-01 00:00:00", "9999-12-31 23:59:59.000001"))
        )
        assert found["ID"].to_pylist() == ["1", "2"]
        whole = pa.concat_tables(office.pull(kerja(), Window(None, None)))
        assert whole["UBAH"].to_pylist()[1:] == ["2026-08-01 00:00:00Z", "0001-01-01 00:00:00Z"]


def test_the_ends_of_the_calendar_stay_its_ends():
    """Of a driver's value too."""
    zone = timezone(timedelta(hours=7))
    assert canonical.text_of(datetime(1, 1, 1, tzinfo=zone)) == "0001-01-01 00:00:00Z"
    west = timezone(-timedelta(hours=7))
    assert canonical.text_of(datetime(9999, 12, 31, 23, tzinfo=west)) == "9999-12-31 23:59:59Z"
    assert canonical.text_of(datetime(2026, 1, 1, 7, tzinfo=zone)) == "2026-01-01 00:00:00Z"
    assert canonical.text_of(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01 00:00:00Z"


def test_a_number_of_five_thousand_digits_is_none():
    """Python refuses to make a number of it; so do we, by the name of the feed."""
    with answering(b'[{"ID": "1", "UBAH": ' + b"9" * 5000 + b"}]") as place:
        office = RestConnector("d", f"http://{place}")
        with pytest.raises(UnusableFeedError, match="can be read"):
            office.high_watermark(kerja(window={"form": "number"}))
    with answering(b'{"n": ' + b"9" * 5000 + b', "rows": []}') as place:
        office = RestConnector("d", f"http://{place}")
        with pytest.raises(UnusableFeedError, match="no total at n"):
            list(office.pull(kerja(total="n", records="rows"), Window(None, None)))


def test_a_token_server_without_end_is_named():
    """A hundred thousand brackets are no token."""
    with answering(b"[" * 100_000) as place, pytest.raises(UnusableFeedError, match="no access_token"):
        RestConnector("d", f"http://a:b@{place}?token_url=http://{place}/token").check(kerja())


def test_a_zone_that_is_none_says_nothing_of_when_to_come_back():
    """What is no date is no date."""
    assert rest_waits.retry_after("Mon, 01 Jan 2026 00:00:00 +99999999999999999999", None) is None
