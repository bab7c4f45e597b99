"""Nights over one office's feeds, known to the hub as nights: for what looks back on earlier ones."""

from __future__ import annotations

import sqlalchemy as sa

from jendela.ingest import pull
from jendela.model.receipt import Night
from jendela.store import tables

CSV = {"delimiter": ";"}


def pulled(office, *names, supplement=0, **how):
    """A night (or a supplement of the last): pulled, merged as far as the next pull sees it, and closed."""
    before = office.nights.get(office.seq)
    if supplement:
        office.seq += 1
        night = Night(before.day, office.seq, ("bpjs",), supplement=supplement, main_seq=before.day_seq)
        office.nights[office.seq] = night
        receipt = pull.run(office.hub, night, "bpjs")
    else:
        receipt = office.pull(**how)
        night = office.nights[office.seq]
    for name in names:
        if f"bpjs.{name}" in receipt.counts:
            office.merge(name)
    row = {"seq": night.seq, "day": night.day, "supplement": supplement, "state": "closed", "offices": "[]"}
    with office.hub.begin() as conn:
        conn.execute(sa.insert(tables.night).values(**row, opened_at=office.hub.clock()))
    return receipt


def counts(receipt, name):
    """A feed's counts that are not zero."""
    return {what: number for what, number in receipt.counts[f"bpjs.{name}"].items() if number}


def drop(office, name, *lines):
    """The office puts a CSV file into its folder."""
    (office.folder / name).write_text("\n".join(("KPJ;NAMA", *lines, "")), encoding="utf-8")
