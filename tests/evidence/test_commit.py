"""A step takes effect once, whoever else is at it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from jendela.evidence.commit import once
from jendela.model.receipt import Night, Receipt
from jendela.store import receipts, tables

NIGHT = Night(date(2026, 3, 2), 1, ("bpjs",))


def receipt(rows):
    """What an attempt says of itself."""
    return Receipt(NIGHT.label, "validate", "bpjs", {"bpjs.tk": {"accepted": rows}})


def effect(rows):
    """An attempt that writes a row of its own."""

    def write(conn):
        state = {"feed": f"bpjs.{rows}", "last_seq": 1}
        conn.execute(insert(tables.feed_state).values(state))
        return receipt(rows)

    return write


def count(hub, table):
    """How many rows there are."""
    with hub.reading() as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar()


def test_a_step_that_is_done_gives_its_receipt_again(hub):
    """Nothing of the second attempt is kept."""
    assert once(hub, NIGHT, "validate", "bpjs", effect(1)) == receipt(1)
    assert once(hub, NIGHT, "validate", "bpjs", effect(2)) == receipt(1)
    assert (count(hub, tables.feed_state), count(hub, tables.ledger_leaf)) == (1, 1)


def test_of_two_attempts_at_once_one_takes_effect(open_hub):
    """Both have looked and found nothing; the later one gives the receipt of the other, and no error."""
    hub, other = open_hub(), open_hub()
    if hub.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: the second looks when the first is done")

    def overtaken(conn):
        once(other, NIGHT, "validate", "bpjs", effect(1))
        return effect(2)(conn)

    assert once(hub, NIGHT, "validate", "bpjs", overtaken) == receipt(1)
    with hub.reading() as conn:
        assert receipts.of_night(conn, NIGHT) == [receipt(1)]
    assert (count(hub, tables.feed_state), count(hub, tables.ledger_leaf)) == (1, 1)


def test_an_error_of_another_kind_is_none_of_these(hub):
    """A key that is there twice, and no receipt: the attempt is wrong, not late."""
    once(hub, NIGHT, "validate", "bpjs", effect(1))
    with pytest.raises(IntegrityError):
        once(hub, NIGHT, "validate", "dinas_3215", effect(1))
