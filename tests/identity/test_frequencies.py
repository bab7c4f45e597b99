"""How common a value is: counted over the register, by hashes that mean the same on every machine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.compare.commonness import RARE, RARE_SHARE, bounds
from jendela.identity.frequencies import COUNTED, Frequencies, Table, frequencies
from tests.identity.crowd import crowd, read


@pytest.fixture(scope="module")
def counted() -> Frequencies:
    """The frequencies of a small crowd."""
    return frequencies(read(*crowd(400)))


def test_counts_are_of_mentions(counted: Frequencies) -> None:
    """As a plain count of the standard values."""
    standard = read(*crowd(400))
    for kind in COUNTED:
        values = standard.column(kind).astype(np.uint64)
        told = values[values != 0]
        assert counted.count(kind, told).tolist() == [int((told == value).sum()) for value in told]
        assert counted.tables[kind].said == len(told)
    assert counted.population == standard.height


def test_a_value_that_is_not_known_counts_once(counted: Frequencies) -> None:
    """Rare is what nobody else says, and what was never heard of."""
    unheard = np.array([1, 2**64 - 1], dtype=np.uint64)
    for kind in counted.tables:
        assert counted.count(kind, unheard).tolist() == [1, 1]
    empty = Frequencies(0, {"phone": Table(np.zeros(0, np.uint64), np.zeros(0, np.int64), 0)})
    assert empty.count("phone", unheard).tolist() == [1, 1]


def test_names_count_by_their_sound() -> None:
    """Suharto and Soeharto are one name; a token counts once for each bearer."""
    standard = read(*({"full_name": name} for name in ("Suharto", "Soeharto", "Budi Suharto", "Budi")))
    found = frequencies(standard)
    assert found.count("name", standard.names.joined_a)[standard.name].tolist() == [2, 2, 1, 1]
    token = dict(
        zip(standard.names.tokens["token"], found.count("token", standard.names.sounds), strict=True)
    )
    assert (token["BUDI"], token["SUHARTO"]) == (2, 3)


def test_the_chance_of_a_crowd(counted: Frequencies) -> None:
    """Two of the mentions that say it, drawn at random, agree as often as pairs do that agree."""
    region = read(*crowd(400)).column("region")
    told = region[region != 0]
    pairs = sum(int((told == value).sum()) * (int((told == value).sum()) - 1) for value in np.unique(told))
    chances = counted.chance("region", bounds("region", counted.population))
    assert sum(chances) == pytest.approx(pairs / (len(told) * (len(told) - 1)))


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.integers(2, 500), max_size=20), st.integers(0, 5000), st.sampled_from([*RARE, *RARE_SHARE])
)
def test_chances_are_chances(counts: list[int], alone: int, field: str) -> None:
    """None below 0, and all together at most 1, whatever the register says."""
    table = Table(
        np.arange(len(counts), dtype=np.uint64), np.array(counts, dtype=np.int64), sum(counts) + alone
    )
    found = Frequencies(table.said, {field: table}).chance(field, bounds(field, table.said))
    assert all(chance >= 0 for chance in found)
    assert sum(found) <= 1 + 1e-12
