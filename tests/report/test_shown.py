"""What the terminal says at the end of a night."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from jendela.model.receipt import Digest, Receipt
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
