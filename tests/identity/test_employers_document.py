"""The tables of docs/reference/employers.md are what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from jendela.identity.employers import employer_keys, numbers, standard_employers
from jendela.identity.employers.evidence import weighed
from jendela.identity.employers.keys import tally
from jendela.identity.employers.likeness import name_grades
from jendela.identity.employers.links import bearers
from jendela.identity.employers.naming import name_parts

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "employers.md"


def vectors(*header: str) -> list[list[str]]:
    """The rows of the table that has these columns."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = lines.index(f"| {' | '.join(header)} |") + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line[1:-1].split("|")])
    assert rows
    return rows


@pytest.mark.parametrize(
    "row", vectors("written", "core", "other name", "form", "site"), ids=lambda row: row[0]
)
def test_names(row: list[str]) -> None:
    """Each name is taken apart as the table says."""
    read = name_parts(pl.Series(row[:1])).row(0, named=True)
    site = " ".join(read[part] for part in ("site", "site_place", "site_number") if read[part])
    assert [read["name"] or "", read["other_name"] or "", read["form"] or "", site] == row[1:]


@pytest.mark.parametrize("row", vectors("grade", "the names agree", "one", "other"), ids=lambda row: row[0])
def test_grades(row: list[str]) -> None:
    """Each example has its grade."""
    pair = pl.DataFrame({"left_name": [row[2]], "right_name": [row[3]]})
    assert name_grades(pair)["grade"].item() == int(row[0][0])


@pytest.mark.parametrize("row", vectors("kind", "written", "read as", "branch"), ids=lambda row: row[1])
def test_numbers(row: list[str]) -> None:
    """Each number is read as the table says."""
    rule = {"npwp": numbers.entity, "npp": numbers.npp, "nib": numbers.nib, "wlkp": numbers.wlkp}[row[0]]
    found = pl.DataFrame({"x": [row[1]]}).select(rule(pl.col("x")), branch=numbers.branch(pl.col("x"))).row(0)
    assert [found[0] or "", (found[1] or "") if row[0] == "npwp" else ""] == row[2:]


@pytest.mark.parametrize("row", vectors("one", "other", "others"), ids=lambda row: " / ".join(row[:2]))
def test_how_many_others(row: list[str]) -> None:
    """Each example leaves so many others; none where nothing speaks for the pair."""
    read = [re.fullmatch(r"(.*) in (\d{4})(?:, NPWP (\S+))?", text) for text in row[:2]]
    raw = [
        {"record_id": str(place), "employer_name": said[1], "region_code": said[2], "npwp": said[3]}
        for place, said in enumerate(read)
        if said
    ]
    standard = standard_employers(pl.DataFrame(raw, schema=dict.fromkeys(raw[0], pl.String)))
    pair = pl.DataFrame({"left_id": ["0"], "right_id": ["1"]})
    weights = weighed(pair, standard, standard, bearers(tally(employer_keys(standard))))["weight"]
    assert [1 / weight for weight in weights] == [
        pytest.approx(float(text), rel=0.05) for text in row[2:] if text
    ]
