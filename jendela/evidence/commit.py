"""A step's receipt takes effect: beside the step's rows, with its entry in the ledger, or not at all."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection

from jendela.evidence import ledger
from jendela.model.receipt import Receipt
from jendela.store import receipts


def commit(conn: Connection, receipt: Receipt) -> Receipt:
    """The receipt, written with its ledger entry in the caller's transaction. Call it last: entries queue up.

    Raises:
        sqlalchemy.exc.IntegrityError: the step has a receipt already; the transaction must not take effect.
    """
    receipts.add(conn, receipt, ledger.append(conn, "receipt", asdict(receipt)))
    return receipt
