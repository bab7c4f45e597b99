"""The ledger only grows, its checkpoints are C2SP notes, and an export never signs over a changed past."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jendela.crypto import Keyring
from jendela.evidence import ledger, merkle
from jendela.evidence.checkpoint import Checkpoint, Verifier, sign, verifier
from jendela.evidence.commit import commit
from jendela.evidence.verify import verify
from jendela.model.errors import EvidenceError
from jendela.model.receipt import Receipt
from jendela.store.tables import ledger_leaf, receipt


def work(hub, *steps, night="2026-03-02"):
    """Commit a receipt for each step."""
    for step in steps:
        with hub.begin() as conn:
            commit(conn, Receipt(night, step, "bpjs", {"bpjs.tk": {"received": 3}}))


def log(settings):
    """The exported log's lines."""
    return (settings.state / "evidence/log.jsonl").read_bytes().splitlines()


def test_a_receipt_takes_effect_with_its_entry(hub):
    """Receipt, index and leaf hash belong together; an error takes all of them away."""
    work(hub, "pull", "map")

    def failing():
        with hub.begin() as conn:
            commit(conn, Receipt("2026-03-02", "validate", "bpjs", {}))
            raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        failing()
    work(hub, "validate")
    with hub.reading() as conn:
        leaves = conn.execute(sa.select(ledger_leaf).order_by(ledger_leaf.c.idx)).all()
        indexes = dict(conn.execute(sa.select(receipt.c.step, receipt.c.leaf)).all())
    assert [leaf.idx for leaf in leaves] == [0, 1, 2]
    assert indexes == {"pull": 0, "map": 1, "validate": 2}
    for leaf in leaves:
        assert leaf.leaf_hash == merkle.leaf_hash(leaf.body.encode()).hex()
        assert json.loads(leaf.body)["index"] == leaf.idx


def test_a_step_has_one_receipt(hub):
    """A second one for the same step breaks its transaction, and leaves no entry."""
    work(hub, "pull")
    with pytest.raises(sa.exc.IntegrityError):
        work(hub, "pull")
    with hub.begin() as conn:
        assert ledger.append(conn, "decision", {"verdict": "cannot_link"}) == 1


def test_the_export_is_what_an_auditor_can_compute(hub, settings):
    """Plain tools suffice: hash the lines, build the root, check one Ed25519 signature."""
    work(hub, "pull", "map", "close")
    ledger.export(hub)
    folder = settings.state / "evidence"
    text, signature = (folder / "checkpoint").read_text(encoding="utf-8").split("\n\n")
    origin, size, root = text.split("\n")
    leaves = [hashlib.sha256(b"\x00" + line).digest() for line in log(settings)]
    assert (origin, int(size)) == ("jendela/ledger", len(leaves))
    assert base64.b64decode(root) == merkle.root(leaves)
    dash, name, signed = signature.strip().split(" ")
    vkey = (folder / "ledger.pub").read_text(encoding="utf-8").strip()
    vkey_name, key_id, key = vkey.split("+", 2)
    assert (dash, name) == ("—", vkey_name)
    raw_key, raw_signature = base64.b64decode(key), base64.b64decode(signed)
    assert raw_key[:1] == b"\x01"
    assert (
        raw_signature[:4].hex()
        == key_id
        == hashlib.sha256(name.encode() + b"\n" + raw_key).digest()[:4].hex()
    )
    Ed25519PublicKey.from_public_bytes(raw_key[1:]).verify(raw_signature[4:], f"{text}\n".encode())
    assert (folder / "checkpoints/3").read_bytes() == (folder / "checkpoint").read_bytes()


def test_the_log_grows_night_by_night(hub, settings):
    """Each export begins with the one before; repeating one changes no byte."""
    assert ledger.export(hub) is None
    work(hub, "pull", "close")
    first = ledger.export(hub)
    before = log(settings)
    assert ledger.export(hub) == first
    work(hub, "pull", "close", night="2026-03-03")
    second = ledger.export(hub)
    assert log(settings)[:2] == before
    assert (first.size, second.size) == (2, 4)
    leaves = [merkle.leaf_hash(line) for line in log(settings)]
    proof = merkle.consistency_proof(leaves, 2)
    assert merkle.verify_consistency(2, 4, first.root, second.root, proof)
    assert verify(settings.state / "evidence").findings == ()


@pytest.mark.parametrize("name", ["log.jsonl", "log.hashes"])
def test_an_export_that_was_cut_off_is_finished(hub, settings, name):
    """Killed in the middle of writing: the next attempt goes on from there."""
    work(hub, "pull", "map", "close")
    ledger.export(hub)
    file = settings.state / "evidence" / name
    whole = file.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        (settings.state / "evidence/checkpoint").unlink(missing_ok=True)
        ledger.export(hub)
        assert file.read_bytes() == whole
    assert verify(settings.state / "evidence").findings == ()


def test_a_changed_export_is_not_signed_over(hub, settings):
    """Somebody changed the exported log: the next night refuses to go on as if nothing were."""
    work(hub, "pull", "close")
    ledger.export(hub)
    file = settings.state / "evidence/log.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"received":3', b'"received":2', 1))
    work(hub, "pull", night="2026-03-03")
    with pytest.raises(EvidenceError, match="changed after its export"):
        ledger.export(hub)
    assert not (settings.state / "evidence/checkpoints/3").exists()


def test_a_changed_database_is_not_signed_over(hub, settings):
    """The entry and even its hash were rewritten, and the exported log removed: the checkpoint remembers."""
    work(hub, "pull", "close")
    ledger.export(hub)
    with hub.begin() as conn:
        body = conn.execute(sa.select(ledger_leaf.c.body).where(ledger_leaf.c.idx == 0)).scalar_one()
        forged = body.replace('"received":3', '"received":2')
        conn.execute(sa.update(ledger_leaf).where(ledger_leaf.c.idx == 0).values(body=forged))
    with pytest.raises(EvidenceError, match="Entry 0 of the ledger was changed"):
        ledger.export(hub)
    with hub.begin() as conn:
        rehashed = merkle.leaf_hash(forged.encode()).hex()
        conn.execute(sa.update(ledger_leaf).where(ledger_leaf.c.idx == 0).values(leaf_hash=rehashed))
    for name in ("log.jsonl", "log.hashes"):
        (settings.state / "evidence" / name).unlink()
    with pytest.raises(EvidenceError, match="not those that were signed"):
        ledger.export(hub)


def test_a_database_set_back_is_noticed(hub, settings):
    """Restored from an old backup: what was signed since is missing, and a missing entry is a gap."""
    work(hub, "pull", "map", "close")
    ledger.export(hub)
    with hub.begin() as conn:
        conn.execute(sa.delete(ledger_leaf).where(ledger_leaf.c.idx == 2))
    with pytest.raises(EvidenceError, match="has 2"):
        ledger.export(hub)
    (settings.state / "evidence/checkpoint").unlink()
    with pytest.raises(EvidenceError, match="set back"):
        ledger.export(hub)
    with hub.begin() as conn:
        conn.execute(sa.delete(ledger_leaf).where(ledger_leaf.c.idx == 0))
    with pytest.raises(EvidenceError, match="Entry 0 of the ledger is missing"):
        ledger.export(hub)


def test_a_dry_run_exports_nothing(open_hub, settings):
    """No entry, no evidence folder."""
    rehearsal = open_hub(dry_run=True)
    work(rehearsal, "pull", "close")
    assert ledger.export(rehearsal) is None
    assert not (settings.state / "evidence").exists()


def test_only_the_ledger_s_own_notes_are_accepted(keyring):
    """Another key, another form, other bits that base64 ignores: refused."""
    note = sign(keyring, Checkpoint(3, b"r" * 32))
    key = verifier(keyring)
    assert key.open(note) == Checkpoint(3, b"r" * 32)
    assert Verifier.parse(key.text()) == key
    stranger = verifier(Keyring((b"z" * 32,), "a stranger"))
    with pytest.raises(EvidenceError, match="not signed with the ledger's key"):
        stranger.open(note)
    loose = note[:-3] + bytes([note[-3] + 1]) + note[-2:]
    for changed in (loose, note + b"\n", note.replace(b"\n3\n", b"\n03\n"), b"", b"\xff\n\n"):
        with pytest.raises(EvidenceError):
            key.open(changed)


def test_rotation_keeps_the_public_key(keyring):
    """An auditor gets it once."""
    assert verifier(Keyring((b"n" * 32, *keyring.masters), "rotated")) == verifier(keyring)
