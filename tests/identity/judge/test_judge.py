"""From evidence to weights: who is certain, who else it could be, and that nothing else matters."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import polars as pl
import pytest

from jendela.identity.compare import names, numbers
from jendela.identity.compare.commonness import RAREST
from jendela.identity.compare.evidence import GRADES, SHARES
from jendela.identity.compare.residence import OTHER
from jendela.identity.judge.judge import CERTAIN, PROBABILISTIC, SURE
from jendela.identity.judge.model import BY_COMMONNESS, LEVELS, probabilities, settings
from jendela.identity.judge.rivals import Rival, field_weights
from jendela.identity.judge.score import ROOM, patterns
from jendela.identity.policy import load_policy
from jendela.identity.resolve import Resolution, resolve
from tests.identity.crowd import Mention, crowd, read

BUDI: Mention = {
    "national_id": "3215011203859021",
    "full_name": "Budi Santoso",
    "birth_date": "1985-03-12",
    "sex": "L",
}
CERTAINTIES: list[tuple[str, Mention, bool]] = [
    ("the same row", {}, True),
    ("a title and a short form", {"full_name": "H. B. Santoso, S.E."}, True),
    ("a corrected birth date of one digit of the year", {"birth_date": "1986-03-12"}, True),
    ("no birth date but the number's", {"birth_date": None}, True),
    ("another name", {"full_name": "Siti Aminah", "sex": None}, False),
    ("a letter changed: so do the names of twins differ", {"full_name": "Bedi Santoso"}, False),
    ("another sex", {"sex": "P"}, False),
    ("another number", {"national_id": "3215011203859022"}, False),
    ("no name", {"full_name": None}, False),
]


@pytest.fixture(scope="module")
def found() -> Resolution:
    """A small crowd, judged."""
    return resolve(read(*crowd(300)), load_policy())


@pytest.mark.parametrize(("story", "other", "certain"), CERTAINTIES, ids=[story[0] for story in CERTAINTIES])
def test_the_certain_tier(story: str, other: Mention, certain: bool) -> None:
    """Equal numbers and compatible names; neither birth date nor sex against it."""
    pair = resolve(read(BUDI, {**BUDI, **other}), load_policy()).pairs.row(0, named=True)
    assert pair["tier"] == (CERTAIN if certain else PROBABILISTIC)
    if certain:
        assert (pair["zone"], pair["weight"] >= SURE) == ("link", True)


def test_a_verdict_does_not_depend_on_the_company(found: Resolution) -> None:
    """The same pair weighs the same alone and among others, by the same fit."""
    compared = found.pairs.drop("tier", "weight", "against", "zone")
    for part in (compared.slice(0, 1), compared.slice(40, 25), compared[::-1]):
        alone = found.fit.judged(part)
        joined = alone.join(found.pairs, on=["left", "right"], suffix="_together")
        assert joined.height == part.height
        assert (joined["tier"] == joined["tier_together"]).all()
        assert (joined["against"] == joined["against_together"]).all()
        assert (joined["weight"] - joined["weight_together"]).abs().max() < 1e-9  # type: ignore[operator]


def test_a_night_adds_up_what_splink_does(found: Resolution) -> None:
    """The same verdicts, and weights to a billionth of a bit."""
    compared = found.pairs.drop("tier", "weight", "against", "zone")
    one, other = found.fit.judged(compared), found.fit.judged_by_night(compared)
    assert one.select("tier", "against").equals(other.select("tier", "against"))
    assert (one["weight"] - other["weight"]).abs().max() < 1e-9  # type: ignore[operator]


def test_a_match_has_to_beat_its_strongest_rival(found: Resolution) -> None:
    """No weight is above that against the rival it names, and every rival is named in words."""
    assert set(found.pairs["against"]) <= {"stranger", *(rival.name for rival in found.fit.rivals)}
    every = found.pairs.filter(tier=PROBABILISTIC)
    assert every.height > 20
    assert every["weight"].is_finite().all()


def test_patterns_are_told_apart() -> None:
    """Every grade and every bit fits into its room, and rows of one pattern share it."""
    assert set(ROOM) == {*GRADES, *SHARES}
    assert all(max(levels) + 1 < 2 ** ROOM[f"{name}_grade"] for name, (_, levels) in LEVELS.items())
    assert all(2 ** ROOM[name] > RAREST + 1 for name in SHARES)
    rows: list[dict[str, int | None]] = [dict.fromkeys(ROOM, None)]
    rows += [{**rows[0], name: value} for name, room in ROOM.items() for value in range(2**room - 1)]
    evidence = pl.DataFrame([*rows, *rows], schema=dict.fromkeys(ROOM, pl.Int8))
    shown, of_row = patterns(evidence)
    assert shown.height == len(rows)
    assert shown[of_row].equals(evidence)


def test_the_shipped_model_is_one() -> None:
    """Each comparison's m and u are probabilities of all its grades, and settings tell them back."""
    shipped = load_policy().probabilities
    assert shipped.keys() == LEVELS.keys()
    for name, grades in shipped.items():
        assert grades.keys() == LEVELS[name][1].keys()
        # Residences of which one regency is not known are a case of their own.
        strangers = [u for grade, (_, u) in grades.items() if (name, grade) != ("residence", OTHER)]
        assert sum(strangers) == pytest.approx(1, abs=0.02), name
        assert sum(m for m, _ in grades.values()) == pytest.approx(1, abs=0.02), name
        assert all(0 < chance <= 1 for pair in grades.values() for chance in pair), name
    assert probabilities(settings(shipped, 0.01)) == shipped


def test_frequencies_adjust_what_they_should() -> None:
    """Only agreements; sameness by number or sex is no matter of how common it is."""
    by_name = {comparison["output_column_name"]: comparison for comparison in _comparisons()}
    for name, comparison in by_name.items():
        levels = zip(LEVELS[name][1], comparison["comparison_levels"][1:], strict=True)
        adjusted = tuple(grade for grade, level in levels if "tf_adjustment_column" in level)
        assert adjusted == BY_COMMONNESS.get(name, ())


def _comparisons() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = settings(load_policy().probabilities, 0.01)["comparisons"]
    return found


def test_what_a_rival_shares_says_nothing() -> None:
    """Against a twin the mother says nothing, against a stranger all; some rivals have a way of their own."""
    fitted = {"mother": {1: (0.9, 0.01), 0: (0.1, 0.99)}}
    twin = Rival("twin", 0.01, {"mother": 1.0}, {})
    stranger = Rival("stranger", 0.01, {}, {})
    own = Rival("own", 0.01, {}, {"mother": {1: 0.45, 0: 0.55}})
    assert field_weights("mother", fitted, twin) == {1: 0.0, 0: 0.0}
    assert field_weights("mother", fitted, stranger)[1] == pytest.approx(math.log2(0.9 / 0.01))
    assert field_weights("mother", fitted, own)[1] == pytest.approx(1)


def test_the_shipped_rivals_are_complete() -> None:
    """They share comparisons that there are, in part or whole, and their own ways are probabilities."""
    rivals = load_policy().rivals
    assert {"namesake", "twin", "borrower"} <= {rival.name for rival in rivals}
    for rival in rivals:
        assert rival.rate > 0
        assert rival.shares.keys() <= LEVELS.keys()
        assert all(0 <= share <= 1 for share in rival.shares.values())
        for comparison, levels in rival.own.items():
            assert levels.keys() == LEVELS[comparison][1].keys()
            assert sum(levels.values()) == pytest.approx(1, abs=0.02)


def test_a_borrowed_number_links_nobody(found: Resolution) -> None:
    """Whatever the register, equal numbers under two names and birth dates are the borrower's."""
    other = {**BUDI, "full_name": "Siti Aminah", "birth_date": "1990-05-15", "sex": "P"}
    pair = resolve(read(BUDI, other, *crowd(100)), load_policy()).pairs.filter(left=0, right=1)
    assert pair["nik_grade"][0] == numbers.SAME
    assert pair["name_grade"][0] == names.DIFFERENT
    assert (pair["zone"][0], pair["against"][0]) == ("apart", "borrower")


def test_no_pairs_no_splink() -> None:
    """A night without anything to score does not pay for importing it, nor does importing the step."""
    script = (
        "import sys; from jendela.identity import step; from jendela.identity.policy import load_policy; "
        "from jendela.identity.resolve import resolve; from tests.identity.crowd import read; "
        "resolve(read({}, {}), load_policy()); sys.exit('splink' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
