"""What the terminal says at the end of a night."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from jendela.model.balance import DELIVERIES, ROWS
from jendela.model.receipt import Digest, Missing, Receipt
from jendela.report import terminal

REPORT = "reports/2026-09-01/report.html"


@pytest.mark.parametrize("there", [True, False])
def test_a_report_is_named_where_it_can_be_opened(tmp_path: Path, there: bool) -> None:
    """A rehearsal's is gone by then: its path would lead nowhere."""
    if there:
        (tmp_path / REPORT).parent.mkdir(parents=True)
        (tmp_path / REPORT).write_text("<!doctype html>", encoding="utf-8")
    closed = Receipt("2026-09-01", "close", "", {}, artefacts=(Digest(REPORT, "0" * 64, 0),))
    out = io.StringIO()
    terminal.show("2026-09-01", [closed], tmp_path, Console(file=out, width=200))
    assert (REPORT in out.getvalue()) == there


def test_in_a_file_no_line_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    """At eighty characters the office, the reason and the table's columns could not be searched for."""
    reason = (
        "The connection DINAS_7371 is not configured: set JENDELA_CONN_DINAS_7371 to its URL." + " x" * 90
    )
    missing = Missing("dinas_7371", "dinas_7371.surat_masuk", reason, "", retriable=True)
    balance = dict.fromkeys((*ROWS.columns, *DELIVERIES.columns), 1_234_567)
    closed = Receipt("2026-09-01", "close", "", {"feed:kemnaker.skillhub_kehadiran": balance})
    console = terminal.plain_console()
    terminal.line(Receipt("2026-09-01", "pull", "dinas_7371", {}, missing=(missing,)), console)
    terminal.show("2026-09-01", [closed], Path("nowhere"), console)
    told = capsys.readouterr().out
    assert reason in told
    assert next(row for row in told.splitlines() if "skillhub" in row).count("1,234,567") == len(ROWS.columns)


@pytest.mark.parametrize(("days", "said"), [(1, "1 expected day late"), (3, "3 expected days late")])
def test_one_day_is_a_day(days: int, said: str) -> None:
    """And more are days."""
    closed = Receipt("2026-09-01", "close", "", {"late:bpjs.klaim_jkp": {"late": 1, "days": days}})
    out = io.StringIO()
    terminal.show("2026-09-01", [closed], Path("nowhere"), Console(file=out, width=200))
    assert f"bpjs.klaim_jkp: late, {said}" in out.getvalue()
