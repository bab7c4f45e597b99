"""Every check of every rule, from both sides; and the catalogue, the code and the texts agree."""

from __future__ import annotations

import csv
import re
import string
from pathlib import Path

import pytest

from jendela.law import load_law
from jendela.letters.frame import SECTIONS, VIOLATIONS
from jendela.letters.rules import cases, judge, judge_cases, load_rules
from jendela.letters.rules.evaluate import Check
from jendela.letters.rules.judge import document_checks, names
from jendela.model.errors import AgreementError
from tests.letters.rules import stories
from tests.letters.rules.letter import frame

ROOT = Path(__file__).parents[3]
LAW = load_law(None)
RULES = load_rules()
BY_CHECK = {entry.check: entry for entry in RULES.entries}


def told(several, judged):
    """What each story's letter breaks, by its number: all of them are judged in one batch."""
    letters = frame(*({"file": str(number), "index": 1} | story.changes for number, story in several))
    found = judged(letters, LAW, RULES)
    return {file: rows for (file,), rows in found.partition_by("file", as_dict=True).items()}


@pytest.fixture(scope="module")
def of_documents():
    """The verdicts on all stories of the document."""
    return told(list(enumerate(stories.DOCUMENT)), judge)


@pytest.fixture(scope="module")
def of_cases():
    """The verdicts on all stories of the case; each with an employer of its own."""
    several = [
        (number, story._replace(changes={"employer_id": str(number)} | story.changes))
        for number, story in enumerate(stories.RECONCILE)
    ]
    return told(several, judge_cases)


def broken(number, story, verdicts) -> bool:
    """Whether the check is among those that the letter breaks, told as the catalogue says."""
    entry = BY_CHECK[story.check]
    text = RULES.messages.text(entry.message)
    shapes = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(part)) for part in (text.id, text.en)]
    return any(
        (row["rule"], row["severity"], row["field"]) == (entry.rule, entry.severity, entry.field)
        and re.fullmatch(shapes[0], row["message_id"]) is not None
        and re.fullmatch(shapes[1], row["message_en"]) is not None
        and "?" not in row["message_id"]
        for row in verdicts.get(str(number), frame()).iter_rows(named=True)
    )


def numbered(several):
    """The stories with their numbers, named as the test report shows them."""
    return [
        pytest.param(number, story, id=f"{story.check}: {story.name}") for number, story in enumerate(several)
    ]


def test_a_sound_letter_breaks_no_rule():
    """Neither by itself nor with its case, and the columns are as agreed even then."""
    for judged in (judge, judge_cases):
        found = judged(frame({}), LAW, RULES)
        assert found.is_empty()
        assert dict(found.schema) == VIOLATIONS


@pytest.mark.parametrize(("number", "story"), numbered(stories.DOCUMENT))
def test_what_the_document_alone_decides(number, story, of_documents):
    """In `letter check`."""
    assert broken(number, story, of_documents) == story.broken


@pytest.mark.parametrize(("number", "story"), numbered(stories.RECONCILE))
def test_what_the_case_decides(number, story, of_cases):
    """In reconcile."""
    assert broken(number, story, of_cases) == story.broken


def test_every_check_is_told_from_both_sides():
    """A rule without a case that breaks it may never fire; one without a case that keeps it may always."""
    told = [*stories.DOCUMENT, *stories.RECONCILE]
    for side in (True, False):
        checks = {story.check for story in told if story.broken == side} | stories.TOLD_ELSEWHERE
        assert sorted(set(BY_CHECK) - checks) == []


def test_the_catalogue_and_the_code_have_the_same_checks():
    """Where each runs included."""
    known = names(LAW, RULES)
    for where in ("document", "reconcile"):
        assert {entry.check for entry in RULES.run_in(where)} == known[where]


def test_the_texts_ask_for_the_values_that_the_code_gives():
    """All of them, and no other; every text of a rule is in use."""
    _, compared = cases.collected(frame({}), LAW)
    code: dict[str, Check] = document_checks(LAW, RULES) | cases.checks(LAW) | compared
    for check, entry in BY_CHECK.items():
        text = RULES.messages.text(entry.message)
        asked = {field for _, field, _, _ in string.Formatter().parse(text.id) if field}
        assert asked == set(code[check].values), check
    ours = {key for key in RULES.messages.texts if re.match(r"letter\.(l\d\d|n\d)", key)}
    assert ours == {entry.message for entry in RULES.entries}


def test_every_rule_of_the_domain_is_there():
    """L-01 to L-16 and the rules of the NIK; in reconcile those that need more than the document."""
    where = {entry.rule: entry.where for entry in RULES.entries}
    agreed = [f"L-{number:02}" for number in range(1, 17)]
    assert set(agreed) | {f"N{number}" for number in range(1, 8)} <= set(where)
    later = {"L-04", "L-05", "L-10", "L-13", "L-14", "L-15", "L-16"}
    assert {rule for rule in agreed if where[rule] == "reconcile"} == later


def test_a_field_is_a_path_of_the_contract():
    """Section and column; of a case and a claim, their own."""
    for entry in RULES.run_in("document"):
        section, _, column = entry.field.partition(".")
        assert column in SECTIONS[section], entry.check
    others = {"case", "claim", *SECTIONS}
    assert {entry.field.partition(".")[0] for entry in RULES.run_in("reconcile")} <= others


def test_severity_follows_the_design():
    """L-12 and L-09 warn; a suspicious NIK is noted, a malformed one is an error."""
    severity = {check: entry.severity for check, entry in BY_CHECK.items()}
    assert {severity["L-12"], severity["L-09.short"], severity["L-11.pension"]} == {"warning"}
    assert {severity["N1"], severity["N2"]} == {"error"}
    assert {severity[f"N{number}"] for number in range(3, 8)} == {"info"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (",error,", ",fatal,", r"letter_rules\.csv:2: severity: must be one of error, warning, info"),
        ("L-01.invalid,", "L-01.unknown,", r"letter_rules\.csv:3: L-01\.unknown: is given twice"),
        (",document,,", ",somewhere,,", r"letter_rules\.csv:2: where: must be one of"),
        (",document,,", ",document,soon,", r"letter_rules\.csv:2: valid_from: is not a date"),
        (
            "letter.l01.unknown",
            "letter.l01.nowhere",
            r"letter\.l01\.nowhere: is used and not in the catalogue",
        ),
        ("check,id", "check,rule", r"letter_rules\.csv:1: header"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_refused(tmp_path, old, new, problem):
    """With its line."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "codes").symlink_to(ROOT / "schemas" / "codes")
    (tmp_path / "schemas" / "messages.csv").symlink_to(ROOT / "schemas" / "messages.csv")
    text = (ROOT / "schemas" / "letter_rules.csv").read_text(encoding="utf-8")
    (tmp_path / "schemas" / "letter_rules.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AgreementError, match=problem):
        load_rules(tmp_path)


def test_the_catalogue_is_in_order():
    """One line a check, grouped by where it runs."""
    with (ROOT / "schemas" / "letter_rules.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(row["check"].split(".")[0] == row["id"] for row in rows)
    places = [row["where"] for row in rows]
    assert places == sorted(places)
