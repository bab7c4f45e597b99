"""A new office, from its URL to its first accepted rows, as a person at a terminal does it."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner

from jendela.cli import jendela, source_new
from jendela.contracts.messages import load_messages
from jendela.onboard.wording import Wording
from tests.onboard.conftest import SECRET, clerk, payroll

CONFIG = """\
state: state
first_night: 2026-09-01
offices: [pabrik]
mappings: [kantor]
make_key: true
pull_attempts: 1
"""


@pytest.fixture
def desk(tmp_path, clean_environment):
    """Runs commands in a folder where the payroll's URL is in the environment."""
    clean_environment.chdir(tmp_path)
    clean_environment.setenv("JENDELA_CONN_PABRIK", payroll(tmp_path / "gaji.db"))
    clean_environment.setenv("JENDELA_LANG", "en")
    (tmp_path / "jendela.yaml").write_text(CONFIG, encoding="utf-8")

    def run(*words, code=0, **options):
        result = CliRunner().invoke(jendela, [str(word) for word in words], standalone_mode=False, **options)
        shown = result.output + (str(result.exception) if result.exception else "")
        assert not [secret for secret in SECRET if secret in shown]
        got = getattr(result.exception, "exit_code", 5) if result.exception else result.return_value or 0
        assert got == code, shown
        return shown

    run.folder = tmp_path
    return run


NEW = ("source", "new", "pabrik", "--connection", "PABRIK", "--out", "kantor", "--no-input")


def test_from_the_url_to_accepted_rows_in_a_night(desk):
    """One answer that only the office has; then the night takes the rows."""
    said = desk(*NEW, code=1)
    assert "code 7" in said
    assert "does not load yet" in said
    (desk.folder / "kantor").rename(desk.folder / "dahulu")
    desk(*NEW, "--code", "employmentStatus:7=HARIAN_LEPAS")
    assert desk("source", "check", "pabrik", "--mappings", "kantor").startswith("ok")
    shown = desk("source", "preview", "pabrik", "--mappings", "kantor", "--night", "2026-09-01")
    assert "60 accepted, 0 held" in shown
    assert "1960-••-••" in shown
    assert not (desk.folder / "state").exists()  # nothing of the hub was opened
    desk("run", "--config", "jendela.yaml")
    with sqlite3.connect(desk.folder / "state" / "hub.sqlite") as conn:
        (accepted,) = conn.execute("SELECT count(*) FROM source_row WHERE outcome = 'accepted'").fetchone()
    conn.close()
    assert accepted == 60


def test_what_is_there_is_not_overwritten(desk):
    """Answers that people wrote into the files are theirs."""
    desk(*NEW, code=1)
    before = {path: path.read_bytes() for path in (desk.folder / "kantor").rglob("*.*")}
    assert "not overwritten" in desk(*NEW, code=2)
    assert {path: path.read_bytes() for path in (desk.folder / "kantor").rglob("*.*")} == before


def test_an_office_that_is_not_agreed_yet_stands_in_nobodys_way(desk, monkeypatch):
    """Two are added at once; one has an open question."""
    desk(*NEW, code=1)
    monkeypatch.setenv("KLERK_URL", clerk(desk.folder / "klerk.db"))
    said = desk("source", "new", "klerk", "--url-from-env", "KLERK_URL", "--out", "kantor", "--no-input")
    assert "loads as it is" in said


def test_questions_are_asked_at_the_terminal(desk, monkeypatch):
    """An empty line leaves one for later."""
    monkeypatch.setattr("jendela.cli.source_new.at_terminal", lambda: True)
    said = desk(*NEW[:-1], input="HARIAN_LEPAS\n")
    assert "loads as it is" in said


def test_preview_says_what_is_held_and_how_to_mend_it(desk):
    """A clerk wrote a date by hand, and a code came that nobody announced."""
    desk(*NEW, "--code", "employmentStatus:7=HARIAN_LEPAS")
    with sqlite3.connect(desk.folder / "gaji.db") as conn:
        conn.execute("UPDATE Worker SET hireDate = 'kemarin' WHERE workerId < 4")
        conn.execute("UPDATE Worker SET employmentStatus = 9 WHERE workerId = 5")
    conn.close()
    rows = json.loads(desk("source", "preview", "pabrik", "--mappings", "kantor", "--json", code=1))
    assert (rows[0]["accepted"], rows[0]["held"]) == (56, 4)
    broken = {item["rule"]: item for item in rows[0]["rules"] if item["outcome"] == "held"}
    assert {rule: item["rows"] for rule, item in broken.items()} == {"M-DATE": 3, "M-CODE": 1}
    assert "hireDate" in broken["M-DATE"]["mend"]
    checked = json.loads(desk("source", "check", "pabrik", "--mappings", "kantor", "--json", code=1))
    assert [item["kind"] for item in checked[0]["differences"]] == ["code_unknown"]
    assert checked[0]["differences"][0]["detail"] == "1: 9"


def test_check_tells_a_changed_source(desk):
    """A column renamed, one of another type, one that is new: 2."""
    desk(*NEW, "--code", "employmentStatus:7=HARIAN_LEPAS")
    with sqlite3.connect(desk.folder / "gaji.db") as conn:
        conn.execute("ALTER TABLE Worker RENAME COLUMN leaveDate TO leftOn")
    conn.close()
    checked = json.loads(desk("source", "check", "pabrik", "--mappings", "kantor", "--json", code=2))
    kinds = {(item["kind"], item["column"]) for item in checked[0]["differences"]}
    assert kinds == {("column_gone", "Worker.leaveDate"), ("column_new", "Worker.leftOn")}


def test_an_empty_source_is_said(desk):
    """No row is seen: an empty table, or an account without the right."""
    desk(*NEW, "--code", "employmentStatus:7=HARIAN_LEPAS")
    with sqlite3.connect(desk.folder / "gaji.db") as conn:
        conn.execute("DELETE FROM Worker")
    conn.close()
    assert "no row is seen" in desk("source", "check", "pabrik", "--mappings", "kantor", code=1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--connection", "NOWHERE"), 2, "JENDELA_CONN_NOWHERE"),
        (("--url-from-env", "GONE"), 3, "does not answer"),
        (("--connection", "PABRIK", "--entity", "laundry"), 2, "is not an entity"),
        (("--connection", "PABRIK", "--tables", "laundry"), 2, "no table"),
        (("--connection", "PABRIK", "--transport", "letters"), 2, "cannot describe itself"),
        (("--connection", "PABRIK", "--code", "7"), 2, "COLUMN:CODE=OURS"),
        ((), 2, "Say where the URL is"),
    ],
)
def test_wrong_use_is_said_plainly(desk, monkeypatch, words, code, said):
    """And nothing is written."""
    monkeypatch.setenv("GONE", "postgresql+psycopg://nobody@127.0.0.1:59731/x?connect_timeout=2")
    assert said in desk("source", "new", "lain", "--out", "lain", "--no-input", *words, code=code)
    assert not (desk.folder / "lain").exists()


@pytest.mark.parametrize(
    ("problem", "questions", "told"),
    [
        (None, 0, "loads as it is"),
        (None, 2, "2 questions above are still open"),
        ("no key", 1, "does not load yet: no key"),
    ],
)
def test_a_proposal_that_asks_is_not_said_to_be_whole(problem, questions, told):
    """It may load, and still not be what the office agrees to."""
    words = Wording(load_messages(), "en")
    assert told in source_new._state(words, problem, questions)
