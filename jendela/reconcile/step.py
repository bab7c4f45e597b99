"""The step *reconcile*: every rule over the register, and what becomes of each discrepancy and obligation."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection

from jendela.evidence import subtree
from jendela.evidence.commit import commit
from jendela.law import load_law
from jendela.letters.rules import load_rules
from jendela.model.receipt import Night, Receipt
from jendela.reconcile import (
    authenticity,
    cards,
    claimants,
    claims,
    contributions,
    copies,
    deceased,
    firm_identity,
    firms,
    identity,
    jobsearch,
    judged,
    lateness,
    letters,
    obligations,
    owed,
    own_numbers,
    payments,
    programmes,
    proof,
    reasons,
    registration,
    renewals,
    reporting,
    resigned,
    reuse,
    rights,
    search,
    spells,
    training,
    unreported,
    wages,
)
from jendela.reconcile.duties import load_duties
from jendela.reconcile.known import Known
from jendela.reconcile.lifecycle import Settled, Tonight, identified, settle
from jendela.reconcile.owed import Owed
from jendela.reconcile.reading import read_known
from jendela.store import frames, receipts
from jendela.store.hub import Hub
from jendela.store.tables import discrepancy, obligation

STEP = "reconcile"
RULES = (
    *(registration, reporting, lateness, proof),
    *(copies, letters, judged, reasons, resigned, authenticity, reuse, wages),
    *(jobsearch, claims, identity),
    *(contributions, payments, search, training, rights, claimants, spells, unreported, firms),
    *(firm_identity, programmes, renewals, own_numbers, cards, deceased),
)


def run(hub: Hub, night: Night) -> Receipt:
    """Judge the register. Counts by code: open, opened, reopened, closed, withheld; and `obligations`."""
    folder = hub.settings.agreements
    tonight = Tonight(night.day, night.seq, load_law(folder), load_duties(folder), load_rules(folder))
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, ""):
            return done
        known = read_known(conn, hub, night, tonight.law, tonight.rules)
        findings = identified(pl.concat([rule.find(known) for rule in RULES]), hub.keyring)
        existing = _existing(conn, findings)
        settled = settle(findings, existing, _alive(known), tonight)
        ends = owed.identified(obligations.find(known), hub.keyring)
        due = owed.settle(ends, frames.read(conn, obligation), tonight)
        _keep(conn, settled, due)
        changed = pl.concat([settled.opened, settled.reopened, settled.closed], how="diagonal_relaxed")
        first = changed["records"].str.json_decode(pl.List(pl.String)).list.first()
        rows = changed.select(pl.concat_str("discrepancy_id", "code", "state", separator="\x1f")).to_series()
        return commit(
            conn,
            Receipt(
                night.label,
                STEP,
                "",
                _counts(settled, due),
                versions={
                    "law": tonight.law.digest,
                    "readings": tonight.law.readings.version,
                    "discrepancies": tonight.duties.digest,
                },
                subtree=subtree.root(conn, first, rows),
            ),
        )


def _existing(conn: Connection, findings: pl.DataFrame) -> pl.DataFrame:
    """The open discrepancies, and the closed ones that are found again."""
    found = findings.filter(pl.col("found")).select("discrepancy_id")
    is_open = pl.DataFrame({"state": ["open"]})
    again = frames.matching(conn, discrepancy, found, discrepancy.c.state == "closed")
    return pl.concat([frames.matching(conn, discrepancy, is_open), again])


def _alive(known: Known) -> pl.Series:
    return pl.concat([records["record_id"] for records in known.records.values()]).unique()


def _keep(conn: Connection, settled: Settled, due: Owed) -> None:
    frames.load(conn, discrepancy, settled.opened)
    for frame in (
        settled.kept.drop("code"),
        settled.reopened.drop("records"),
        settled.closed.drop("code", "records"),
    ):
        frames.update(conn, discrepancy, frame, on=["discrepancy_id"])
    frames.load(conn, obligation, due.opened)
    for frame in (due.kept, due.ended):
        frames.update(conn, obligation, frame, on=["obligation_id"])


def _counts(settled: Settled, due: Owed) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    named = {
        "opened": settled.opened,
        "kept": settled.kept,
        "reopened": settled.reopened,
        "closed": settled.closed,
        "withheld": settled.withheld,
    }
    for name, frame in named.items():
        for code, cases in frame.group_by("code").len().iter_rows():
            counts.setdefault(code, dict.fromkeys(named, 0))[name] = cases
    for code in counts.values():
        code["open"] = code["opened"] + code.pop("kept") + code["reopened"]
    states = dict(due.ended.group_by("state").len().iter_rows())
    counts["obligations"] = {
        "open": due.opened.height + due.kept.height,
        "opened": due.opened.height,
        "met": states.get("met", 0),
        "lapsed": states.get("lapsed", 0),
    }
    return dict(sorted(counts.items()))
