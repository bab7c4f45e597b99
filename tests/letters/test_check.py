"""`jendela letter check` and `letter new`: folders, exit codes, the keys that scripts depend on."""

from __future__ import annotations

import json
import os

import polars as pl
import pytest
from click.testing import CliRunner

from jendela.cli import jendela
from jendela.law import load_law
from jendela.letters import check as checking
from jendela.letters.check import CHECKED, check
from jendela.model.errors import WrongUseError
from tests.letters.fuzz.seeds import good, pdf
from tests.letters.intake.layoff import EXAMPLE, THREE, as_csv, as_json, facts_and_rows, letter, take, worker
from tests.letters.signing.conftest import Office, authority

KEYS = {"file", "index", "valid", "signature", "violations", "jkp"}
SAID = {"rule", "severity", "field", "message_id", "message_en", "article"}


@pytest.fixture(scope="module")
def law():
    """The installed law."""
    return load_law(None)


@pytest.fixture(scope="module")
def office() -> Office:
    """The anchor, and Rahmat, who signs for PT Borneo Mitra Karya."""
    root = authority("Otoritas Uji")
    below = root.issue("Otoritas Uji Penerbit", ca=True)
    return Office(root, below, below.issue("Rahmat Hidayat"))


def run(*arguments) -> tuple[int, str]:
    """Exit code and standard output."""
    done = CliRunner().invoke(jendela, ["letter", *map(str, arguments)], standalone_mode=False)
    assert done.exception is None or isinstance(done.exception, WrongUseError), done.exception
    return (2 if done.exception else done.return_value), done.stdout


def objects(text: str) -> list[dict]:
    """The letters of `--json`."""
    return [json.loads(line) for line in text.splitlines()]


def test_a_folder_with_every_form(tmp_path):
    """One object a letter: file, then the worker's place in it; a file of nothing is one invalid letter."""
    for name, content in good().items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "kosong").write_bytes(b"")
    (tmp_path / ".hidden").write_bytes(b"x")
    code, text = run("check", tmp_path, "--json")
    found = objects(text)
    assert code == 1
    assert all(set(one) == KEYS for one in found)
    assert all(set(said) == SAID for one in found for said in one["violations"])
    names = [(one["file"].removeprefix(f"{tmp_path}/"), one["index"]) for one in found]
    three = [(form, n) for form in ("csv", "json") for n in (1, 2, 3)]
    more = [("pdf", 1), ("utf-16", 1), *(("xlsx", n) for n in (1, 2, 3)), *(("xml", n) for n in (1, 2, 3))]
    assert names == [*three, *more, ("below/kosong", None)]
    assert [one["valid"] for one in found] == [True] * 14 + [False]
    assert {one["jkp"] for one in found} == {"yes", None}


def test_exit_codes(tmp_path):
    """0 all valid, 1 some are not, 2 a path is missing or holds no letter."""
    right, wrong = tmp_path / "benar.xml", tmp_path / "salah.xml"
    right.write_bytes(EXAMPLE)
    wrong.write_bytes(EXAMPLE[:500])
    (tmp_path / "kosong").mkdir()
    assert run("check", right)[0] == 0
    assert run("check", right, wrong)[0] == 1
    assert run("check", tmp_path / "tidak-ada.xml")[0] == 2
    assert run("check", tmp_path / "kosong")[0] == 2


def test_one_wrong_worker_of_three(tmp_path):
    """The others are valid; the wrong one has its violation and was not judged further."""
    file = tmp_path / "massal.xml"
    file.write_bytes(letter(worker(1), worker(2).replace(b"<nik>64", b"<nik>"), worker(3)))
    code, text = run("check", file, "--json")
    found = objects(text)
    assert code == 1
    assert [(one["index"], one["valid"], one["jkp"]) for one in found] == [
        (1, True, "yes"),
        (2, False, None),
        (3, True, "yes"),
    ]
    (said,) = found[1]["violations"]
    assert (said["rule"], said["field"]) == ("F-XSD", "workers.worker.nik")


def test_the_rules_judge_every_form_alike(tmp_path, law):
    """A notice of three days breaks L-03 in XML, JSON, a table and a PDF, with the same words."""
    late = EXAMPLE.replace(b"2026-07-02</tanggal_pemberitahuan>", b"2026-07-29</tanggal_pemberitahuan>")
    forms = {
        "a": late,
        "b": as_json(late),
        "c": as_csv(*facts_and_rows(late)).encode(),
        "d": pdf(("surat_phk.xml", late)),
    }
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
    found = check([tmp_path], law)
    assert found["valid"].to_list() == [False] * 4
    errors = [[one for one in row if one["severity"] == "error"] for row in found["violations"].to_list()]
    assert "L-03" in {one["rule"] for one in errors[0]}
    assert errors[1:] == errors[:1] * 3


def test_signatures_are_told_apart(tmp_path, law, office):
    """Unsigned is none, never valid; signed by somebody trusted is valid; changed afterwards is invalid."""
    signed = office.signed()
    files = {
        "a": EXAMPLE,
        "b": signed,
        "c": signed.replace(b"AISYAH", b"AISIYAH"),
        "d": pdf(("surat_phk.xml", signed)),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = check([tmp_path], law, trust=office.trust, received=office.received)
    assert found["signature"].to_list() == ["none", "valid", "invalid", "valid"]
    assert found["valid"].to_list() == [True, True, False, True]
    trusting_nobody = check([tmp_path / "b"], law, received=office.received)
    assert trusting_nobody["signature"].to_list() == ["invalid"]


def test_batches_change_nothing(tmp_path, law, monkeypatch):
    """One file at a time, or all together."""
    for number, content in enumerate([EXAMPLE, THREE, b"<", as_json(THREE), EXAMPLE[:900]]):
        (tmp_path / f"{number}").write_bytes(content)
    together = check([tmp_path], law)
    monkeypatch.setattr(checking, "FILES_TOGETHER", 1)
    assert check([tmp_path], law).equals(together)
    assert dict(together.schema) == CHECKED
    assert together.height == 9


def test_what_is_no_file_is_not_waited_for(tmp_path, law):
    """A named pipe in the folder: nobody writes to it, and the check goes on."""
    os.mkfifo(tmp_path / "pipa")
    (tmp_path / "surat.xml").write_bytes(EXAMPLE)
    found = check([tmp_path], law)
    assert found["valid"].to_list() == [False, True]


def test_a_name_that_is_no_utf_8(tmp_path, law):
    """From an old file server: the letter is checked, under a name that can be written."""
    with open(os.fsencode(tmp_path) + b"/surat_\xe9.xml", "wb") as file:  # noqa: PTH123  a name of bytes
        file.write(EXAMPLE)
    found = check([tmp_path], law)
    assert found["valid"].to_list() == [True]
    assert found["file"].to_list() == [f"{tmp_path}/surat_?.xml"]


def test_words_for_people(tmp_path):
    """In the language asked for, by file; a letter without a fault takes no line but the first."""
    file = tmp_path / "massal.xml"
    file.write_bytes(letter(worker(1), worker(2).replace(b">P<", b">Q<"), worker(3)))
    indonesian, english = (run("check", file, "--lang", lang)[1] for lang in ("id", "en"))
    assert "pekerja 2: tidak sah" in indonesian
    assert "3 surat dalam 1 berkas, 1 tidak sah." in indonesian
    assert "worker 2: not valid" in english
    assert "worker 3" not in english
    assert "BUDI" not in indonesian + english


def test_a_note_on_a_table_is_said_once(tmp_path, law):
    """How the table was read stands with its first worker, not with all."""
    (tmp_path / "massal.csv").write_text(as_csv(*facts_and_rows(THREE)), encoding="utf-8")
    found = check([tmp_path], law)
    notes = found["violations"].list.eval(pl.element().struct.field("rule") == "F-TABLE").list.sum()
    assert notes.to_list() == [1, 0, 0]
    assert found["valid"].all()


@pytest.mark.parametrize("form", ["xml", "json", "csv", "xlsx"])
def test_an_empty_letter_is_read_as_its_form_and_is_not_valid(tmp_path, form):
    """`letter new` writes it, says nothing, and writes over nothing."""
    out = tmp_path / f"surat.{form}"
    assert run("new", "--form", form, "--out", out)[0] in (0, None)
    assert run("new", "--form", form, "--out", out)[0] == 2
    found = take(out.read_bytes())
    assert found.letters.is_empty()
    assert not set(found.findings["rule"]) & {"F-FORM", "F-SIZE", "F-XML", "F-JSON"}
