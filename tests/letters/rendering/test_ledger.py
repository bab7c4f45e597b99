"""Where the ledger has a letter: found by the hub, checked by anybody with the evidence folder."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from jendela.cli import letter_render
from jendela.cli.letter_render import render, verify_copy
from jendela.crypto import Keyring
from jendela.evidence import ledger
from jendela.evidence.commit import commit
from jendela.evidence.landed import check_place, locate
from jendela.ingest.drops import land_documents
from jendela.letters.rendering import LedgerPlace, Payload
from jendela.letters.rendering import render as drawn
from jendela.model.config import Settings
from jendela.model.errors import EvidenceError
from jendela.model.ports import Document, FeedSource
from jendela.model.receipt import Night, Receipt
from jendela.store.hub import Hub
from jendela.store.tables import batch, landed_file, night

DAY, OFFICE, FEED = date(2026, 7, 20), "dinas_6471", "dinas_6471.surat"
NIGHT = Night(DAY, 1, (OFFICE,))


@pytest.fixture
def hub(tmp_path):
    settings = Settings(
        state=tmp_path / "state",
        hub_url=f"sqlite:///{tmp_path / 'hub.sqlite'}",
        first_night=DAY,
        offices=(OFFICE,),
    )
    opened = Hub.open(
        settings=settings,
        agreements=SimpleNamespace(offices={}),
        keyring=Keyring((b"k" * 32,), "the test"),
        connector=lambda *_: None,
        resolve=str,
    )
    yield opened
    opened.close()


def _pull(hub, *contents):
    """The letters come in, as the step `pull` lands and commits them."""
    documents = [Document(f"surat_{number}.xml", content) for number, content in enumerate(contents)]
    source = FeedSource(OFFICE, FEED, "drop", (), ())
    connector = SimpleNamespace(documents=lambda *_: iter(documents))
    landed, files = land_documents(hub.artefacts, NIGHT, connector, source, frozenset())
    opened = {"seq": 1, "day": DAY, "state": "open", "offices": "[]", "opened_at": hub.clock()}
    row = {
        "batch_id": "b" * 64,
        "seq": 1,
        "office": OFFICE,
        "feed": FEED,
        "state": "landed",
        "complete": False,
        "rows": landed.rows.height,
        "landing": landed.digest.path,
        "sha256": landed.digest.sha256,
        "manifest": "{}",
    }
    with hub.begin() as conn:
        conn.execute(insert(night).values(opened))
        conn.execute(insert(batch).values(row))
        for name, sha256 in files.iter_rows():
            found = {"feed": FEED, "name": name, "sha256": sha256, "batch_id": "b" * 64}
            conn.execute(insert(landed_file).values(found))
        commit(conn, Receipt(str(DAY), "open", "", {}))
        commit(conn, Receipt(str(DAY), "pull", OFFICE, {FEED: {"received": 1}}, (landed.digest,)))
        commit(conn, Receipt(str(DAY), "close", "", {}))
    return hub.state / landed.digest.path


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def closed(hub, letter):
    """The hub after the night in which Siti's letter came; its evidence is exported."""
    landing = _pull(hub, letter)
    ledger.export(hub)
    return SimpleNamespace(hub=hub, landing=landing, evidence=hub.state / "evidence")


def test_the_hub_finds_its_letter(closed, letter):
    found = locate(closed.hub, _sha256(letter))
    assert (found.leaf, found.size, found.night, found.office) == (1, 3, "2026-07-20", OFFICE)
    assert check_place(closed.evidence, found.leaf, found.size, found.root) == ()


def test_a_letter_that_never_came(closed, letter):
    assert locate(closed.hub, _sha256(letter + b" ")) is None


def test_before_the_night_is_closed_there_is_no_place(hub, letter):
    _pull(hub, letter)
    assert locate(hub, _sha256(letter)) is None


def test_a_landing_file_that_was_changed_proves_nothing(closed, letter):
    changed = bytearray(closed.landing.read_bytes())
    changed[100] ^= 1
    closed.landing.write_bytes(bytes(changed))
    with pytest.raises(EvidenceError, match="not the file that the ledger committed to"):
        locate(closed.hub, _sha256(letter))


@pytest.mark.parametrize(
    ("leaf", "size", "root", "said"),
    [
        (0, 3, None, "not that of files that came in"),
        (2, 3, None, "not that of files that came in"),
        (3, 3, None, "not that of files that came in"),
        (1, 2, None, "no checkpoint of this size"),
        (1, 3, "00" * 32, "root is another one"),
    ],
    ids=["another step", "the close", "beyond", "another size", "another ledger"],
)
def test_a_place_that_is_not_one(closed, letter, leaf, size, root, said):
    found = locate(closed.hub, _sha256(letter))
    problems = check_place(closed.evidence, leaf, size, root or found.root)
    assert [said in str(problem) for problem in problems] == [True]


def test_evidence_that_was_changed_is_said(closed, letter):
    found = locate(closed.hub, _sha256(letter))
    log = closed.evidence / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"received":1', b'"received":2'))
    assert check_place(closed.evidence, found.leaf, found.size, found.root) != ()


# ------------------------------------------------------------------ at the counter


@pytest.fixture
def run(closed, monkeypatch, tmp_path):
    """The commands, with the hub of this test behind `--hub`."""

    class Opened:
        def __enter__(self):
            return closed.hub

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(letter_render, "hub_of", lambda _: Opened())
    (tmp_path / "hub.yaml").write_text("")

    def call(command, *arguments):
        done = CliRunner().invoke(
            command, [str(one) for one in arguments], standalone_mode=False, catch_exceptions=False
        )
        return done.return_value, done.output

    return call


def test_from_the_hub_to_the_counter(closed, run, letter, tmp_path):
    """The office draws the copy; anybody checks it, each as far as they can see."""
    file, copy, hub = tmp_path / "surat.xml", tmp_path / "salinan.pdf", tmp_path / "hub.yaml"
    file.write_bytes(letter)
    run(render, file, "--out", copy, "--hub", hub)
    found = locate(closed.hub, _sha256(letter))
    place = LedgerPlace(found.leaf, found.size, found.root)
    assert copy.read_bytes() == drawn(letter, place=place)

    code, said = run(verify_copy, copy, "--json")
    assert (code, json.loads(said)["open"]) == (1, ["render.copy.ledger_unchecked"])
    code, said = run(verify_copy, copy, "--ledger", closed.evidence, "--json")
    assert (code, json.loads(said)["open"]) == (1, ["render.copy.landing_sealed"])
    code, said = run(verify_copy, copy, "--ledger", closed.evidence, "--hub", hub, "--json")
    assert code == 0
    assert json.loads(said)["genuine"] is True
    code, said = run(verify_copy, copy, "--hub", hub)
    assert code == 0
    assert "Salinan ini asli" in said
    assert "SITI" not in said


def test_the_evidence_of_another_hub(closed, run, letter, tmp_path):
    copy, other = tmp_path / "salinan.pdf", tmp_path / "lain"
    copy.write_bytes(drawn(letter, place=LedgerPlace(1, 3, "00" * 32)))
    shutil.copytree(closed.evidence, other)
    code, said = run(verify_copy, copy, "--ledger", other, "--json")
    assert (code, json.loads(said)["problems"]) == (4, ["render.copy.not_in_ledger"])


def test_a_letter_that_the_hub_does_not_know(run, letter, tmp_path):
    copy = tmp_path / "salinan.pdf"
    copy.write_bytes(drawn(letter.replace(b"SITI", b"SITA")))
    code, said = run(verify_copy, copy, "--hub", tmp_path / "hub.yaml", "--json")
    assert (code, json.loads(said)["problems"]) == (4, ["render.copy.not_in_ledger"])


def test_paper_alone_at_the_hub(closed, run, letter, tmp_path):
    found = locate(closed.hub, _sha256(letter))
    scanned = Payload(_sha256(letter), LedgerPlace(found.leaf, found.size, found.root)).text()
    code, said = run(verify_copy, "--qr", scanned, "--hub", tmp_path / "hub.yaml", "--json")
    result = json.loads(said)
    # The letter came to the hub; whether the paper shows what it says, only the letter can tell.
    assert (code, result["problems"], result["open"]) == (1, [], ["render.copy.no_letter"])
    forged = Payload("ab" * 32, LedgerPlace(found.leaf, found.size, found.root)).text()
    assert run(verify_copy, "--qr", forged, "--hub", tmp_path / "hub.yaml")[0] == 4
