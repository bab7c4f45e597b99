"""The model fitted to the registers at hand: measured where pairs are certain, as shipped where few are."""

from __future__ import annotations

import polars as pl
import pytest

from jendela.identity.compare import numbers
from jendela.identity.frequencies import frequencies
from jendela.identity.judge.adapt import Probabilities, adapted, matches_per_mention
from jendela.identity.policy import load_policy
from jendela.identity.resolve import Resolution, resolve
from tests.identity.crowd import Mention, crowd, read

DEFAULT = load_policy().probabilities


def fitted(register: list[Mention]) -> tuple[Probabilities, Resolution]:
    """The model of a register, and who is who in it."""
    found = resolve(read(*register), load_policy())
    return found.fit.model, found


def test_every_comparison_has_chances_of_all_its_grades() -> None:
    """Measured or shipped, they are probabilities."""
    model, _ = fitted(crowd(400))
    assert {name: set(grades) for name, grades in model.items()} == {n: set(g) for n, g in DEFAULT.items()}
    for name, grades in model.items():
        assert sum(m for m, _ in grades.values()) == pytest.approx(1, abs=0.02), name
        assert all(0 < chance <= 1 for pair in grades.values() for chance in pair), name


def test_where_nothing_is_certain_the_shipped_model_holds() -> None:
    """m of names and numbers as shipped."""
    empty = resolve(read(), load_policy()).pairs
    model = adapted(DEFAULT, empty, frequencies(read()))
    for name in ("name", "nik"):
        for grade, (m, _) in model[name].items():
            assert m == pytest.approx(DEFAULT[name][grade][0])


def test_a_register_that_never_updates_addresses() -> None:
    """An address that differs speaks less against one person there than in a register that keeps them."""
    careful = [{**mention} for mention in crowd(500)]
    careless = [
        {**mention, "address": f"Jl. Lama No. {row}"} if "again" in mention["record_id"] else mention
        for row, mention in enumerate(careful)
    ]
    kept, moved = (fitted(register)[0]["residence"] for register in (careful, careless))
    same = max(kept)
    assert moved[same][0] < kept[same][0]


def test_strangers_are_counted() -> None:
    """Where all live in one regency and have one employer, sharing them is no news."""
    many = crowd(400)
    alike = [{**mention, "birth_place": "Karawang", "employer_id": "FACTORY"} for mention in many]
    usual, common = fitted(many)[0], fitted(alike)[0]
    for field in ("place", "employer"):
        agree = [sum(u for grade, (_, u) in model[field].items() if grade) for model in (usual, common)]
        assert agree[0] < agree[1]
        # As far as so few mentions can tell against what holds for the country.
        assert agree[1] > 0.2


def test_how_many_are_twice() -> None:
    """More where the register is of two files of the same people, fewer where everybody is there once."""
    both, once = crowd(500), [mention for mention in crowd(500) if "again" not in mention["record_id"]]
    rates = []
    for register in (both, once):
        standard = read(*register)
        pairs = resolve(standard, load_policy()).pairs
        rates.append(matches_per_mention(pairs, frequencies(standard)))
    assert rates[0] > 0.3 > rates[1] > 0


def test_a_pair_is_no_witness_for_itself() -> None:
    """Equal numbers of two people do not teach that names differ."""
    shared = [
        {"national_id": "3215011203859021", "full_name": name} for name in ("Budi", "Siti", "Agus", "Ani")
    ]
    pairs = resolve(read(*shared), load_policy()).pairs
    assert (pairs["nik_grade"] == numbers.SAME).all()
    model = adapted(DEFAULT, pairs, frequencies(read(*shared)))
    assert model["name"][0][0] == pytest.approx(DEFAULT["name"][0][0], rel=1e-6)
    assert isinstance(pairs, pl.DataFrame)
