"""An office's task that ended without a receipt (killed, out of memory, its worker lost): told as missing.

A night is its receipts. One is committed in place of the one that never came, so that every later step, the
statement and the report know of the office, and so that a task that lives on after all commits nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jendela.contracts.office import Office
from jendela.evidence.commit import commit
from jendela.model.errors import UnfinishedError
from jendela.model.receipt import Missing, Night, Receipt
from jendela.store import receipts
from jendela.store.hub import Hub

OVER_THE_REGISTER = ("measures", "merge", "identify", "consolidate", "reconcile")
REMEDIES = {
    "pull": "See the log of its task; then fetch what it owes: jendela catch-up {office}.",
    "deliver": "See the log of its task; what is due stays pending and goes out the next night.",
}


def settle(hub: Hub, night: Night, step: str, offices: Sequence[str]) -> None:
    """Every office without a receipt of `step` (pull or deliver) gets one in which all of it is missing."""
    with hub.begin() as conn:
        ended = {receipt.scope for receipt in receipts.of_night(conn, night) if receipt.step == step}
        for office in offices:
            if office not in ended:
                commit(conn, _lost(hub.agreements.offices[office], night, step))


def refuse(night: Night, performed: Iterable[Receipt]) -> None:
    """Nothing, if every step over the register is done.

    Raises:
        UnfinishedError: one is not; the night cannot be closed over it.
    """
    ended = {receipt.step for receipt in performed}
    if left := [step for step in OVER_THE_REGISTER if step not in ended]:
        raise UnfinishedError(
            f"The night of {night.label} is not finished: {', '.join(left)} did not end. It stays open: "
            f"clear the failed task in Airflow, or go on with jendela run --night {night.day}."
        )


def _lost(office: Office, night: Night, step: str) -> Receipt:
    names = office.feeds if step == "pull" else office.deliveries
    what = "pull" if step == "pull" else "delivery"
    missing = tuple(
        Missing(
            office.id,
            name,
            f"Its {what} ended without a receipt: it was killed, or failed within.",
            REMEDIES[step].format(office=office.id),
            retriable=False,
            lost=True,
        )
        for name in sorted(names)
    )
    versions = {feed.name: feed.version for feed in office.feeds.values()} if step == "pull" else {}
    return Receipt(night.label, step, office.id, {}, missing=missing, versions=versions)
