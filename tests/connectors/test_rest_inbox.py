"""An inbox over HTTP: each row there once, whatever happens between a batch and the answer to it."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace

import polars as pl
import pyarrow as pa
import pytest

from connectors.rest import RestConnector
from jendela.deliver import piecemeal
from jendela.demo.rest_office import serving
from jendela.demo.rest_routes import Reply
from jendela.model.errors import UnreachableError, UnusableFeedError
from tests.connectors.agency import NIGHT, outgoing
from tests.connectors.rest_agency import ACCOUNT, FAST, http, inbox, records

NIK = "3215014101900001"


@pytest.fixture
def agency(tmp_path):
    """An office over HTTP with an empty inbox."""
    with http(tmp_path) as built:
        yield built


def letters(count):
    """So many rows to deliver."""
    same = {"verb": "upsert", "night": NIGHT, "recipient": "bpjs", "KPJ": NIK, "NO_SURAT": None}
    ids = [f"{number:064x}" for number in range(count)]
    return pa.table({"delivery_id": ids, **{n: pa.array([v] * count, pa.string()) for n, v in same.items()}})


def there(agency):
    """How many rows the office has, and how many different deliveries they are."""
    return inbox(agency.act.routes.store, "SELECT count(*), count(DISTINCT delivery_id) FROM jdl_surat")[0]


def sent(agency, **options):
    """How many rows of five were new, in batches of two."""
    asked = replace(agency.outgoing, options={**FAST, "batch_rows": 2, **options})
    return agency.connector.deliver(asked, letters(5))


@pytest.mark.parametrize("fault", ["drop_after", "cut", "500", "503", "429", "drop"])
def test_a_batch_whose_answer_is_lost_is_asked_for_before_it_is_sent_again(agency, fault):
    """Whether the office took it before the line broke or not: every row is there once, counted as new."""
    agency.act.faults.add(fault, where="/rows")
    assert sent(agency) == 5
    assert there(agency) == (5, 5)
    said = [
        line.rpartition("/")[0 if "batches" in line else 2]
        for line in agency.act.requests
        if "/inbox/" in line
    ]
    asked = "GET /api/inbox/jdl_surat/batches"
    taken = fault in ("drop_after", "cut")
    assert said == ["rows", asked, "rows", "rows"] if taken else ["rows", asked, "rows", "rows", "rows"]


def test_a_time_out_after_acceptance_is_neither_a_loss_nor_a_duplicate(agency):
    """The office has stored the batch and takes too long to say so."""
    agency.act.faults.add("slow_after", where="/rows")
    assert sent(agency, timeout_seconds=0.5) == 5
    assert there(agency) == (5, 5)


def test_a_batch_that_arrives_late_is_taken_once(agency):
    """The first one is still on its way when it is sent again: both have one key, and each row its own id."""
    agency.act.faults.add("slow", where="/rows")
    sent(agency, timeout_seconds=0.5)
    assert sent(agency) == 0
    assert there(agency) == (5, 5)


def test_an_office_that_never_says_is_asked_again_the_next_night(agency):
    """All attempts fail after the first batch was stored; sent again, only the rest is new."""
    agency.act.faults.add("drop_after", where="/rows")
    agency.act.faults.add("drop", "drop", where="/batches")
    with pytest.raises(UnreachableError) as caught:
        sent(agency)
    assert NIK not in "".join(traceback.format_exception(caught.value))
    assert there(agency) == (2, 2)
    assert sent(agency) == 3
    assert there(agency) == (5, 5)


def test_a_batch_in_work_is_waited_for(agency, monkeypatch):
    """409 says that this key is being worked on: no second batch is sent."""
    answers = iter([409, 409])
    real = agency.act.routes.answer

    def busy(request):
        reply = real(request)
        if "/inbox/" in request.path and (status := next(answers, None)):
            reply.status = status
        return reply

    monkeypatch.setattr(agency.act.routes, "answer", busy)
    assert agency.connector.deliver(replace(agency.outgoing, options=FAST), letters(3)) == 3
    assert there(agency) == (3, 3)


def test_rows_that_the_office_refuses_at_once_are_answered_like_all_others(tmp_path):
    """One of three lacks its key there: the others are taken, its refusal comes with the answers."""
    store = replace(
        records(tmp_path), refuses=lambda row: "K01" if row["delivery_id"].endswith("1") else None
    )
    with serving(store, ACCOUNT) as office:
        connector = RestConnector("bpjs", office.url)
        assert connector.deliver(outgoing(**FAST), letters(3)) == 2
        ids = letters(3)["delivery_id"].to_pylist()
        assert connector.acknowledgements(outgoing(**FAST), ids).to_pylist() == [
            {"delivery_id": ids[1], "ack_status": "DITOLAK", "ack_at": None, "ack_reason": "K01"}
        ]


@pytest.mark.parametrize("rows", [0, 7])
def test_a_night_is_announced_with_its_rows_zero_included(agency, rows):
    """Twice, and after a lost answer: one announcement, with the last number."""
    agency.act.faults.add("drop_after", where="/announcements")
    agency.connector.announce(agency.outgoing, NIGHT, 3)
    agency.connector.announce(agency.outgoing, NIGHT, rows)
    found = inbox(
        agency.act.routes.store, "SELECT recipient, delivery, night, row_count FROM jdl_announcement"
    )
    assert found == [("bpjs", "letters", NIGHT, rows)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"received": 1, "known": 1, "refused": []}, "account for each of the 3 rows"),
        ({"received": 3, "known": 0}, "no list `refused`"),
        ({"received": "3", "known": 0, "refused": []}, "no number `received`"),
        ({"received": 2, "known": 0, "refused": [{"delivery_id": NIK}]}, "account for each of the 3 rows"),
        ([], "no number `received`"),
        ("html", "web page"),
    ],
)
def test_an_inbox_that_does_not_keep_to_the_contract_is_told(agency, monkeypatch, body, said):
    """A row that nobody accounts for is not taken for delivered."""
    if body == "html":
        agency.act.faults.add("html", where="/rows")
    else:
        monkeypatch.setattr(agency.act.routes.store.__class__, "take", lambda *_: body)
    with pytest.raises(UnusableFeedError, match=said) as caught:
        agency.connector.deliver(agency.outgoing, letters(3))
    assert NIK not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "acks",
    [
        {"acks": {}}, {}, {"acks": [{"delivery_id": "1"}]}, {"acks": [NIK]},
        {"acks": [{"delivery_id": 1, "ack_status": None}]},
    ],
)  # fmt: skip
def test_answers_of_another_shape_are_told(agency, monkeypatch, acks):
    """And nothing of them is shown."""
    monkeypatch.setattr(agency.act.routes.store.__class__, "acks", lambda *_: acks.get("acks"))
    monkeypatch.setattr(
        "jendela.demo.rest_routes.written",
        lambda document: json.dumps(document if "access_token" in document else acks).encode(),
    )
    with pytest.raises(UnusableFeedError, match="The inbox's answer has no") as caught:
        agency.connector.acknowledgements(agency.outgoing, ["1"])
    assert NIK not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("403", "may not do this"),
        ("404", "nothing under the agreed path"),
        ("redirect", r"answered \(POST\)"),
        ("elsewhere", "another host"),
    ],
)
def test_an_inbox_that_refuses_a_batch_says_why(agency, fault, said):
    """Rows are never posted to where somebody redirects them."""
    agency.act.faults.add(fault, where="/rows")
    with pytest.raises(UnusableFeedError, match=said):
        sent(agency)


def test_a_web_page_in_place_of_an_announcement_is_not_taken_for_kept(agency):
    """A login page answers 200 to everything."""
    agency.act.faults.add("html", where="/announcements")
    with pytest.raises(UnusableFeedError, match="web page"):
        agency.connector.announce(agency.outgoing, NIGHT, 0)


@pytest.mark.parametrize(("body", "kept"), [(b'{"error": "x"}', False), (b'{"ok": true}', True), (b"", True)])
def test_an_announcement_with_an_error_in_a_success_is_not_taken_for_kept(agency, monkeypatch, body, kept):
    """As many interfaces answer that know one status only."""
    real = agency.act.routes.answer

    def answer(request):
        reply = real(request)
        if "/announcements/" in request.path:
            reply.status, reply.content = 200, body
            reply.headers["Content-Type"] = "application/json"
        return reply

    monkeypatch.setattr(agency.act.routes, "answer", answer)
    if kept:
        agency.connector.announce(agency.outgoing, NIGHT, 0)
        return
    with pytest.raises(UnusableFeedError, match="tells of an error"):
        agency.connector.announce(agency.outgoing, NIGHT, 0)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_row_that_the_office_refuses_with_its_whole_batch_keeps_no_other_back(agency, monkeypatch, status):
    """It should be in `refused`, and is not: by halves the others arrive, under their own ids."""
    real = agency.act.routes.answer
    bad = "2".zfill(64)

    def strict(request):
        if request.path.endswith("/rows") and bad.encode() in request.body:
            return Reply(status, {})
        return real(request)

    monkeypatch.setattr(agency.act.routes, "answer", strict)
    to = replace(agency.outgoing, options=FAST)
    five = pl.DataFrame(letters(5))
    reached, error = piecemeal.deliver(lambda part: agency.connector.deliver(to, part.to_arrow()), five)
    assert isinstance(error, UnusableFeedError)
    assert sorted(set(five["delivery_id"]) - set(reached["delivery_id"])) == [bad]
    assert there(agency) == (4, 4)


def test_an_answer_to_what_was_not_asked_for_comes_along_once(agency, monkeypatch):
    """An inbox that says all its answers to every question; whose they are the hub finds out."""
    said = {"delivery_id": NIK, "ack_status": "DITOLAK", "ack_at": None, "ack_reason": None}
    monkeypatch.setattr(agency.act.routes.store.__class__, "acks", lambda *_: [said])
    ids = letters(200)["delivery_id"].to_pylist()
    assert agency.connector.acknowledgements(agency.outgoing, ids).to_pylist() == [said]
