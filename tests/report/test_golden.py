"""The editions of the sample night, byte for byte.

After a change that is meant, `JENDELA_UPDATE_GOLDEN=1 .venv/bin/pytest tests/report/test_golden.py` writes
them anew; read the difference before you keep it. The catalogue, the contracts' descriptions and the
offices' names are shown in the page, so a change there changes it too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from jendela.report import csv_tables, html
from jendela.report.write import as_json
from tests.report.conftest import agreements, sample

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("report.html", "report.json", *csv_tables.COLUMNS)


def editions():
    """Every edition by its file's name."""
    report = sample()
    return {
        "report.html": html.page(report, agreements()),
        "report.json": as_json(report),
        **csv_tables.tables(report),
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_edition_is_what_it_was(name):
    """A reader who compares two nights sees only what differs between the nights."""
    made = editions()[name]
    if os.environ.get("JENDELA_UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(made.encode())
    assert made == (GOLDEN / name).read_bytes().decode(), "see the top of this file to refresh it"


def test_the_same_night_gives_the_same_bytes():
    """A report that is written again after a crash has the digest that was logged."""
    assert editions() == editions()


def test_the_json_edition_names_its_shape():
    """Programs that read it can tell what they have before them."""
    assert json.loads(as_json(sample()))["schema"] == "jendela.report/1"
