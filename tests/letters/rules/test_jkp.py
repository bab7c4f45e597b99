"""The indicator of the job-loss programme: facts with their reasons, never a decision."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jendela.contracts.messages import load_messages
from jendela.law import load_law
from jendela.letters.rules import jkp
from jendela.letters.rules.jkp import JKP
from tests.letters.rules.letter import frame, reason

LAW = load_law(None)
WORDS = {"Y": "yes", "N": "no", "C": "conditional", "R": "needs_ruling"}


def said(**changes: object) -> tuple[str, list[str]]:
    """The indicator of one letter, and the keys of its reasons without the prefix."""
    row = jkp(frame(changes), LAW).row(0, named=True)
    return row["jkp"], [reason["key"].removeprefix("letter.jkp.") for reason in row["jkp_reasons"]]


@pytest.mark.parametrize("code", sorted(LAW.reasons))
def test_every_reason_is_indicated_as_agreed(code):
    """DOMAIN 7.8: Y, N, C or R; R51, R522 and R54x need a ruling, never silently in or out."""
    indicator, reasons = said(**reason(code))
    assert indicator == WORDS[LAW.reasons[code].jkp]
    assert reasons[0] == f"reason.{LAW.reasons[code].jkp_note}"


@pytest.mark.parametrize(
    ("changes", "indicator", "key"),
    [
        ({"citizenship": "WNA"}, "no", "foreigner"),
        ({"citizenship": None}, "conditional", "citizenship"),
        ({"birth_date": date(1972, 9, 24)}, "conditional", "age"),  # 54 on the day: registered when?
        ({"birth_date": None}, "conditional", "birth_date"),
        ({"enterprise_size": "MIKRO"}, "conditional", "programmes"),  # need not join JHT
        ({"contract_type": "PEMAGANGAN"}, "conditional", "apprentice"),
        ({"letter_type": "WITHDRAWAL"}, "no", "withdrawn"),
        ({"effective_date": None}, "conditional", "no_date"),
        ({"effective_date": date(2021, 2, 1)}, "no", "before"),
        ({"reason_code": None}, "needs_ruling", "reason.none"),
        ({"reason_code": "R99"}, "needs_ruling", "reason.none"),
    ],
)
def test_what_else_the_letter_says(changes, indicator, key):
    """Citizenship, age, programmes, the kind of contract and of letter, the date."""
    found, reasons = said(**changes)
    assert found == indicator
    assert key in reasons


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": date(1972, 9, 25)},  # 53 on the day: was below 54 whenever registered
        {"enterprise_size": "KECIL"},
        {"effective_date": date(2021, 2, 2)},
        {"letter_type": "CORRECTION"},
    ],
)
def test_what_speaks_not_against_it(changes):
    """The other side of each."""
    assert said(**changes)[0] == "yes"


def test_the_gravest_reason_decides():
    """A foreigner whose reason needs a ruling is excluded; both are said."""
    found, reasons = said(**reason("R51", citizenship="WNA"))
    assert found == "no"
    assert {"reason.absence", "foreigner"} <= set(reasons)


def test_it_always_says_that_it_is_no_decision():
    """In both languages, last, whatever it indicates."""
    letters = frame(*(reason(code) for code in LAW.reasons))
    last = jkp(letters, LAW).select(pl.col("jkp_reasons").list.last()).to_series()
    assert {row["key"] for row in last} == {"letter.jkp.indicator"}
    assert all("bukan keputusan" in row["id"] and "not a decision" in row["en"] for row in last)


def test_the_claim_deadline_is_that_of_the_law_of_the_date():
    """Three months until 6 February 2025, six from the 7th."""
    letters = frame({"effective_date": date(2025, 2, 6)}, {"effective_date": date(2025, 2, 7)})
    texts = [row["jkp_reasons"][-2]["en"] for row in jkp(letters, LAW).iter_rows(named=True)]
    assert "a claim by 6 May 2025" in texts[0]
    assert "a claim by 7 August 2025" in texts[1]


def test_one_row_a_worker_in_their_order():
    """With the columns as agreed; of no letters, none."""
    found = jkp(frame({"file": "b"}, {"file": "a"}), LAW)
    assert found["file"].to_list() == ["b", "a"]
    assert dict(found.schema) == JKP
    assert dict(jkp(frame()[:0], LAW).schema) == JKP


def test_no_text_is_left_unsaid():
    """Every text of the indicator has a letter that gets it."""
    letters = frame(
        *(reason(code) for code in LAW.reasons),
        {"citizenship": "WNA"},
        {"citizenship": None, "birth_date": None, "effective_date": None, "reason_code": None},
        {"birth_date": date(1950, 1, 1), "enterprise_size": "MIKRO", "contract_type": "PEMAGANGAN"},
        {"letter_type": "WITHDRAWAL", "effective_date": date(2020, 1, 1)},
    )
    keys = jkp(letters, LAW).explode("jkp_reasons").select(pl.col("jkp_reasons").struct.field("key"))
    assert set(keys.to_series()) == {key for key in load_messages().texts if key.startswith("letter.jkp.")}
