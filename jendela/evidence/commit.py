"""A step's receipt takes effect: beside the step's rows, with its entry in the ledger, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jendela.evidence import ledger
from jendela.model.receipt import Night, Receipt
from jendela.store import receipts
from jendela.store.hub import Hub


def commit(conn: Connection, receipt: Receipt) -> Receipt:
    """The receipt, written with its ledger entry in the caller's transaction. Call it last: entries queue up.

    Raises:
        sqlalchemy.exc.IntegrityError: the step has a receipt already; the transaction must not take effect.
    """
    receipts.add(conn, receipt, ledger.append(conn, "receipt", asdict(receipt)))
    return receipt


def once(hub: Hub, night: Night, step: str, scope: str, effect: Callable[[Connection], Receipt]) -> Receipt:
    """The receipt of a step that takes effect once, whoever else is at it.

    Another attempt may be done meanwhile (Airflow took the first for dead): then its receipt is given, and
    nothing of this one is kept.

    Args:
        effect: writes the step's rows, and gives the receipt to be committed with them.

    Raises:
        sqlalchemy.exc.IntegrityError: a key is there already, and not because the step is done.
    """
    try:
        with hub.begin() as conn:
            return receipts.find(conn, night, step, scope) or commit(conn, effect(conn))
    except IntegrityError:  # on PostgreSQL both may look before either is done
        with hub.reading() as conn:
            if done := receipts.find(conn, night, step, scope):
                return done
        raise
