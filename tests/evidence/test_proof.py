"""Who has no log and no hub is shown that one entry is in the signed log, and that the log only grew."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random

import click
import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jendela.cli import jendela
from jendela.crypto import Keyring
from jendela.evidence import ledger, proof
from jendela.evidence.checkpoint import Checkpoint, Verifier, sign, verifier
from jendela.model.config import Settings
from jendela.model.errors import EvidenceError, JendelaError, WrongUseError
from jendela.store.hub import Hub

JENDELA = Path(sys.executable).with_name("jendela")
SIZES = (1, 6, 13)  # entries signed, night after night
OTHER = Keyring((b"z" * 32,), "a stranger")


def hub_in(state: Path) -> Hub:
    """A hub of which only the ledger is used."""
    return Hub.open(
        settings=Settings(state=state, first_night=date(2026, 3, 2), offices=("bpjs",)),
        agreements=None,
        keyring=Keyring((b"k" * 32,), "the test"),
        connector=lambda *_: None,
        resolve=lambda *_: "",
    )


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    """The evidence of a hub that signed its log three times."""
    folder = tmp_path_factory.mktemp("proof")
    with hub_in(folder / "state") as hub:
        for before, size in zip((0, *SIZES), SIZES, strict=False):
            with hub.begin() as conn:
                for _ in range(before, size):
                    ledger.append(conn, "view", {"who": "pengawas", "purpose": "supervision"})
            ledger.export(hub)
    return shutil.copytree(folder / "state/evidence", folder / "evidence")


@pytest.fixture
def desk(evidence, tmp_path):
    """What lies with the auditor: the public key, and a checkpoint of each night."""
    shutil.copy(evidence / "ledger.pub", tmp_path / "ledger.pub")
    for size in SIZES:
        shutil.copy(evidence / f"checkpoints/{size}", tmp_path / f"kept-{size}")
    return tmp_path


def command(*words: object) -> tuple[int, str]:
    """Exit code and output of `jendela verify`."""
    said = CliRunner().invoke(jendela, ["verify", *map(str, words)], env={}, standalone_mode=False)
    if isinstance(said.exception, click.ClickException):
        return 2, said.exception.format_message()
    if isinstance(said.exception, JendelaError):
        return said.exception.exit_code, str(said.exception)
    assert said.exception is None
    return said.return_value, said.output


def opened_elsewhere(text: bytes, public_key: str) -> tuple[int, bytes]:
    """Index and entry of a proof, checked by the words of C2SP and RFC 9162 and by nothing of ours.

    Raises:
        AssertionError, InvalidSignature: it does not hold.
    """
    head, note = text.split(b"\n\n", 1)
    first, extra, index, *hashes = head.decode().split("\n")
    assert first == "c2sp.org/tlog-proof@v1"
    signed, signature = note.rsplit(b"\n\n", 1)
    origin, size, expected = signed.decode().split("\n")
    name, _, key = public_key.strip().split("+", 2)
    raw = base64.b64decode(signature.split()[-1])[4:]
    Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:]).verify(raw, signed + b"\n")
    assert origin == name
    entry, at = base64.b64decode(extra.removeprefix("extra ")), int(index.removeprefix("index "))
    computed, number, last = sha256(b"\0" + entry).digest(), at, int(size) - 1
    for sibling in map(base64.b64decode, hashes):
        assert last
        if number % 2 or number == last:
            computed = sha256(b"\1" + sibling + computed).digest()
            while number and not number % 2:
                number, last = number // 2, last // 2
        else:
            computed = sha256(b"\1" + computed + sibling).digest()
        number, last = number // 2, last // 2
    assert (last, base64.b64encode(computed).decode()) == (0, expected)
    return at, entry


def test_an_entry_is_proven_to_one_who_has_the_public_key_alone(evidence, desk):
    """From command to command; the folder of the log is not there when the proof is checked."""
    out = desk / "entry-4.tlog-proof"
    assert command("--evidence", evidence, "--prove", 4, "--out", out) == (0, f"{out}\n")
    checked = subprocess.run(  # by a process of its own, where nothing of the hub is
        [JENDELA, "verify", "--proof", out.name, "--public-key", "ledger.pub"],
        cwd=desk, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    line, verdict = checked.stdout.splitlines()
    assert (checked.returncode, verdict) == (0, "Entry 4 of the 13 that were signed: the proof holds.")
    assert line == (evidence / "log.jsonl").read_text(encoding="utf-8").splitlines()[4]
    code, told = command("--proof", out, "--public-key", desk / "ledger.pub", "--json")
    assert (code, json.loads(told)) == (
        0,
        {"entries": 13, "index": 4, "entry": json.loads(line), "findings": []},
    )


def test_an_entry_is_proven_to_the_holder_of_an_older_checkpoint(evidence, desk):
    """Whoever kept the checkpoint of six entries needs no newer one."""
    out, mine = desk / "proof", ["--checkpoint", desk / "kept-6"]
    assert command("--evidence", evidence, "--prove", 4, *mine, "--out", out)[0] == 0
    code, told = command("--proof", out, "--public-key", desk / "ledger.pub", *mine)
    assert (code, told.splitlines()[1]) == (0, "Entry 4 of the 6 that were signed: the proof holds.")
    other = ["--checkpoint", desk / "kept-13"]
    code, told = command("--proof", out, "--public-key", desk / "ledger.pub", *other)
    assert code == 2
    assert "The proof is about the checkpoint of 6 entries" in told


def test_growth_is_proven_to_the_holder_of_a_checkpoint(evidence, desk):
    out, mine = desk / "proof", ["--checkpoint", desk / "kept-6"]
    assert command("--evidence", evidence, "--prove-growth", *mine, "--out", out)[0] == 0
    checking = ["--proof", out, "--public-key", desk / "ledger.pub"]
    assert command(*checking, *mine) == (
        0,
        "The 13 entries that were signed begin with your 6: the proof holds.\n",
    )
    assert command(*checking)[0] == 2


@pytest.mark.parametrize("size", SIZES)
def test_every_proof_holds_elsewhere_too(evidence, size):
    """Of every entry for every checkpoint, by a program written from the specification."""
    note = (evidence / f"checkpoints/{size}").read_bytes()
    public, lines = (evidence / name for name in ("ledger.pub", "log.jsonl"))
    for index, line in enumerate(lines.read_bytes().splitlines()[:size]):
        text = proof.prove_entry(evidence, index, note).text()
        assert opened_elsewhere(text, public.read_text(encoding="ascii")) == (index, line)
        stranger = verifier(OTHER).text()
        with pytest.raises(InvalidSignature):
            opened_elsewhere(text, stranger)


@pytest.mark.parametrize("made", ["entry", "growth"])
def test_any_changed_bit_of_a_proof_is_refused(evidence, made):
    """Every bit in its turn: never accepted, never an error that nobody foresaw."""
    key = Verifier.parse((evidence / "ledger.pub").read_text(encoding="ascii").strip())
    old = (evidence / "checkpoints/6").read_bytes()
    whole, kept = (
        (proof.prove_entry(evidence, 4).text(), {})
        if made == "entry"
        else (proof.prove_growth(evidence, old).text(), {"six": old})
    )
    proof.check(proof.parse(whole), key, kept)
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1 << Random(at).randrange(8)
        with pytest.raises((EvidenceError, WrongUseError)):
            proof.check(proof.parse(bytes(changed)), key, kept)


@pytest.mark.parametrize("cut", [0, 1, 10, 40, 200])
def test_half_a_proof_is_none(evidence, cut):
    text = proof.prove_entry(evidence, 4).text()
    with pytest.raises((EvidenceError, WrongUseError)):
        proof.parse(text[:cut])


def test_a_proof_of_a_log_signed_by_another_key_is_refused(evidence, desk):
    """An intruder signs his own log and proves an entry of it: the auditor's key does not fit."""
    note = (evidence / "checkpoint").read_bytes()
    root = verifier_of(evidence).open(note).root
    forged = proof.prove_entry(evidence, 4, sign(OTHER, Checkpoint(13, root)))
    (desk / "proof").write_bytes(forged.text())
    code, told = command("--proof", desk / "proof", "--public-key", desk / "ledger.pub")
    assert code == 4
    assert "Its checkpoint is not signed with the ledger's key" in told


def test_two_histories_of_one_size_are_found(evidence, tmp_path):
    """The hub signed another log of thirteen entries than the one whose checkpoint the auditor kept."""
    with hub_in(tmp_path / "state") as hub:
        with hub.begin() as conn:
            for _ in range(13):
                ledger.append(conn, "view", {"who": "somebody else"})
        ledger.export(hub)
    other = tmp_path / "state/evidence"
    assert (other / "ledger.pub").read_bytes() == (evidence / "ledger.pub").read_bytes()
    kept = {"night": (evidence / "checkpoint").read_bytes()}
    with pytest.raises(EvidenceError, match="Your night was signed for another log of the same size"):
        proof.check(proof.prove_entry(other, 4), verifier_of(evidence), kept)


def test_a_log_that_was_changed_proves_nothing(evidence, tmp_path):
    """What does not have the signed root is not proven out of, and a log set back has not grown."""
    folder = shutil.copytree(evidence, tmp_path / "evidence")
    log, late = folder / "log.jsonl", (folder / "checkpoint").read_bytes()
    shutil.copy(folder / "checkpoints/6", folder / "checkpoint")
    with pytest.raises(EvidenceError, match="13 entries were signed before, and 6 last"):
        proof.prove_growth(folder, late)
    log.write_bytes(log.read_bytes().replace(b"supervision", b"curiosity!!", 1))
    with pytest.raises(EvidenceError, match=r"The first 6 entries of .* are not those that were signed"):
        proof.prove_entry(folder, 4)


@pytest.mark.parametrize("size", [0, -3])
def test_nothing_grows_from_a_checkpoint_of_nothing(evidence, size):
    with pytest.raises(WrongUseError, match="nothing to prove"):
        proof.prove_growth(evidence, sign(OTHER, Checkpoint(size, sha256().digest())))


def test_what_was_asked_wrongly_is_said(evidence, desk):
    """Exit code 2 and a sentence, before anything is written."""
    key, out = ["--public-key", desk / "ledger.pub"], ["--out", desk / "proof"]
    for words, told in [
        (["--evidence", evidence, "--prove", 13, *out], "The checkpoint has no entry 13"),
        (["--evidence", evidence, "--prove", 3], "A proof needs one file to write to"),
        (["--evidence", evidence, "--prove-growth", *out], "since when?"),
        (["--evidence", desk, "--prove", 3, *out], "There is no evidence in"),
        (["--proof", desk / "kept-6", *key], "is not a proof"),
        (["--proof", desk / "kept-6"], "by whose key?"),
        (["--evidence", evidence, "--prove", 3, "--prove-growth", *out], "One at a time"),
    ]:
        code, said = command(*words)
        assert (code, told in said) == (2, True), said
        assert not (desk / "proof").exists()


def verifier_of(evidence: Path) -> Verifier:
    return Verifier.parse((evidence / "ledger.pub").read_text(encoding="ascii").strip())
