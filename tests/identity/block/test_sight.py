"""First sight: a few bytes tell strangers apart as the standard form does, and are met again as they were."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from jendela.identity.block.candidates import Glance
from jendela.identity.block.sight import SIGHT, FirstSight, packed, sights, unpacked
from jendela.identity.compare.commonness import commonness
from jendela.identity.frequencies import frequencies
from tests.identity.crowd import Mention, crowd, read

ODD: list[Mention] = [
    {},
    {"full_name": "Muhammad"},
    {"full_name": "A. I."},
    {"full_name": "Siti Nur Aini Rahmawati Dewi Kusuma Wardani", "mother_name": "Sumarni"},
    {"full_name": "Budi", "national_id": "3215011203859021", "kpj": "12345678901"},
    {"birth_date": "1985-01-01", "phone": "081270134455", "email": "a@example.id"},
    {"full_name": "Budi Santoso", "employer_id": "AA000001", "start_date": "2020-01-02"},
]
KINDS = ("nik", "kpj", "phone", "birth", "household", "mother", "year", "region")


@pytest.mark.parametrize("kind", KINDS)
def test_strangers_are_the_same_at_first_sight(kind: str) -> None:
    """Of every two mentions of a crowd, odd ones among them, both glances say the same."""
    standard = read(*crowd(60, seed=5), *ODD)
    counted = frequencies(standard)
    left, right = (np.array(side) for side in zip(*combinations(range(standard.height), 2), strict=True))
    glance = Glance(standard, commonness(standard, counted)).worth_comparing(kind, left, right)
    first = FirstSight(sights(standard), counted).worth_comparing(kind, left, right)
    assert (first == glance).all()
    assert glance.any()


def test_a_sight_does_not_depend_on_who_is_read_beside() -> None:
    """What is kept of a mention one night is what another night would make of it, in other company."""
    alone = sights(read(*ODD))
    in_company = sights(read(*crowd(60), *ODD))[-len(ODD) :]
    assert alone.tobytes() == in_company.tobytes()


def test_sights_are_kept_as_bytes() -> None:
    """Some hundred a mention, and back."""
    rows = sights(read(*crowd(20)))
    plain = packed(rows)
    assert set(plain.bin.size()) == {SIGHT.itemsize}
    assert SIGHT.itemsize < 160
    assert (unpacked(plain) == rows).all()
    assert unpacked(plain.clear()).size == 0
