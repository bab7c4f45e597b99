"""The frame that both tiers judge: a grade for each field, null where one side does not say."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from jendela.identity.compare.commonness import RAREST, commonness
from jendela.identity.compare.evidence import GRADES, SHARES, evidence
from jendela.identity.compare.reasons import CODES, reasons, shared_number
from jendela.identity.frequencies import frequencies
from jendela.identity.judge.model import LEVELS
from tests.identity.crowd import Mention, crowd, read

BUDI: Mention = {
    "national_id": "3215011203859021",
    "full_name": "Budi Santoso",
    "birth_date": "1985-03-12",
    "birth_place": "Karawang",
    "sex": "L",
    "mother_name": "Sumarni",
    "phone": "081270134455",
    "email": "budi@mail.example",
    "address": "Jl. Melati No. 1",
    "region_code": "3215",
    "kpj": "20000000001",
    "employer_id": "EMP1",
    "start_date": "2015-06-01",
}


def judged(*pairs: tuple[Mention, Mention], others: tuple[Mention, ...] = ()) -> pl.DataFrame:
    """The evidence of each pair, in a register of these mentions and others."""
    standard = read(*(mention for pair in pairs for mention in pair), *others)
    rows = np.arange(0, 2 * len(pairs), 2)
    return evidence(standard, commonness(standard, frequencies(standard)), rows, rows + 1)


def test_one_side_does_not_say() -> None:
    """Every grade is null, whichever side is empty, and no agreement is rare."""
    found = judged((BUDI, {}), ({}, BUDI), ({}, {}))
    assert found.select(pl.col(GRADES).null_count()).row(0) == (3,) * len(GRADES)
    assert found.select(pl.col(SHARES).sum()).row(0) == (0, 0, 0)


def test_the_same_row_twice() -> None:
    """Each field has its highest grade, and every grade that can be given has a level and a reason."""
    found = judged((BUDI, BUDI)).row(0, named=True)
    assert {name: found[f"{name}_grade"] for name in LEVELS} == {
        name: max(LEVELS[name][1]) for name in LEVELS
    }
    assert {name: set(CODES[name]) for name in CODES} == {
        name: set(levels) for name, (_, levels) in LEVELS.items()
    }


def test_no_slice_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs compared in slices have the grades that they have together."""
    register = crowd(60)
    standard = read(*register)
    left, right = (side.astype(np.int64) for side in np.triu_indices(standard.height, 1))
    common = commonness(standard, frequencies(standard))
    together = evidence(standard, common, left, right)
    monkeypatch.setattr("jendela.identity.compare.evidence.SLICE", 1000)
    assert evidence(standard, common, left, right).equals(together)


def test_a_rare_name_says_more() -> None:
    """Xaverius Latuconsina in a register of Budi Santosos; the commonest name still says something."""
    rare = {"full_name": "Xaverius Latuconsina"}
    crowd_of_one_name = tuple({"full_name": "Budi Santoso"} for _ in range(400))
    bits = judged((BUDI, BUDI), (rare, rare), others=crowd_of_one_name)["name_bits"].to_list()
    assert 0 < bits[0] < 6 < bits[1] <= RAREST


def test_part_of_a_name_says_less_than_the_whole() -> None:
    """Budi Santoso and Budi Setiawan agree on Budi only."""
    whole, part = judged((BUDI, BUDI), (BUDI, {"full_name": "Budi Setiawan"}))["name_bits"].to_list()
    assert part < whole


def test_a_default_day_says_less() -> None:
    """A register with hundreds born on 1 January."""
    new_year = {"birth_date": "1970-01-01"}
    bits = judged((BUDI, BUDI), (new_year, new_year), others=(new_year,) * 400)["birth_bits"].to_list()
    assert bits[1] < bits[0] - 3


def test_the_telephone_of_the_office() -> None:
    """Borne by hundreds, it says less than one's own; so does a factory beside a workshop."""
    office = tuple({"phone": "02112345678", "employer_id": "FACTORY"} for _ in range(400))
    found = judged((BUDI, BUDI), (office[0], office[0]), others=office)
    assert found["phone_grade"].to_list() == [3, 1]
    assert found["employer_grade"].to_list() == [3, 1]


def test_the_same_first_day_at_a_factory() -> None:
    """As telling as a small employer; at two employers it is nothing."""
    office = tuple({"employer_id": "FACTORY"} for _ in range(400))
    day, other = {"start_date": "2015-06-01"}, {"start_date": "2016-01-01"}
    here = {"employer_id": "FACTORY"}
    found = judged(({**here, **day}, {**here, **day}), ({**here, **day}, {**here, **other}), others=office)
    assert found["employer_grade"].to_list() == [3, 1]
    assert judged((day, day))["employer_grade"].to_list() == [None]


def test_reasons_in_order() -> None:
    """JSON, what leads first, then field by field; nothing about what is not said."""
    found = judged((BUDI, {"full_name": "Budi Santoso", "national_id": BUDI["national_id"], "sex": "P"}))
    written = found.select(reasons(pl.lit("maybe_twin")).alias("reasons"))["reasons"][0]
    # Who states no birth date has that of the number.
    assert json.loads(written) == ["maybe_twin", "name_same", "nik_same", "birth_same", "sex_different"]
    assert json.loads(found.select(reasons(pl.lit(None)).alias("r"))["r"][0])[0] == "name_same"


def test_a_shared_number_is_named() -> None:
    """The NIK before the card; nothing where neither is shared or said."""
    siti = {"full_name": "Siti Aminah", "national_id": BUDI["national_id"]}
    card = {"full_name": "Siti Aminah", "kpj": BUDI["kpj"]}
    found = judged((BUDI, {**siti, **card}), (BUDI, card), (BUDI, {"full_name": "Siti"}))
    assert found.select(shared_number().alias("s"))["s"].to_list() == ["shared_nik", "shared_kpj", None]


def test_no_pairs() -> None:
    """An empty frame of the same columns and types."""
    standard = read(BUDI)
    none = np.zeros(0, dtype=np.int64)
    empty = evidence(standard, commonness(standard, frequencies(standard)), none, none)
    assert empty.schema == judged((BUDI, BUDI)).schema
    assert empty.is_empty()
