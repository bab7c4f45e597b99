"""What goes wrong between us and an office over HTTP: each is met and said, without a value of the data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.rest_waits import Patience, retry_after
from jendela.model.errors import UnreachableError, UnusableFeedError
from tests.connectors.agency import WORKERS
from tests.connectors.rest_agency import (
    ALL,
    asking,
    change,
    http,
    pulled,
    refused,
)


@pytest.fixture
def agency(tmp_path):
    """An office over HTTP with four workers, two a page."""
    with http(tmp_path) as built:
        yield built


@pytest.fixture
def waits():
    """The pauses a connector made."""
    return []


@pytest.mark.parametrize("fault", ["429", "500", "503", "drop", "drop_after", "cut"])
def test_an_office_that_stumbles_is_asked_again(agency, fault):
    """Too many requests, a server that restarts, a connection lost half-way: twice, and then it goes on."""
    agency.act.faults.add(fault, fault, where="v1/kerja")
    assert len(pulled(agency)) == len(WORKERS)


def test_an_office_that_stays_silent_is_for_another_time(agency):
    """Three attempts were agreed; a later one may do, so the error is one to try again."""
    agency.act.faults.add("503", "drop", "429", where="v1/kerja")
    error = refused(agency, r"does not take our request now \(429\)", UnreachableError)
    assert error.retriable


def test_a_slow_office_is_not_waited_for_without_end(agency):
    """An answer that takes longer than agreed is a time-out, and is asked for again."""
    agency.act.faults.add("slow", where="v1/kerja")
    assert len(pulled(agency, timeout_seconds=0.5)) == len(WORKERS)
    agency.act.faults.add("slow", "slow", "slow", where="v1/kerja")
    refused(agency, "did not answer in time", UnreachableError, timeout_seconds=0.5)


def test_the_office_says_how_long_to_wait(agency, waits):
    """Retry-After in seconds and as a date is kept to; without one the pause doubles."""
    connector = asking(agency, waits)
    agency.act.faults.add("429", where="v1", retry_after="3")
    assert len(pulled(agency, connector)) == len(WORKERS)
    assert waits == [3]
    waits.clear()
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    agency.act.faults.add("503", where="v1", retry_after=later)
    pulled(agency, connector, longest_wait_seconds=120)
    assert 80 < waits[0] <= 90
    waits.clear()
    agency.act.faults.add("503", "503", where="v1")
    pulled(agency, connector)
    assert waits == [0.5, 1.0]


def test_an_office_that_asks_for_an_hour_is_left_for_later(agency, waits):
    """More than was agreed is not slept through: the night goes on without it."""
    agency.act.faults.add("429", where="v1", retry_after="3600")
    with pytest.raises(UnreachableError, match="wait 3600 s; agreed are 5"):
        pulled(agency, asking(agency, waits))
    assert not waits


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("120", None, 120), ("0", None, 0), (None, None, None), ("soon", None, None),
        ("-5", None, None), ("٣", None, None),
        ("Fri, 27 Nov 2026 01:00:30 GMT", "Fri, 27 Nov 2026 01:00:00 GMT", 30),
        ("Fri, 27 Nov 2026 00:00:00 GMT", "Fri, 27 Nov 2026 01:00:00 GMT", 0),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_the_standard_has_it(header, date, seconds):
    """By the office's own clock where it sends one; what cannot be read asks for nothing."""
    assert retry_after(header, date) == seconds


def test_a_pause_is_never_longer_than_agreed():
    """However often it is tried."""
    assert [Patience(longest=2).pause(n, None) for n in range(4)] == [0.5, 1, 2, 2]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("401", "does not accept our credentials"), ("403", "Our account may not do this"),
        ("404", "nothing under the agreed path"), ("410", "withdrawn this path for good"),
        ("html", r"web page \(HTML\) instead of JSON"),
        ("wrong_type", "media type text/csv; agreed is application/json"),
        ("bad_json", r"no JSON from character \d+ of \d+: cut off or damaged"), ("nan", "NaN or Infinity"),
        ("twice", "a name twice in one object"), ("latin", "not UTF-8"),
        ("packed", "packed in a way that we did not ask for"),
        ("elsewhere", "redirects us to another host"), ("no_total", "no total at meta.total"),
        ("more", "has 4 records, more than the 2 asked for|more records than the 4"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_as_agreed_says_what_it_is(agency, fault, said):
    """Each is an error that trying again does not mend, and that tells a person what to do."""
    agency.act.faults.add(*[fault] * (2 if fault == "401" else 1), where="v1/kerja")
    assert not refused(agency, said).retriable


@pytest.mark.parametrize("fault", ["big", "bomb"])
def test_no_answer_is_larger_than_agreed(agency, fault):
    """Four megabytes of blanks, or sixty-four packed into a few thousand bytes: neither is taken in."""
    agency.act.faults.add(fault, where="v1/kerja")
    refused(agency, "larger than the agreed 100000 bytes", page_bytes=100_000)


def test_a_redirect_at_the_same_office_is_followed(agency):
    """As far as it goes; in a circle it ends."""
    agency.act.faults.add("redirect", "redirect", where="v1/kerja")
    assert len(pulled(agency)) == len(WORKERS)
    agency.act.faults.add(*["redirect"] * 5, where="v1/kerja")
    refused(agency, "redirects us where nothing is answered")


@pytest.mark.parametrize("paging", [{"style": "link"}, {"style": "next", "next": "meta.next"}])
def test_the_link_to_the_next_page_stays_with_the_office(agency, paging):
    """Our credentials do not follow it to another host."""
    agency.act.faults.add("link_elsewhere", where="v1/kerja")
    refused(agency, "leads us to another host", paging={**paging, "size": 2, "size_parameter": "size"})


@pytest.mark.parametrize("total", [{"total": "meta.total"}, {"total_header": "X-Total-Count"}, {}])
def test_a_page_that_shrinks_is_not_the_end(agency, total):
    """One row of two goes missing on the first page, whether the office says a total or not."""
    agency.act.faults.add("shrunk", where="v1/kerja")
    refused(agency, "has 1 of 2 records", **{"total": "", **total})


def test_a_last_page_that_shrinks_is_found_by_the_total(agency):
    """By cursor nothing else would tell."""
    paging = {"style": "cursor", "next": "meta.next_cursor", "size": 3, "size_parameter": "limit"}
    assert len(pulled(agency, paging=paging)) == len(WORKERS)
    agency.act.faults.add("shrunk", where="v1/kerja")
    refused(agency, "ends after 3 of 4 records", paging=paging)


def test_a_page_that_comes_again_is_a_circle(agency):
    """The second page is the first once more."""
    tables = agency.connector.pull(agency.source, ALL)
    next(tables)
    agency.act.faults.add("repeated", where="v1/kerja")
    with pytest.raises(UnusableFeedError, match="Page 2 is the same as a page before it"):
        next(tables)


def test_rows_that_move_between_the_pages_are_noticed(agency):
    """A worker is put before the others while they are read: one came twice, and one may have been missed."""
    tables = agency.connector.pull(agency.source, ALL)
    next(tables)
    change(agency, "UPDATE kerja SET rowid = -rowid WHERE KPJ = '12345678904'")
    with pytest.raises(UnreachableError, match="moved from one page to another"):
        list(tables)


def test_an_office_that_has_a_row_twice_is_believed(agency):
    """The same key on two pages, and again when asked again: it is the office's own, for the hub to count."""
    change(agency, "INSERT INTO kerja SELECT * FROM kerja WHERE rowid = 1")
    assert [row["KPJ"][-1] for row in pulled(agency)] == ["1", "1", "2", "3", "4"]


def test_a_total_that_changes_is_for_another_try(agency):
    """Somebody was added between two pages."""
    tables = agency.connector.pull(agency.source, ALL)
    next(tables)
    change(agency, "INSERT INTO kerja (KPJ) VALUES ('x')")
    with pytest.raises(UnreachableError, match="total changed"):
        list(tables)
