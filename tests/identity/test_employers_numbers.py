"""Employers' numbers: one spelling, the entity and the branch, and what is no number at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from stdnum.id import npwp as published

from jendela.identity.employers import numbers


def read(rule: Any, *texts: str | None) -> list[str | None]:
    """The texts under one rule."""
    return pl.DataFrame({"x": texts}, schema={"x": pl.String}).select(rule(pl.col("x")))["x"].to_list()


def test_the_check_digit_of_the_tax_number_is_the_published_one() -> None:
    """Five thousand numbers, valid and not, in both lengths, as python-stdnum judges them."""
    drawn = np.random.default_rng(1).integers(0, 10**15, 5000)
    old = [f"{number:015d}" for number in drawn]
    assert [number is not None for number in read(numbers.npwp, *old)] == [
        published.is_valid(number) for number in old
    ]
    new = ["0" + number for number in old]
    assert read(numbers.npwp, *new) == read(numbers.npwp, *old)


@pytest.mark.parametrize(
    ("text", "entity", "branch"),
    [
        ("01.300.066.6-091.000", "013000666", None),
        ("0013000666091000", "013000666", None),
        ("01.300.066.6-432.003", "013000666", "003"),
        ("0013000666091000000012", "013000666", "000012"),
        ("0013000666091000000000", "013000666", None),
        ("01.300.066.5-091.000", None, None),
        ("3215011203859001", None, None),
        ("00.000.000.0-000.000", None, None),
        ("013000666", None, None),
    ],
)
def test_entity_and_branch(text: str, entity: str | None, branch: str | None) -> None:
    """The office (KPP) may change; zero is the head's, or the head's number given for a branch; a NIK is a
    person's."""
    assert read(numbers.entity, text) == [entity]
    assert read(numbers.branch, text) == [branch]


def test_npp_and_division() -> None:
    """Blanks, case and a division written behind it; fillers are nobody's."""
    texts = ("jj 012345", "JJ012345/001", "JJ012345001", "JJ012345 - 000", "00000000", "TIDAKADA", "-", "A1")
    found = pl.DataFrame({"x": texts}).select(
        npp=numbers.npp(pl.col("x")), division=numbers.division(pl.lit(None, pl.String), pl.col("x"))
    )
    assert found.rows() == [
        ("JJ012345", None),
        ("JJ012345", "1"),
        ("JJ012345", "1"),
        ("JJ012345", "0"),
        *[(None, None)] * 4,
    ]


def test_nib_and_wlkp() -> None:
    """NIB: thirteen digits that are neither a filler nor what a spreadsheet left. WLKP: opaque, but not
    empty."""
    nibs = (
        "9120001234567",
        "9120-0012-34567",
        "0000000000000",
        "9120001200000000",
        "1234567890123",
        "9999999999999",
    )
    assert read(numbers.nib, *nibs) == ["9120001234567", "9120001234567", None, None, None, None]
    assert read(numbers.nib, "9120010000000") == [None]
    codes = ("00011.20190312.0004", "w 1", "-", "0", "TIDAK ADA", "x" * 41 + "1")
    assert read(numbers.wlkp, *codes) == ["00011.20190312.0004", "W1", None, None, None, None]
