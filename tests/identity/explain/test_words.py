"""The words of an explanation, in both languages, of people who never lived.

After a change that is meant, `JENDELA_UPDATE_GOLDEN=1 .venv/bin/pytest tests/identity/explain` writes the
files anew: read them before you keep them.
"""

from __future__ import annotations

import os
import string
from pathlib import Path

import pytest

from jendela.contracts.messages import load_messages
from jendela.identity.compare.reasons import CODES
from jendela.identity.explain import terminal
from jendela.identity.explain.explained import BEHIND, Explained
from jendela.identity.explain.numbers import Numbers
from jendela.identity.explain.words import Teller
from jendela.identity.judge.contributions import STRANGER
from jendela.identity.judge.model import LEVELS
from jendela.identity.policy import load_policy
from jendela.identity.resolve import APART, LINK, REVIEW
from tests.identity.explain.people import ROWS, judged

GOLDEN = Path(__file__).parent / "golden"
MESSAGES = load_messages()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_words(lang: str) -> None:
    """As a person reads them."""
    found, fit = judged()
    told = "\n".join(terminal.lines(Explained(fit, tuple(found)), Teller(MESSAGES, lang), 99)) + "\n"
    golden = GOLDEN / f"people.{lang}.txt"
    if os.environ.get("JENDELA_UPDATE_GOLDEN"):
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8"), "see the top of this file to refresh it"
    for row in ROWS:
        assert not any(value in told for value in row[1:] if value and len(value) > 4), "a personal value"
    assert max(map(len, told.splitlines())) <= 120


def texts(family: str) -> set[str]:
    """The keys of the catalogue that begin so."""
    return {key for key in MESSAGES.texts if key.startswith(f"{family}.")}


def test_every_reason_has_words_and_no_other_has() -> None:
    """Each code that a links file, an edge or an explanation may carry."""
    others = [STRANGER, *(rival.name for rival in load_policy().rivals)]
    codes = {f"{field}_{code}" for field, grades in CODES.items() for code in grades.values()}
    codes |= {"shared_nik", "shared_kpj", "by_others", *(f"maybe_{name}" for name in others)}
    assert {field: set(grades) for field, grades in CODES.items()} == {
        field: set(grades) for field, (_, grades) in LEVELS.items()
    }
    assert texts("reason") == {f"reason.{code}" for code in codes}


def test_every_other_text_is_used() -> None:
    """And every one that is used is there."""
    others = [STRANGER, *(rival.name for rival in load_policy().rivals)]
    families = {
        "verdict": (LINK, REVIEW, APART),
        "tier": ("certain", "probabilistic"),
        "rival": others,
        "short": others,
        "field": LEVELS,
        "common": ("bearers", "parts", "mother", "mother_parts", "born", "strangers", "own"),
        "effect": ("likelier", "less", "faint"),
        "step": ("before", "sum", "others", "certain", "weight"),
        "note": ("must_link", "cannot_link", "by_others", "contested", "not_met"),
        "number": ("million", "billion", "trillion", "more", "less"),
        "page": ("fields", "finding", "values", "hidden", "shown", "how", "noscript"),
        "chart": (
            "splink", "rival", "step", "finding", "factor", "weight", "running", "probability", "prior",
            "rarity", "final",
        ),
    }  # fmt: skip
    alone = (
        "title", "person", "path", "outside", "more", "alone", "headline", "could", "rather", "against",
        "unsaid",
        *(f"step.{name}.why" for name in ("before", "others", "certain", "weight")),
    )  # fmt: skip
    used = {f"explain.{family}.{name}" for family, names in families.items() for name in names}
    assert texts("explain") == used | {f"explain.{name}" for name in alone}
    assert set(BEHIND) == set(LEVELS)


def test_both_languages_take_the_same_values() -> None:
    """A text with a place for a value has it in both."""
    for key in texts("explain") | texts("reason") | texts("train"):
        text = MESSAGES.texts[key]
        places = [
            {name for _, name, _, _ in string.Formatter().parse(said) if name} for said in (text.id, text.en)
        ]
        assert places[0] == places[1], key


@pytest.mark.parametrize(
    ("value", "digits", "id_", "en"),
    [
        (8192, 1, "8.000", "8,000"),
        (2, 1, "2", "2"),
        (1.24, 2, "1,2", "1.2"),
        (91_000_000, 2, "91 juta", "91 million"),
        (999_999, 2, "1 juta", "1 million"),
        (3.4e9, 2, "3,4 miliar", "3.4 billion"),
        (5e14, 2, "500 triliun", "500 trillion"),
        (1e40, 2, "lebih dari 1.000 triliun", "more than 1,000 trillion"),
    ],
)
def test_numbers_are_rounded_as_far_as_they_are_known(value: float, digits: int, id_: str, en: str) -> None:
    """And written as each language writes them."""
    assert Numbers(MESSAGES, "id").about(value, digits) == id_
    assert Numbers(MESSAGES, "en").about(value, digits) == en


def test_probabilities_are_never_quite_none_or_all() -> None:
    """A machine is not sure."""
    numbers = Numbers(MESSAGES, "id")
    assert numbers.percent(0.5472) == "54,72 %"
    assert numbers.percent(1.0) == "lebih dari 99,99 %"
    assert numbers.percent(0.0) == "kurang dari 0,01 %"
    assert numbers.bits(-3.04) == "−3,0"
