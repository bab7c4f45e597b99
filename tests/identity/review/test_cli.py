"""`jendela review` from end to end: list, show, decide, reopen, audit."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from jendela.cli import jendela
from jendela.cli.options import settings_of
from jendela.configured import open_hub
from jendela.model.errors import WrongUseError
from tests.identity.review.conftest import Desk

CONFIG = """
state: state
first_night: 2026-09-01
offices: [bpjs]
make_key: true
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: Any) -> Iterator[Desk]:
    """A configured hub with one doubt in it, and `JENDELA_CONFIG` that names it."""
    config = tmp_path / "jendela.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("JENDELA_CONFIG", str(config))
    with open_hub(settings_of(config), os.environ) as hub:
        desk = Desk(hub)
        desk.say("card", full_name="SITI AMINAH", mother_maiden_name="KARTINI", nik="3215015505909002")
        desk.say("account", "claim", full_name="ST. AMINAH", status="FILED")
        desk.doubt("card", "account", 0.8125)
        desk.night()
        yield desk


def call(*words: str) -> Result:
    """The command, its output and exit code."""
    return CliRunner().invoke(jendela, ["review", *words], catch_exceptions=True)


def test_two_people_at_the_command_line(office: Desk) -> None:
    """From the queue to a decision that binds the next night."""
    listed = call("list", "--lang", "en").output
    assert "a claim is running" in listed
    assert "1 cases wait" in listed
    (case,) = json.loads(call("list", "--json").output)
    short = case["case_id"][:12]

    shown = call("show", short, "--by", "ani").output
    for value in ("SITI AMINAH", "ST. AMINAH", "3215015505909002", "KARTINI", "Nama ibu kandung"):
        assert value in shown
    assert "0.8125" not in shown
    said = call("decide", short, "same", "--by", "ani", "--because", "mother agrees", "--lang", "en")
    assert "waits for another person" in said.output
    assert json.loads(call("list", "--json", "--by", "ani").output) == []

    assert call("show", short, "--by", "budi", "--json").exit_code == 0
    assert "satu orang" in call("decide", short, "same", "--by", "budi", "--because", "seen").output
    assert "ani: mother agrees; budi: seen" in call("list", "--decided").output
    office.night()
    assert office.together("card", "account")
    assert "putaran 2" in call("reopen", short, "--by", "head", "--because", "new papers").output


def test_what_cannot_be_done_is_said(office: Desk) -> None:
    """As an error of use, which the command line turns into exit code 2; without any value."""
    case = office.case()
    refused = call("decide", case, "same", "--by", "ani", "--because", "seen")
    assert isinstance(refused.exception, WrongUseError)
    assert refused.exception.exit_code == 2
    call("show", case, "--by", "ani")
    refused = call("decide", case, "same", "--by", "ani", "--because", "both say Kartini")
    assert isinstance(refused.exception, WrongUseError)
    assert "KARTINI" not in str(refused.exception).upper()


def test_an_audit_at_the_command_line(office: Desk) -> None:
    """Drawn, labelled in part, and reported with what it cannot say yet."""
    drawn = call("audit", "draw", "--size", "5", "--seed", "1", "--by", "auditor", "--lang", "en")
    assert "1 pairs are in the reviewers' queue" in drawn.output
    told = call("audit", "report", "--lang", "en")
    assert told.exit_code == 0
    assert "0 of 1 pairs are decided" in told.output
    assert "too few for a figure" in told.output
    assert "AMINAH" not in told.output
    kept = json.loads(call("audit", "report", "--json").output)
    assert kept["strata"]["review"] == {"pairs": 1.0, "drawn": 1, "labelled": 0, "same": 0}
    assert kept["groups"]["tradition"]["arabic_modern"]["precision"]["state"] == "too_small"
