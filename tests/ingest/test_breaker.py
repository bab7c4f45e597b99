"""An office that has not answered for nights is probed once, and is asked again as soon as it answers."""

from __future__ import annotations

import pytest

from connectors.sql import SqlConnector
from jendela.ingest import breaker, halted
from tests.ingest.nights import counts, pulled

FEEDS = ("kerja", "upah", "klaim")


class Counting(SqlConnector):
    """The real connector, counting what is asked of the office."""

    asked: list[str] = []  # noqa: RUF012  shared on purpose: every night opens a connector of its own

    def check(self, source):
        self.asked.append(f"check {source.feed}")
        super().check(source)

    def high_watermark(self, source):
        self.asked.append(f"ask {source.feed}")
        return super().high_watermark(source)


@pytest.fixture
def away(office):
    """An office with three feeds whose database is not there."""
    for name in FEEDS:
        office.agree(
            name, "delta", ("KPJ", "TGL_UBAH"), ["KPJ"], watermark="TGL_UBAH",
            query=f"SELECT KPJ, TGL_UBAH FROM {name}",
        )  # fmt: skip
    Counting.asked.clear()
    office.hub.connector = lambda transport, name, where: Counting(name, where)
    office.hub.resolve = lambda _: f"sqlite:///{office.folder / 'pergi' / 'office.db'}"
    return office


def back(office):
    """The database is there again, with a row in each table."""
    office.hub.resolve = lambda _: f"sqlite:///{office.folder / 'office.db'}"
    for name in FEEDS:
        office.sql(
            f"CREATE TABLE {name} (KPJ TEXT, TGL_UBAH TIMESTAMP)",
            f"INSERT INTO {name} VALUES ('12345678901', '2026-03-01 10:00:00')",
        )


def test_five_nights_of_an_office_that_is_away_and_returns(away):
    """Three nights every feed is asked; two more cost one look each; then it is there, and all is asked."""
    for _ in range(3):
        receipt = pulled(away)
        assert [item.skipped for item in receipt.missing] == [False] * 3
    for night in (4, 5):
        Counting.asked.clear()
        receipt = pulled(away, last_attempt=False)  # not even a first attempt is repeated
        assert Counting.asked == ["check bpjs.kerja"]
        assert [item.feed for item in receipt.missing] == ["bpjs.kerja", "bpjs.klaim", "bpjs.upah"]
        assert all(item.skipped and item.retriable for item in receipt.missing)
        assert f"not answered for {night - 1} nights" in receipt.missing[0].reason
    (one,) = halted.listed(away.hub)
    assert (one.office, one.guard, one.night) == ("bpjs", "breaker", "2026-03-02")
    back(away)
    assert counts(pulled(away, *FEEDS), "upah") == {"received": 1, "changes": 1}
    assert halted.listed(away.hub) == []
    with away.hub.reading() as conn:
        assert not breaker.read(conn, away.hub, "bpjs", away.seq + 1).is_open


def test_a_person_may_have_it_asked_in_full(away):
    """Released, the next night asks every feed with all attempts, and counts its failures from one again."""
    for _ in range(4):
        pulled(away)
    (made,) = halted.decide(away.hub, "bpjs", "released", "Ratna", "jaringan diganti")
    assert (made.guard, made.state) == ("breaker", "released")
    receipt = pulled(away)
    assert not any(item.skipped for item in receipt.missing)
    with away.hub.reading() as conn:
        state = breaker.read(conn, away.hub, "bpjs", away.seq + 1)
    assert (state.failures, state.is_open) == (1, False)


def test_an_office_of_which_one_feed_answers_does_not_fail(away):
    """Two of its three tables are gone, for many nights: that is told feed by feed, and no breaker opens."""
    back(away)
    away.sql("DROP TABLE klaim", "DROP TABLE upah")
    for _ in range(5):
        receipt = pulled(away, "kerja")
        assert not any(item.skipped for item in receipt.missing)
    assert halted.listed(away.hub) == []


def wrote(night, many):
    """So many rows of a day of March."""
    moment = f"2026-03-0{night + 1} 10:00:00"
    return [f"INSERT INTO kerja VALUES ('{night}{number:010}', '{moment}')" for number in range(many)]


def test_a_batch_taken_from_its_landing_is_no_answer_of_the_office(away):
    """Its storm is released while it is away: the breaker stays open, as if there had been none."""
    back(away)
    for night in range(3):
        away.sql(*wrote(night, 9))
        pulled(away, *FEEDS)
    away.sql(*wrote(3, 600))
    assert counts(pulled(away, *FEEDS), "kerja")["halted"] > 600
    away.hub.resolve = lambda _: f"sqlite:///{away.folder / 'pergi' / 'office.db'}"
    for _ in range(3):
        pulled(away)
    halted.decide(away.hub, "bpjs.kerja", "released", "Ratna", "pindah sistem")
    receipt = pulled(away, "kerja")
    assert counts(receipt, "kerja")["released"] > 600
    assert all(item.skipped for item in receipt.missing)
    receipt = pulled(away)
    assert [item.skipped for item in receipt.missing] == [True] * 3
    assert "for 4 nights" in receipt.missing[0].reason
