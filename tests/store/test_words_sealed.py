"""A hub of before: what it kept in clear of letters' files and of refusals is sealed, known by its hash."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from jendela.crypto import hash_one, unseal
from jendela.crypto.keyring import Keyring
from jendela.model.errors import KeyMissingError
from jendela.store import tables
from jendela.store.engine import make_engine
from jendela.store.migrations import migrate

KEYRING = Keyring((bytes(32),), "test")
LETTER, EXTRACT = "PHK_SITI_AMINAH_6471014502900003.xml", "laporan_phk_20260901.csv"
LETTERS, ROWS, GONE = "dinas_6471.berkas_phk", "dinas_3215.laporan_phk", "dinas_9999.lama"
BATCH = "INSERT INTO batch (batch_id, seq, office, feed, state, complete, rows, landing, sha256, manifest)"
HELD = (
    "INSERT INTO held_row (held_id, feed, office, record_id, batch_id, seq, source_name, violations,"
    " sealed_row, state)"
)
FOUND = (
    "INSERT INTO letter_finding (record_id, seq_from, feed, office, source_name, violations, sealed,"
    " versions)"
)
SENT = (
    "INSERT INTO delivery (delivery_id, recipient, office, delivery, item_key, verb, content_hash,"
    " basis_hash, record_id, sealed, seq, state, attempts, ack_reason)"
)


@pytest.fixture
def older(hub_url, tmp_path):
    """A hub of version 0013 with rows of all kinds."""
    engine = make_engine(hub_url or f"sqlite:///{tmp_path / 'hub.sqlite'}")
    config = Config()
    config.set_main_option("script_location", "jendela.store:migrations")
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0013")
    yield engine
    engine.dispose()


def fill(engine):
    """Letters and rows that are held, found faulty and landed; five refusals."""
    with engine.begin() as conn:

        def insert(into, *values):
            marks = ", ".join(f":v{at}" for at in range(len(values)))
            conn.execute(
                sa.text(f"{into} VALUES ({marks})"), {f"v{at}": one for at, one in enumerate(values)}
            )

        for number, (feed, mode) in enumerate(((LETTERS, "drop"), (ROWS, "snapshot"))):
            manifest = json.dumps({"mode": mode})
            insert(BATCH, f"b{number}", 1, feed.split(".")[0], feed, "merged", True, 1, "l", "s", manifest)
        for number, feed, name in (
            (1, LETTERS, LETTER),
            (2, ROWS, EXTRACT),
            (3, GONE, LETTER),
            (4, LETTERS, None),
        ):
            insert(HELD, f"h{number}", feed, feed.split(".")[0], "r", "b", 1, name, "[]", b"row", "held")
        for seq, feed, name in ((1, LETTERS, LETTER), (2, LETTERS, "lain.xml"), (3, ROWS, EXTRACT)):
            insert(FOUND, "r", seq, feed, feed.split(".")[0], name, "[]", b"said", "{}")
        for sha256 in ("s1", "s2"):
            insert("INSERT INTO landed_file (feed, name, sha256, batch_id)", LETTERS, LETTER, sha256, "b0")
        for number, reason in enumerate(("K01", "SITI_AMINAH", "SITI_AMINAH", "UNCODED", None)):
            insert(
                SENT,
                f"d{number}",
                "bpjs",
                "bpjs",
                "letters",
                "i",
                "upsert",
                "c",
                "b",
                "r",
                b"p",
                1,
                "refused",
                1,
                reason,
            )


def test_names_and_words_are_sealed_and_known_by_their_hash(older):
    """Only of letters, and of reasons that are no code; the names of extracts stay."""
    fill(older)
    migrate(older, KEYRING)
    known = "#" + hash_one(KEYRING, "document_name", LETTER)
    with older.connect() as conn:
        held = {one.held_id: one for one in conn.execute(sa.select(tables.held_row))}
        found = {one.seq_from: one for one in conn.execute(sa.select(tables.letter_finding))}
        landed = conn.execute(sa.select(tables.landed_file.c.name, tables.landed_file.c.sha256)).all()
        sent = {one.delivery_id: one for one in conn.execute(sa.select(tables.delivery))}
    assert [held[name].source_name for name in ("h1", "h2", "h3", "h4")] == [known, EXTRACT, known, None]
    assert [held[name].sealed_name is None for name in ("h1", "h2", "h3", "h4")] == [False, True, False, True]
    assert unseal(KEYRING, held["h1"].sealed_name, "held_row.sealed_name").decode() == LETTER
    assert (found[1].source_name, found[3].source_name) == (known, EXTRACT)
    assert unseal(KEYRING, found[2].sealed_name, "letter_finding.sealed_name").decode() == "lain.xml"
    assert sorted(landed) == [(known, "s1"), (known, "s2")]
    assert [sent[f"d{number}"].ack_reason for number in range(5)] == ["K01", *["UNCODED"] * 3, None]
    assert [one for one in sent if sent[one].ack_words] == ["d1", "d2"]
    assert unseal(KEYRING, sent["d1"].ack_words, "delivery.ack_words").decode() == "SITI_AMINAH"
    assert sent["d1"].ack_digest == sent["d2"].ack_digest == hash_one(KEYRING, "refusal_words", "SITI_AMINAH")


def test_without_the_key_nothing_is_lost(older):
    """The migration stops and leaves the hub as it was; an empty one needs no key."""
    fill(older)
    with pytest.raises(KeyMissingError):
        migrate(older)
    with older.connect() as conn:
        kept = conn.execute(sa.text("SELECT source_name FROM held_row WHERE held_id = 'h1'")).scalar_one()
    assert kept == LETTER
