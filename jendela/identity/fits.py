"""The fit in the hub: what the register was when the model was fitted to it, kept until it has doubled.

A night's few records are judged by the frequencies of the whole register. They are an encrypted artefact of
the night that counted them; a later night only reads them. When as many mentions have come or changed as
there were then, or the policy or the standardisation is another, everything is counted and judged again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import Connection, insert, select

from jendela.identity.frequencies import Frequencies, Table
from jendela.identity.key_store import last_number
from jendela.identity.policy import Policy
from jendela.identity.resolve import Fit
from jendela.model.receipt import Digest, Night
from jendela.store import tables
from jendela.store.artefacts import Artefacts
from jendela.store.hub import Hub

STEP = "identify"
GROWTH = 2
_fit = tables.identity_fit


def current(hub: Hub, conn: Connection, policy: Policy, versions: dict[str, str], coming: int) -> Fit | None:
    """The fit in force; None where there is none, or it no longer holds with so many mentions `coming`."""
    row = conn.execute(select(_fit).order_by(_fit.c.seq.desc()).limit(1)).one_or_none()
    if row is None or json.loads(row.versions) != versions:
        return None
    # Every new and every changed mention had a number: the last one tells how many, without counting.
    if last_number(conn) + coming >= GROWTH * row.population:
        return None
    opened = select(tables.night.c.supplement).where(tables.night.c.seq == row.seq)
    return _read(hub, row, conn.execute(opened).scalar() or 0, policy)


def keep(hub: Hub, conn: Connection, night: Night, fit: Fit, versions: dict[str, str]) -> Digest:
    """Store what this night fitted."""
    kinds = fit.counted.tables
    long = pl.concat(
        [
            pl.DataFrame({"kind": [kind] * len(table.known), "hash": table.known, "count": table.counts})
            for kind, table in kinds.items()
            if len(table.known)
        ]
        or [pl.DataFrame(schema={"kind": pl.String, "hash": pl.UInt64, "count": pl.Int64})]
    )
    digest = hub.artefacts.write(night, STEP, "frequencies", long)
    body = {
        "model": {
            name: {str(grade): pair for grade, pair in grades.items()} for name, grades in fit.model.items()
        },
        "matches": fit.matches,
        "rates": {rival.name: rival.rate for rival in fit.rivals},
        "said": {kind: table.said for kind, table in kinds.items()},
    }
    values = {
        "seq": night.seq,
        "day": night.day,
        "population": fit.counted.population,
        "numbered": last_number(conn),
        "versions": json.dumps(versions, sort_keys=True),
        "body": json.dumps(body, sort_keys=True),
    }
    conn.execute(insert(_fit).values(values))
    return digest


def _read(hub: Hub, row: Any, supplement: int, policy: Policy) -> Fit:
    body = json.loads(row.body)
    model = {
        name: {int(grade): (pair[0], pair[1]) for grade, pair in grades.items()}
        for name, grades in body["model"].items()
    }
    rivals = tuple(replace(rival, rate=body["rates"][rival.name]) for rival in policy.rivals)
    fitted = Night(row.day, row.seq, (), supplement=supplement)
    counted = _counted(hub.artefacts, fitted, row.population, row.body)
    return Fit(counted, model, rivals, body["matches"])


@lru_cache(maxsize=1)
def _counted(artefacts: Artefacts, night: Night, population: int, body: str) -> Frequencies:
    """The frequencies of that night. A process that does several nights reads them once."""
    long = artefacts.read(night, STEP, "frequencies")
    found = {str(kind[0]): part for kind, part in long.partition_by("kind", as_dict=True).items()}
    empty = long.clear()
    kinds = {
        kind: Table(
            found.get(kind, empty)["hash"].to_numpy(), found.get(kind, empty)["count"].to_numpy(), said
        )
        for kind, said in json.loads(body)["said"].items()
    }
    return Frequencies(population, kinds)
