"""Two mentions and the verdict on them: link, review or apart, with the reasons in order of weight."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import Any

import polars as pl
import pytest

from jendela.identity.linking import judge
from jendela.identity.policy import load_policy
from jendela.identity.standardise import standardise
from jendela.model.errors import AgreementError

AGUS = {
    "nik": "3215011703809001",
    "full_name": "AGUS PURWANTO",
    "birth_date": "1980-03-17",
    "birth_place": "KARAWANG",
    "sex": "L",
    "mother_maiden_name": "SUMARNI",
    "employer_id": "E1",
    "start_date": "2015-06-01",
}
STORIES: list[tuple[str, dict[str, Any], str, str]] = [
    ("the same row twice", {}, "link", "name_same"),
    (
        "a title and another job",
        {"full_name": "H. Agus Purwanto, S.T.", "employer_id": "E2"},
        "link",
        "name_same",
    ),
    ("no NIK at the counter", {"nik": None}, "link", "name_same"),
    ("a digit of the NIK's date", {"nik": "3215011708809001"}, "link", "name_same"),
    (
        "an illegible NIK and 1 January for want of better",
        {"nik": None, "birth_date": "1980-01-01"},
        "link",
        "name_same",
    ),
    ("a colleague's NIK typed for him", {"nik": "3215024505859002"}, "link", "name_same"),
    ("a second NIK after moving", {"nik": "6471021703809004"}, "link", "name_same"),
    (
        "his wife under his NIK",
        {"full_name": "SITI AMINAH", "birth_date": "1983-08-09", "sex": "P"},
        "apart",
        "shared_nik",
    ),
    (
        "a namesake born the same day elsewhere",
        {
            "nik": "6471021703809004",
            "employer_id": "E2",
            "start_date": "2020-01-02",
            "birth_place": "BALIKPAPAN",
            "mother_maiden_name": None,
        },
        "review",
        "name_same",
    ),
    (
        "such a namesake with another mother",
        {
            "nik": "6471021703809004",
            "employer_id": "E2",
            "birth_place": "BALIKPAPAN",
            "mother_maiden_name": "RUKMINI",
        },
        "apart",
        "name_same",
    ),
    (
        "his father of the same name",
        {"nik": "3215010208559001", "birth_date": "1955-08-02", "employer_id": None, "start_date": None},
        "apart",
        "name_same",
    ),
    (
        "his twin in the same factory",
        {"nik": "3215011703809002", "full_name": "AGUNG PRIYONO"},
        "apart",
        "name_different",
    ),
    (
        "his twin of nearly the same name",
        {"nik": "3215011703809002", "full_name": "AGIS PURWANTO"},
        "review",
        "twins",
    ),
    (
        "a garbled name under his NIK and birth date",
        {"full_name": "AGUS SUPRAPTO"},
        "review",
        "nik_name",
    ),
    (
        "a colleague who has only the name in common",
        {
            "nik": "3215021904889001",
            "birth_date": "1988-04-19",
            "start_date": "2019-01-02",
            "mother_maiden_name": "TUMINAH",
        },
        "apart",
        "name_same",
    ),
]


def verdict(other: dict[str, Any]) -> tuple[str, list[str]]:
    """The zone and the reasons of Agus and this other mention."""
    raw = pl.DataFrame(
        [{"record_id": "a", **AGUS}, {"record_id": "b", **AGUS, **other}], infer_schema_length=None
    )
    pairs = pl.DataFrame({"left_id": ["a"], "right_id": ["b"]})
    edge = judge(pairs, standardise(raw, date(2026, 9, 1)), load_policy()).row(0, named=True)
    return edge["zone"], json.loads(edge["reasons"])


@pytest.mark.parametrize(("story", "other", "zone", "first"), STORIES, ids=[story[0] for story in STORIES])
def test_agus_and(story: str, other: dict[str, Any], zone: str, first: str) -> None:
    """Each story ends in its zone, and the reasons begin with what decided."""
    found, reasons = verdict(other)
    assert (found, reasons[0]) == (zone, first)


def test_a_card_used_by_two_is_a_finding() -> None:
    """One KPJ, another name and birth date: apart, whatever the score."""
    mine = {"kpj": "20012345678", "nik": None}
    raw = pl.DataFrame(
        [
            {"record_id": "a", **AGUS, **mine},
            {"record_id": "b", **AGUS, **mine, "full_name": "RUDI HARTONO", "birth_date": "1991-02-03"},
        ]
    )
    pairs = pl.DataFrame({"left_id": ["a"], "right_id": ["b"]})
    edge = judge(pairs, standardise(raw, date(2026, 9, 1)), load_policy()).row(0, named=True)
    assert edge["zone"] == "apart"
    assert json.loads(edge["reasons"])[0] == "shared_kpj"


def test_a_verdict_does_not_depend_on_the_company() -> None:
    """The same pair gets the same edge alone and among others: an edge is a function of two mentions."""
    raw = pl.DataFrame(
        [{"record_id": f"r{n}", **AGUS, **other} for n, (_, other, _, _) in enumerate(STORIES)],
        infer_schema_length=None,
    )
    standard, policy = standardise(raw, date(2026, 9, 1)), load_policy()
    ids = raw["record_id"].to_list()
    pairs = pl.DataFrame(
        [(a, b) for a in ids for b in ids if a < b], schema=["left_id", "right_id"], orient="row"
    )
    together = judge(pairs, standard, policy)
    for part in (pairs.slice(0, 7), pairs.slice(40, 5)):
        alone = judge(part, standard.sample(fraction=1, shuffle=True, seed=1), policy)
        assert alone.equals(together.join(part, on=["left_id", "right_id"], how="semi"))


def test_no_pairs_no_splink() -> None:
    """A night without anything to score does not pay for importing it, nor does importing the step."""
    script = (
        "import sys, polars as pl; from jendela.identity import step; "
        "from jendela.identity.linking import judge; "
        "judge(pl.DataFrame(schema={'left_id': pl.String, 'right_id': pl.String}), pl.DataFrame(), None); "
        "sys.exit('splink' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_policy_is_strict(tmp_path: Any) -> None:
    """An unknown key and a threshold out of range are named."""
    (tmp_path / "mappings").mkdir()
    file = tmp_path / "mappings" / "identity.yaml"
    file.write_text("version: '1'\nmodel: default\nlink: 1.5\nreview: 0.1\nlargest_block: 10\n")
    with pytest.raises(AgreementError, match=r"mappings/identity.yaml: link: "):
        load_policy(tmp_path)
    file.write_text("version: '1'\nmodel: default\nlink: 0.9\nreview: 0.1\nlargest_block: 10\nlimit: 3\n")
    with pytest.raises(AgreementError, match=r"limit: "):
        load_policy(tmp_path)
