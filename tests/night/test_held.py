"""A held row in a whole night: what the report and the list say of it, and what a look tells, and logs."""

from __future__ import annotations

import json
import sqlite3

import click
import pytest
from click.testing import CliRunner

from jendela.cli import jendela
from jendela.model.errors import WrongUseError

LETTER = "PHK_SITI_AMINAH_6471014502900003.xml"


def call(demo, *words):
    """What a command printed."""
    shown = CliRunner().invoke(jendela, ["held", *words], env=demo.environ, standalone_mode=False)
    if shown.exception is not None:
        raise shown.exception
    return shown.output


def listed(demo):
    """The held rows of the office of letters."""
    return json.loads(call(demo, "list", "--office", "dinas_6471", "--json"))


@pytest.mark.parametrize("command", ["held", "refused"])
def test_an_office_that_the_hub_does_not_know_is_no_office_without_rows(demo, command):
    """Mistyped, "0 rows" would be taken for good news."""
    words = [command, "list", "--office", "dinas_9999"]
    shown = CliRunner().invoke(jendela, words, env=demo.environ, standalone_mode=False)
    assert isinstance(shown.exception, WrongUseError)
    assert "dinas_9999" in str(shown.exception)
    assert "dinas_6471" in str(shown.exception)


def test_the_name_of_a_letter_s_file_is_told_only_to_who_looks(second):
    """A file that cannot be read is named after the worker: neither report nor list say so; the look does."""
    before = {row["held_id"] for row in listed(second)}
    (second.folder / "dinas_6471" / "keluar" / LETTER).write_bytes(b"<surat")
    second.run()
    for file in (second.folder / "state" / "reports" / "2026-09-02").rglob("*.*"):
        text = file.read_text(encoding="utf-8")
        assert "AMINAH" not in text, file.name
        assert "6471014502900003" not in text, file.name
    (row,) = (row for row in listed(second) if row["held_id"] not in before)
    assert row["place"].startswith("#")
    report = (second.folder / "state/reports/2026-09-02/held.csv").read_text(encoding="utf-8")
    assert f"{row['held_id'][:12]},dinas_6471,dinas_6471.berkas_phk,{row['place']}," in report
    with pytest.raises(click.MissingParameter, match="who"):
        call(second, "show", row["held_id"][:12])
    told = call(second, "show", row["held_id"][:12], "--by", "Ani")
    assert LETTER in told.splitlines()[0]
    with sqlite3.connect(second.folder / "state" / "hub.sqlite") as conn:
        query = "SELECT body FROM ledger_leaf WHERE kind = 'view'"
        (body,) = (json.loads(body)["body"] for (body,) in conn.execute(query))
    assert (body["held_id"], body["who"], set(body)) == (
        row["held_id"],
        "Ani",
        {"held_id", "feed", "who", "at"},
    )
