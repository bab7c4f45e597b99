"""A hub with a register written by hand, and inboxes that the tests answer for."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from sqlalchemy import insert, select, update

from jendela.contracts.agreements import load_agreements
from jendela.crypto import seal
from jendela.crypto.keyring import Keyring
from jendela.deliver import step
from jendela.model.config import Settings
from jendela.model.connections import url_from_environment
from jendela.model.errors import UnreachableError
from jendela.model.receipt import Night
from jendela.store import records, tables
from jendela.store.hub import Hub
from tests import said

FIRST = date(2026, 9, 1)
OFFICES = ("bpjs", "kemnaker", "dinas_3215", "dinas_6471", "dinas_7371")
ACK = ("delivery_id", "ack_status", "ack_at", "ack_reason")


SITI = {
    "nik": "3215105708899001", "full_name": "SITI NUR AISYAH", "birth_date": "1989-08-17", "sex": "P",
    "mother_maiden_name": "ROHANI",
}  # fmt: skip
BUDI = {"nik": "6471051203850002", "full_name": "BUDI SANTOSO", "birth_date": "1985-03-12", "sex": "L"}
SPELL = {
    "npp": "JJ012345", "employer_name": "PT MAJU JAYA TEKSTIL", "workplace_region": "3215",
    "citizenship": "WNI", "contract_type": "PKWTT", "start_date": "2014-02-03", "wage_reported": "5000000.00",
    "programmes": "JHT JKK JKM",
    "registered_date": "2014-02-10",
}  # fmt: skip
LETTER = {
    "letter_type": "PHK_NOTICE", "letter_number": "021/HRD-PHK/IX/2026", "letter_date": "2026-09-03",
    "employer_name": "PT MAJU JAYA TEKSTIL", "npp": "JJ012345", "workplace_region": "3215",
    "contract_type": "PKWTT", "start_date": "2014-02-03", "reason_code": "R432",
    "reason_narrative": "Efisiensi", "initiated_by": "EMPLOYER",
    "notice_delivered_date": "2026-09-03", "effective_date": "2026-09-24", "last_wage_basic": "4800000.00",
    "severance_amount": "45000000.00", "upmk_amount": "25000000.00", "total_net": "70000000.00",
    "signature_status": "none",
}  # fmt: skip


@cache
def agreements():
    """The real agreements: what is shipped is what is tested."""
    return load_agreements(None)


class FakeInbox:
    """An inbox in memory that keeps one row of each delivery id, as every transport must."""

    def __init__(self, office):
        self.office, self.rows, self.announced, self.answers = office, {}, [], {}
        self.away, self.batches = False, []

    def deliver(self, outgoing, rows):
        """Keep the rows that are new."""
        self._knock(outgoing)
        frame = pl.DataFrame(rows)
        assert frame.columns == ["delivery_id", "verb", "night", "recipient", *outgoing.columns]
        self.batches.append((outgoing.target, frame.height))
        new = [row for row in frame.to_dicts() if row["delivery_id"] not in self.rows]
        self.rows |= {row["delivery_id"]: {**row, "target": outgoing.target} for row in new}
        return len(new)

    def announce(self, outgoing, night, rows):
        """Remember what was announced."""
        self._knock(outgoing)
        self.announced.append((outgoing.recipient, outgoing.delivery, night, rows))

    def acknowledgements(self, outgoing, delivery_ids):
        """The answers given so far."""
        self._knock(outgoing)
        found = [(key, *self.answers[key]) for key in delivery_ids if key in self.answers]
        return pl.DataFrame(found, schema=dict.fromkeys(ACK, pl.String), orient="row").to_arrow()

    def of(self, target):
        """The rows of one inbox table, in order of arrival."""
        return [row for row in self.rows.values() if row["target"] == target]

    def answer_all(self, status="DITERIMA", reason=None):
        """The agency answers everything it has not answered."""
        for key in self.rows:
            self.answers.setdefault(key, (status, "2026-09-02T03:00:00", reason))

    def _knock(self, outgoing):
        if self.away:
            raise UnreachableError(self.office, outgoing.delivery, "The server does not answer.", "Wait.")


class World:
    """The hub, its register by hand, and the agencies' inboxes."""

    spell = SITI | {"kpj": "01234567891"} | SPELL

    def __init__(self, folder, url="", dry_run=False):
        self.folder = folder
        settings = Settings(state=folder / "state", hub_url=url, first_night=FIRST, offices=OFFICES)
        self.inboxes = {office: FakeInbox(office) for office in OFFICES}
        self.hub = Hub.open(
            settings=settings,
            agreements=agreements(),
            keyring=Keyring((bytes(32),), "test"),
            connector=lambda transport, office, url: self.inboxes[office],
            resolve=lambda name: name,
            dry_run=dry_run,
        )
        self.seq = 1

    @contextmanager
    def rehearsal(self):
        """The same night as a dry run, with the same inboxes."""
        other = World(self.folder, dry_run=True)
        other.inboxes, other.seq = self.inboxes, self.seq
        try:
            yield other
        finally:
            other.hub.close()

    def elsewhere(self, url):
        """Another hub, with its database at `url`."""
        return World(self.folder / "elsewhere", url)

    @staticmethod
    def unconfigured(name):
        """What resolves a connection that nobody configured."""
        return url_from_environment(name, {})

    @property
    def night(self):
        """Tonight."""
        return Night(FIRST + timedelta(days=self.seq - 1), self.seq, OFFICES, self.hub.dry_run)

    def next_night(self):
        """A day passes."""
        self.seq += 1

    def heard(self, *feeds, state="merged"):
        """These feeds were pulled tonight, and merged unless they were halted."""
        with self.hub.begin() as conn:
            for feed in feeds:
                conn.execute(
                    insert(tables.batch).values(
                        batch_id=f"{feed}/{self.seq}", seq=self.seq, office=feed.split(".")[0], feed=feed,
                        state=state, complete=True, rows=0, landing="", sha256="", manifest="{}",
                    )
                )  # fmt: skip

    def say(self, entity, office, record, *, fact=None, person="P1", employer="E1", **fields):
        """A source record says something tonight: new, or in place of what it said before."""
        self.unsay(record, entity)
        contract = agreements().contracts[entity]
        fact = fact or f"{entity}/{record}"
        clear = {name: fields.get(name) for name in contract.clear}
        names = {name: fields.get(name) for name in contract.identifying}
        assert set(fields) <= {field.name for field in contract.fields}
        sealed = seal(self.hub.keyring, json.dumps(names).encode(), "person_version.sealed")
        with self.hub.begin() as conn:
            version = {
                "record_id": record, "entity": entity, "seq_from": self.seq, "feed": f"{office}.feed",
                "facts": json.dumps(clear),
            }  # fmt: skip
            opened = pl.DataFrame([{"record_id": record, "seq_from": self.seq, "sealed": sealed}])
            said.say(conn, pl.DataFrame([version]), opened if names else None)
            link = {"record_id": record, "entity": entity, "fact_id": fact}
            if not conn.execute(
                select(tables.record_fact).filter_by(record_id=record, entity=entity)
            ).first():
                conn.execute(insert(tables.record_fact).values(link))
            self._canonical(conn, entity, fact, person, employer, clear)

    def unsay(self, record, entity):
        """A source record says nothing any longer."""
        with self.hub.begin() as conn:
            known = records.numbers(conn, pl.Series([record]))
            number = known["number"].first()
            for table, where in (
                (tables.record_version, {"number": number, "entity": entity}),
                (tables.person_version, {"number": number}),
            ):
                key = [table.c[name] == value for name, value in where.items()]
                conn.execute(table.delete().where(*key, table.c.seq_from == self.seq))
                conn.execute(update(table).where(*key, table.c.seq_to.is_(None)).values(seq_to=self.seq))

    def move(self, fact, person):
        """The fact belongs to another person from now on: identities were merged or split."""
        with self.hub.begin() as conn:
            current = tables.canonical_version
            where = (current.c.fact_id == fact, current.c.seq_to.is_(None))
            conn.execute(update(current).where(*where).values(person_id=person))

    def owe(self, fact, state="open", opened=FIRST, due=FIRST + timedelta(days=9)):
        """An obligation about a fact, as reconciliation writes it."""
        with self.hub.begin() as conn:
            conn.execute(tables.obligation.delete().where(tables.obligation.c.fact_id == fact))
            conn.execute(
                insert(tables.obligation).values(
                    obligation_id=f"o/{fact}", kind="resignation_statement", fact_id=fact,
                    owner="bpjs.membership", state=state, opened_seq=1, opened_day=opened, due_date=due,
                )
            )  # fmt: skip

    def deliver(self, office):
        """Tonight's deliver step of one office."""
        return step.run(self.hub, self.night, office)

    def rows(self, table):
        """A table of the hub."""
        with self.hub.begin() as conn:
            return [dict(row._mapping) for row in conn.execute(select(table))]

    def _canonical(self, conn, entity, fact, person, employer, clear):
        table = tables.canonical_version
        conn.execute(table.delete().where(table.c.fact_id == fact))
        conn.execute(
            insert(table).values(
                fact_id=fact, seq_from=self.seq, entity=entity, person_id=person, employer_id=employer,
                facts=json.dumps(clear), provenance="{}", versions="{}",
            )
        )  # fmt: skip


@pytest.fixture
def letter():
    """Siti's letter."""
    return SITI | LETTER


@pytest.fixture
def budi():
    """Who Budi is."""
    return BUDI


@pytest.fixture
def world(tmp_path):
    """A fresh hub."""
    made = World(tmp_path)
    yield made
    made.hub.close()


@pytest.fixture
def siti(world):
    """Siti works at PT Maju Jaya Tekstil in Karawang, as BPJS and WLKP know."""
    world.say("employment", "bpjs", "r-bpjs", fact="f-spell", **SITI, kpj="01234567891", **SPELL)
    world.say(
        "employment",
        "kemnaker",
        "r-wlkp",
        fact="f-spell",
        **SITI,
        **SPELL | {"wlkp_code": "3215.0001", "wage_reported": None},
    )
    return world
