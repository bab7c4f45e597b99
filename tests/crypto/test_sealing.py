"""Sealed values open with their key, in their place, unchanged, or not at all."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jendela.crypto import Keyring, seal, seal_many, unseal, unseal_many
from jendela.crypto.sealing import HEADER, NONCE_BYTES, TOGETHER
from jendela.model.errors import KeyMissingError, SealBrokenError

RING = Keyring((b"k" * 32,), "the test")
PERSON = '{"full_name":"SITI NURHALIZA","nik":"3215011705900001"}'


@given(st.binary(max_size=200), st.text(max_size=30))
def test_what_is_sealed_opens_again(plain, context):
    """Any bytes, under any context, one at a time or a column at once."""
    assert unseal(RING, seal(RING, plain, context), context) == plain
    column = unseal_many(RING, seal_many(RING, pl.Series([plain, None]), context), context)
    assert column.to_list() == [plain, None]


def test_a_column_keeps_its_name_and_its_gaps():
    """Text is sealed as UTF-8; each value with a nonce of its own."""
    column = pl.Series("sealed", [PERSON, None, PERSON])
    sealed = seal_many(RING, column, "person_version.sealed")
    assert (sealed.name, sealed.dtype, sealed.null_count()) == ("sealed", pl.Binary, 1)
    assert sealed[0] != sealed[2]
    assert unseal_many(RING, sealed, "person_version.sealed").cast(pl.String).equals(column)
    assert seal_many(RING, column.clear(), "x").dtype == pl.Binary


@pytest.mark.parametrize("rows", [0, 1, TOGETHER, 2 * TOGETHER + 1])
def test_a_column_of_any_length_comes_back_whole(rows):
    """It is worked on by parts: every value once, in order, each under a nonce that no other has."""
    column = pl.Series("sealed", [None if at % 7 == 3 else f"{PERSON}{at}" for at in range(rows)], pl.String)
    sealed = seal_many(RING, column, "person_version.sealed")
    opened = unseal_many(RING, sealed, "person_version.sealed")
    assert (sealed.name, opened.name, sealed.n_chunks()) == ("sealed", "sealed", 1)
    assert opened.cast(pl.String).equals(column, null_equal=True)
    assert sealed.drop_nulls().bin.slice(0, HEADER + NONCE_BYTES).is_unique().all()


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_a_changed_bit_does_not_open(at, bit):
    """Wherever it is: version, key id, nonce, text or tag; and the error says nothing of the person."""
    sealed = bytearray(seal(RING, PERSON.encode(), "person_version.sealed"))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises((SealBrokenError, KeyMissingError)) as error:
        unseal(RING, bytes(sealed), "person_version.sealed")
    assert "SITI" not in str(error.value)


def test_a_value_does_not_open_in_another_place():
    """A delivery's blob put into the register is refused."""
    with pytest.raises(SealBrokenError, match=r"person_version\.sealed"):
        unseal(RING, seal(RING, b"x", "delivery.sealed"), "person_version.sealed")


@pytest.mark.parametrize("cut", [0, 1, 4, 16, 20])
def test_a_cut_value_does_not_open(cut):
    """Shorter than its own header, too."""
    with pytest.raises((SealBrokenError, KeyMissingError)):
        unseal(RING, seal(RING, b"x", "c")[:cut], "c")


def test_rotation():
    """The new key seals, the old one still opens; once it is taken away, its name is asked for."""
    old, new = seal(RING, b"x", "c"), Keyring((b"n" * 32, b"k" * 32), "rotated")
    assert unseal(new, old, "c") == b"x"
    fresh = seal(new, b"x", "c")
    with pytest.raises(KeyMissingError, match=f"sealed with key {fresh[1:5].hex()}"):
        unseal(RING, fresh, "c")
