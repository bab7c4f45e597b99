"""The list of codes, the rules and the page agree: no code without its line, no line without its rule."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from jendela.reconcile.duties import load_duties
from jendela.reconcile.step import RULES

ROOT = Path(__file__).parents[2]
LISTED = load_duties(None).by_code["code"].to_list()


def test_every_code_that_a_rule_can_give_is_in_the_list_and_no_other():
    """A finding whose code is not listed would have no owner, and would be lost."""
    sources = "".join(Path(rule.__file__).read_text(encoding="utf-8") for rule in RULES)
    given = set(re.findall(r'"([A-Z]{2,3}-[0-9]{2})"', sources))
    assert given == set(LISTED)


@pytest.mark.parametrize("code", LISTED)
def test_the_page_tells_every_code_as_the_list_does(code):
    """Owner and days in docs/reference/discrepancies.md are those of the list."""
    page = (ROOT / "docs/reference/discrepancies.md").read_text(encoding="utf-8")
    with (ROOT / "schemas/discrepancies.csv").open(encoding="utf-8", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["code"] == code]
    (line,) = re.findall(rf"^\| `{code}` \|.*$", page, re.MULTILINE)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1:4] == [row["severity"], row["owner"], row["working_days_due"]]
