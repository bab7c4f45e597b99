"""An auditor with the public key alone finds every changed byte, and is told where it is."""

from __future__ import annotations

import shutil
from datetime import date
from hashlib import sha256
from random import Random

import click
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jendela.cli import jendela
from jendela.crypto import Keyring
from jendela.evidence import ledger
from jendela.evidence.checkpoint import verifier
from jendela.evidence.commit import commit
from jendela.evidence.verify import verify
from jendela.model.config import Settings
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Digest, Missing, Night, Receipt
from jendela.store.hub import Hub

NIGHTS = [Night(date(2026, 3, day), seq, ("bpjs",)) for seq, day in enumerate((2, 3, 4), start=1)]
KEYRING = Keyring((b"k" * 32,), "the test")


def no_agency(*_):
    """Nobody is connected to."""
    raise AssertionError


def reopened(state):
    """The hub of this state folder."""
    return Hub.open(
        settings=Settings(state=state, first_night=date(2026, 3, 2), offices=("bpjs",)),
        agreements=None,
        keyring=KEYRING,
        connector=no_agency,
        resolve=no_agency,
    )


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """The state of a hub after three nights, each with a landing file and an artefact."""
    state = tmp_path_factory.mktemp("audited") / "state"
    rows = pl.DataFrame({"NIK": ["3215011705900001"], "NAMA": ["SITI NURHALIZA"]})
    with reopened(state) as hub:
        for night in NIGHTS:
            landed = hub.artefacts.land(night, "bpjs", "bpjs.tk", [rows.to_arrow()])
            mapped = hub.artefacts.write(night, "map", "bpjs.tk.employment", rows)
            with hub.begin() as conn:
                commit(conn, Receipt(str(night.day), "pull", "bpjs", {}, artefacts=(landed,)))
                commit(conn, Receipt(str(night.day), "map", "bpjs", {}, artefacts=(mapped,)))
                ledger.append(conn, "view", {"who": "pengawas", "purpose": "supervision"})
            ledger.export(hub)
    return state


@pytest.fixture
def state(audited, tmp_path):
    """A copy of it, to be tampered with."""
    return shutil.copytree(audited, tmp_path / "state")


def flip(file, at, bit):
    """Change one bit of a file."""
    raw = bytearray(file.read_bytes())
    raw[at % len(raw)] ^= 1 << bit
    file.write_bytes(bytes(raw))


def problems(state, **options):
    """What verification says about log and artefacts, as text."""
    return [str(finding) for finding in verify(state / "evidence", state, **options).findings]


def test_untouched_evidence_verifies(state):
    """Nine entries, six files, nothing wrong; no key, no database is asked for."""
    (state / "hub.sqlite").unlink()
    (state / "key.id").unlink()
    result = verify(state / "evidence", state)
    assert (result.entries, result.files, result.findings) == (9, 6, ())


def test_without_evidence_there_is_nothing_to_verify(tmp_path):
    """A wrong folder is a wrong use, not a broken log."""
    with pytest.raises(WrongUseError, match="no evidence in"):
        verify(tmp_path)


FILES = [
    "evidence/log.jsonl",
    "evidence/log.hashes",
    "evidence/ledger.pub",
    "evidence/checkpoint",
    "evidence/checkpoints/3",
    "evidence/checkpoints/9",
    "landing/2026-03-03/bpjs/bpjs.tk.parquet",
    "nights/2026-03-04/map/bpjs.tk.employment.parquet",
]


@pytest.mark.parametrize("name", FILES)
def test_any_changed_bit_is_found(state, name):
    """Forty random bits in every kind of file, one at a time: the finding names that file."""
    random, file = Random(name), state / name
    whole = file.read_bytes()
    for _ in range(40):
        at, bit = random.randrange(len(whole)), random.randrange(8)
        flip(file, at, bit)
        found = verify(state / "evidence", state).findings
        assert {finding.file for finding in found} & {name.removeprefix("evidence/"), name}, (at, bit, found)
        file.write_bytes(whole)
    assert problems(state) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 7))
def test_the_changed_line_is_named(state, at, bit):
    """A changed byte inside an entry is found in that very line, and in no other."""
    file = state / "evidence/log.jsonl"
    whole = file.read_bytes()
    at %= len(whole)
    changed = whole[at] ^ (1 << bit)
    if b"\n"[0] in (whole[at], changed):
        return  # a line end more or less: the number of lines tells
    flip(file, at, bit)
    found = [
        finding
        for finding in verify(state / "evidence").findings
        if finding.problem.startswith("This entry was")
    ]
    file.write_bytes(whole)
    assert [finding.line for finding in found] == [whole[:at].count(b"\n") + 1]


@pytest.mark.parametrize("name", FILES)
def test_a_cut_or_missing_file_is_found(state, name):
    """Half of it, none of it, not even its name."""
    file = state / name
    whole = file.read_bytes()
    for left in (whole[: len(whole) // 2], b""):
        file.write_bytes(left)
        assert problems(state)
    if name not in ("evidence/log.jsonl", "evidence/checkpoints/3"):
        file.unlink()
        assert problems(state)


def test_the_night_and_step_of_a_changed_file_are_named(state):
    """The landing file of 3 March: the auditor knows which pull to ask about."""
    flip(state / "landing/2026-03-03/bpjs/bpjs.tk.parquet", 100, 0)
    (finding,) = verify(state / "evidence", state).findings
    assert (finding.night, finding.step, finding.scope) == ("2026-03-03", "pull", "bpjs")
    assert str(finding) == (
        "landing/2026-03-03/bpjs/bpjs.tk.parquet (night 2026-03-03, pull bpjs): "
        "The file was changed: its bytes are not those of the receipt."
    )


def test_the_log_alone_and_the_latest_nights_alone(state):
    """Without the artefacts only the log is checked; `since` leaves out the files of earlier nights."""
    flip(state / "landing/2026-03-03/bpjs/bpjs.tk.parquet", 100, 0)
    assert verify(state / "evidence").findings == ()
    assert problems(state, since=date(2026, 3, 4)) == []
    assert len(problems(state, since=date(2026, 3, 3))) == 1


def test_a_log_rewritten_with_its_hashes_is_found(state):
    """The intruder changes an entry and its leaf hash; the signatures of all later checkpoints break."""
    import hashlib

    log, hashes = state / "evidence/log.jsonl", state / "evidence/log.hashes"
    lines = log.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].replace(b'"rows":1', b'"rows":7')
    log.write_bytes(b"".join(lines))
    stored = hashes.read_text(encoding="ascii").splitlines(keepends=True)
    stored[4] = hashlib.sha256(b"\x00" + lines[4].rstrip(b"\n")).hexdigest() + "\n"
    hashes.write_text("".join(stored), encoding="ascii")
    assert problems(state) == ["log.jsonl:4: Entries 4 to 6 are not all as they were signed (checkpoints/6)."]


def test_a_log_cut_back_is_found(state):
    """The last night's entries are taken away: its checkpoint is still there."""
    for name in ("log.jsonl", "log.hashes"):
        file = state / "evidence" / name
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:6]))
    assert problems(state) == [
        "log.jsonl: has 6 entries, but 9 were signed (checkpoints/9): it was cut short."
    ]


def test_a_whole_history_set_back_needs_the_auditor_s_own_checkpoint(state):
    """Entries and checkpoints of the last night are gone together: only a copy kept elsewhere can tell."""
    evidence = state / "evidence"
    kept = (evidence / "checkpoint").read_bytes()
    for name in ("log.jsonl", "log.hashes"):
        (evidence / name).write_bytes(b"".join((evidence / name).read_bytes().splitlines(keepends=True)[:6]))
    (evidence / "checkpoints/9").unlink()
    shutil.copy(evidence / "checkpoints/6", evidence / "checkpoint")
    assert problems(state) == []
    assert "log.jsonl: has 6 entries, but 9 were signed (your checkpoint): it was cut short." in problems(
        state, kept={"checkpoint": kept}
    )


def test_a_history_signed_by_another_key_needs_the_auditor_s_own_key(state):
    """Everything was exchanged, the public key too: the key that the auditor got before does not fit."""
    assert problems(state, public_key=verifier(KEYRING).text()) == []
    stranger = verifier(Keyring((b"z" * 32,), "a stranger")).text()
    found = problems(state, public_key=stranger)
    assert "ledger.pub: is not the public key that you gave." in found
    assert any("not signed with the ledger's key" in problem for problem in found)


def test_retention_excuses_what_it_removed(state):
    """Landing files past their time are gone and may be; anything else that is gone is not excused."""
    shutil.rmtree(state / "landing/2026-03-02")
    (state / "nights/2026-03-02/map/bpjs.tk.employment.parquet").unlink()
    with reopened(state) as hub:
        with hub.begin() as conn:
            ledger.append(conn, "retention", {"removed": ["landing/2026-03-02"]})
        ledger.export(hub)
    (problem,) = problems(state)
    assert problem.startswith("nights/2026-03-02/map/bpjs.tk.employment.parquet (night 2026-03-02, map bpjs)")


def test_a_receipt_cannot_send_the_auditor_elsewhere(state):
    """A path that leaves the state folder is a finding, and is not opened."""
    from jendela.evidence.artefact_check import check_artefacts
    from jendela.evidence.entries import Entry
    from jendela.model.receipt import Digest

    for path in ("/etc/passwd", "landing/../../secret"):
        receipt = Receipt("2026-03-02", "pull", "bpjs", {}, artefacts=(Digest(path, "0" * 64, 1),))
        findings = []
        check_artefacts([Entry(0, "receipt", {}, receipt)], state, None, findings)
        assert "outside" in findings[0].problem


def test_kept_files_are_given_to_the_command(state, tmp_path):
    """A log set back to its second night, and one signed anew: both are found with what was kept."""
    evidence, kept = state / "evidence", tmp_path / "kept"
    kept.mkdir()
    shutil.copy(evidence / "ledger.pub", kept / "key")
    for size in ("6", "9"):
        shutil.copy(evidence / "checkpoints" / size, kept / size)
    mine = ["--public-key", kept / "key", "--checkpoint", kept / "6", "--checkpoint", kept / "9"]
    assert command(evidence, *mine) == (0, f"{evidence}: 9 entries, 0 files: verifies\n")
    set_back(evidence)
    code, told = command(evidence, *mine)
    assert code == 4
    assert f"log.jsonl: has 6 entries, but 9 were signed (your {kept / '9'}): it was cut short." in told
    other = Keyring((b"z" * 32,), "a stranger")
    (evidence / "ledger.pub").write_text(verifier(other).text() + "\n", encoding="utf-8")
    assert "ledger.pub: is not the public key that you gave." in command(evidence, *mine[:2])[1]
    assert f"your {kept / '6'}: is not signed with the ledger's key" in command(evidence, *mine[2:4])[1]


@pytest.mark.parametrize("option", ["--public-key", "--checkpoint"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"jendela/ledger+00000000+AAAA\n", b"ledger\n9\nAAAA\n"]
)
def test_a_kept_file_that_is_another_is_refused(state, tmp_path, option, content):
    """It is wrong use, said before anything is checked, and names the file to keep."""
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(click.BadParameter, match=r"other is not .* keep evidence/"):
        command(state / "evidence", option, tmp_path / "other")


def test_files_that_no_receipt_names_are_found(state):
    """An added report, a landing file beside the real one, a linked folder, what belongs to no night."""
    close(state)
    assert problems(state) == []
    added = ["landing/2026-03-04/bpjs/bpjs.tk2.parquet", "reports/2026-03-04/extra.html", "nights/old/map/a"]
    for name in added:
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).write_bytes(b"x")
    (state / "nights/2026-03-02/elsewhere").symlink_to(state / "evidence")
    none = "No receipt of this night names this file: it was put there after its step."
    assert sorted(problems(state)) == [
        f"landing/2026-03-04/bpjs/bpjs.tk2.parquet: {none}",
        f"nights/2026-03-02/elsewhere: {none}",
        "nights/old/map/a: This belongs to no night: no receipt names it.",
        f"reports/2026-03-04/extra.html: {none}",
    ]
    assert len(problems(state, since=date(2026, 3, 3))) == 3


def test_what_may_lie_there_without_a_receipt(state):
    """An open night, what an attempt that was killed had not finished, what a missing feed had landed."""
    close(state, Missing("bpjs", "bpjs.klaim", "", "", True))
    for name in (
        "nights/2026-03-04/map/.bpjs.tk.employment.parquet.17.partial",
        "landing/2026-03-04/bpjs/bpjs.klaim.parquet",
        "nights/2026-03-04/pull/bpjs.klaim.changes.parquet",
        "landing/2026-03-05/bpjs/bpjs.tk.parquet",
        "nights/2026-03-05/pull/bpjs.tk.changes.parquet",
        "reports/2026-03-05/data_docs/index.html",
    ):
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).write_bytes(b"x")
    assert problems(state) == []
    (state / "nights/2026-03-04/map/bpjs.klaim.employment.parquet").write_bytes(b"x")
    assert len(problems(state)) == 1


def test_what_a_step_left_that_never_ended_at_one_office_is_nobodys_forgery(state):
    """Its map broke off after the first file, and its delivery: the night closed over both, and says so."""
    lost = Missing("dinas_6471", "dinas.6471.hi.letters", "", "", False, lost=True)
    silent = Missing("bpjs", "bpjs.claims", "", "", True)
    with reopened(state) as hub, hub.begin() as conn:
        commit(conn, Receipt("2026-03-04", "pull", "dinas_6471", {"dinas_6471.phk": {"received": 1}}))
        commit(conn, Receipt("2026-03-04", "deliver", "dinas_6471", {}, missing=(lost,)))
        commit(conn, Receipt("2026-03-04", "deliver", "bpjs", {}, missing=(silent,)))
    close(state)
    left = (
        "nights/2026-03-04/map/dinas_6471.phk.termination_case.parquet",
        "nights/2026-03-04/deliver/dinas.6471.hi.letters.parquet",
    )
    forged = (
        "landing/2026-03-04/dinas_6471/dinas_6471.phk.parquet",
        "nights/2026-03-04/deliver/bpjs.claims.parquet",
        "nights/2026-03-04/map/dinas_6471.lain.employment.parquet",
    )
    for name in (*left, *forged):
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).write_bytes(b"x")
    assert sorted(problem.split(":")[0] for problem in problems(state)) == sorted(forged)


def test_a_night_that_the_log_forgot_is_found_by_its_files(state):
    """Set back by one night its report tells, for only a close writes it; by two, one cannot be open."""
    close(state)
    set_back(state / "evidence")
    (found,) = problems(state)
    assert found.startswith("reports/2026-03-04/report.html: This night has its report, but the log")
    (state / "landing/2026-03-05/bpjs").mkdir(parents=True)
    (state / "landing/2026-03-05/bpjs/bpjs.tk.parquet").write_bytes(b"x")
    assert [found.split(": ")[0] for found in problems(state)] == [
        f"{name}/2026-03-04" for name in ("landing", "nights", "reports")
    ]


def command(evidence, *words):
    """Exit code and output of `jendela verify`; raises what `main` turns into exit code 2."""
    words = ["verify", "--evidence", evidence, *words]
    shown = CliRunner().invoke(jendela, [str(word) for word in words], env={}, standalone_mode=False)
    if shown.exception is not None:
        raise shown.exception
    return shown.return_value, shown.output


def set_back(evidence):
    """The log as it was after six entries, with nothing left of the later ones."""
    for name in ("log.jsonl", "log.hashes"):
        (evidence / name).write_bytes(b"".join((evidence / name).read_bytes().splitlines(keepends=True)[:6]))
    for later in (file for file in (evidence / "checkpoints").iterdir() if int(file.name) > 6):
        later.unlink()
    shutil.copy(evidence / "checkpoints/6", evidence / "checkpoint")


def close(state, *missing):
    """The last night closed: its report written, named by a receipt, and logged."""
    (state / "reports/2026-03-04").mkdir(parents=True)
    report = state / "reports/2026-03-04/report.html"
    report.write_bytes(b"<p>")
    digest = Digest("reports/2026-03-04/report.html", sha256(b"<p>").hexdigest(), 0)
    with reopened(state) as hub:
        with hub.begin() as conn:
            commit(conn, Receipt("2026-03-04", "pull", "dinas_3215", {}, missing=missing))
            commit(conn, Receipt("2026-03-04", "close", "", {}, artefacts=(digest,)))
        ledger.export(hub)
