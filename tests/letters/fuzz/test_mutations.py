"""Whatever happens to a letter on its way, it is letters or findings, never an exception, never nothing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.letters.frame import LETTERS
from tests.letters.fuzz.mutate import mutated
from tests.letters.fuzz.seeds import good
from tests.letters.intake.layoff import take

SEEDS = good()


def holds(content: bytes) -> None:
    """What is true of every file, however it is broken."""
    found = take(content)
    assert dict(found.letters.schema) == LETTERS
    errors = found.findings.filter(found.findings["severity"] == "error")
    assert found.letters.height + errors.height > 0
    held = errors["index"].drop_nulls().to_list()
    assert not set(held) & set(found.letters["index"])
    assert found.letters["index"].is_unique().all()


@pytest.mark.parametrize("form", SEEDS)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_a_broken_letter_is_letters_or_findings(form, seed):
    """The same accidents on every run; `make fuzz` has others."""
    holds(mutated(SEEDS[form], random.Random(seed)))
