"""One night as an auditor reads it: plain data from the store and the receipts; nobody is named in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from jendela.model.balance import DELIVERIES, ROWS
from jendela.model.receipt import Night, Receipt, parse_label
from jendela.report import coverage, groups
from jendela.report.groups import Place, Section
from jendela.report.refusals import refusals
from jendela.report.returns import returns
from jendela.store import tables

SCHEMA = "jendela.report/1"
"""The shape of the JSON edition; docs/how-to/read-the-report.md says what it promises."""


@dataclass
class NightReport:
    """Everything the renderers show; `as_dict` of it is the JSON edition."""

    night: str
    seq: int
    offices: list[str]
    statement: dict[str, Any]
    balanced: bool
    completeness: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    halted: list[dict[str, Any]]
    data_docs: list[str]
    feeds: dict[str, dict[str, int]]
    deliveries: dict[str, dict[str, int]]
    refusals: list[dict[str, Any]]
    held: list[Section]
    discrepancies: list[Section]
    obligations: list[Section]
    letters: list[dict[str, Any]]
    returns: list[dict[str, Any]]
    identity: dict[str, int]
    versions: dict[str, str]
    evidence: dict[str, Any]
    steps: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """The JSON edition; of a halted batch this schema has the reason, and not the guard by itself."""
        told = asdict(self)
        for batch in told["halted"]:
            del batch["guard"]
        return {"schema": SCHEMA, **told}

    @property
    def supplement(self) -> int:
        """The number of a supplement; 0 is the night itself."""
        return parse_label(self.night)[1]

    @property
    def open_discrepancies(self) -> int:
        """How many are open tonight."""
        return sum(section.figures["open"] for section in self.discrepancies)

    @property
    def held_tonight(self) -> int:
        """How many rows were held tonight."""
        return sum(counts.get("held", 0) for counts in self.feeds.values())

    @property
    def came(self) -> int:
        """How many feeds came and were taken, an announced empty one too."""
        return sum(item["state"] in ("came", "empty") for item in self.completeness)

    def count(self, step: str, name: str) -> int:
        """What the receipts of one step counted under a name, over all its scopes."""
        return sum(item["counts"].get(name, 0) for item in self.steps if item["step"] == step)


def build(
    conn: Connection,
    night: Night,
    receipts: Iterable[Receipt],
    balances: Mapping[str, dict[str, int]],
    hidden: Collection[str],
    statement: dict[str, Any],
    told: Place,
) -> NightReport:
    """The report of `night` as the store stands at its close.

    Values of the fields in `hidden` (see `groups.hidden_fields`) are told apart and never shown; `told` says
    where a row is without the name of a letter's file.
    """
    performed = list(receipts)
    feeds, deliveries = (
        {key.split(":", 1)[1]: counts for key, counts in balances.items() if key.startswith(kind)}
        for kind in ("feed:", "delivery:")
    )
    identify = next((receipt for receipt in performed if receipt.step == "identify"), None)
    versions = {name: value for receipt in performed for name, value in receipt.versions.items()}
    even = [ROWS.difference(counts) for counts in feeds.values()]
    even += [DELIVERIES.difference(counts) for counts in deliveries.values()]
    return NightReport(
        night=night.label,
        seq=night.seq,
        offices=list(night.offices),
        statement=statement,
        balanced=not any(even),
        completeness=coverage.feeds(conn, night, performed),
        missing=coverage.missing(performed),
        halted=coverage.halted(conn, night),
        data_docs=coverage.data_docs(performed),
        feeds=feeds,
        deliveries=deliveries,
        refusals=refusals(conn, night),
        held=groups.held(conn, night, told),
        discrepancies=groups.discrepancies(conn, night, hidden),
        obligations=groups.obligations(conn, night),
        letters=coverage.letters(conn, night),
        returns=returns(conn, night),
        identity=_summed(identify.counts.values()) if identify else {},
        versions=versions,
        evidence=_evidence(conn, versions),
        steps=[_step(receipt) for receipt in performed],
    )


def _summed(counted: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in counted:
        total.update(counts)
    return dict(total)


def _step(receipt: Receipt) -> dict[str, Any]:
    return {
        "step": receipt.step,
        "scope": receipt.scope,
        "counts": _summed(receipt.counts.values()),
        "files": len(receipt.artefacts),
        "sha256": receipt.artefacts[0].sha256 if receipt.artefacts else "",
        "subtree": receipt.subtree or "",
    }


def _evidence(conn: Connection, versions: Mapping[str, str]) -> dict[str, Any]:
    """What the ledger holds as the report is written: the receipt of this close is not in it yet."""
    leaf, receipt = tables.ledger_leaf, tables.receipt
    kinds = select(leaf.c.kind, func.count()).group_by(leaf.c.kind).order_by(leaf.c.kind)
    entries = {kind: int(count) for kind, count in conn.execute(kinds)}
    return {
        "entries": sum(entries.values()),
        "kinds": entries,
        "nights": conn.execute(select(func.count(receipt.c.day.distinct()))).scalar_one(),
        "agreements": versions.get("agreements", ""),
    }
