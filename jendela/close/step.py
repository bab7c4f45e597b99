"""Close the night: balance, report, log, the signed evidence; and what is past its time goes."""

from __future__ import annotations

from jendela import report
from jendela.close import balance, retention, unended
from jendela.evidence import ledger
from jendela.evidence.commit import commit
from jendela.law import load_law
from jendela.model.errors import BalanceError
from jendela.model.receipt import Night, Receipt
from jendela.report import statement
from jendela.store import nights, receipts
from jendela.store.hub import Hub

STEP = "close"


def run(hub: Hub, night: Night) -> Receipt:
    """The receipt of the close, with both balances (`feed:…`, `delivery:…`) and the digests of the reports.

    An office whose delivery ended without a receipt is told as missing. A balance that is out still gets its
    report, but the night stays open.

    Raises:
        UnfinishedError: a step over the register did not end: there is nothing to close yet.
        BalanceError: a feed or a delivery does not add up; each is named with its difference.
    """
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, ""):
            ledger.export(hub)
            return done
        unended.refuse(night, receipts.of_night(conn, night))
    inboxes = hub.settings.offices if night.supplement else night.offices
    unended.settle(hub, night, "deliver", inboxes)
    with hub.begin() as conn:
        performed = receipts.of_night(conn, night)
        holidays = frozenset(load_law(hub.settings.agreements).calendar.generous)
        offices = hub.agreements.offices
        told = statement.state(conn, night, offices, holidays, hub.settings.first_night, performed)
    lines = [*balance.rows(performed), *balance.deliveries(performed)]
    written = report.write(hub, night, performed, {line.key: line.counts for line in lines}, told)
    if broken := [line for line in lines if line.difference]:
        named = "; ".join(f"{line.name} is out by {line.difference}" for line in broken)
        raise BalanceError(
            f"The night of {night.label} does not balance: {named}. It stays open: nothing is lost, the "
            "landing files and receipts are there. Report it with the night's receipts; do not delete them."
        )
    with hub.begin() as conn:
        nights.close_night(conn, night, hub.clock())
        past = retention.declare(conn, hub, night)
        receipt = commit(
            conn,
            Receipt(
                night.label,
                STEP,
                "",
                {line.key: line.counts for line in lines} | statement.counted(told),
                artefacts=written,
            ),
        )
    ledger.export(hub)
    retention.remove(hub.state, past)
    return receipt
