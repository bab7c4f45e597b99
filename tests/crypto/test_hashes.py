"""Keyed hashes in bulk are HMAC-SHA-256, value for value."""

from __future__ import annotations

import hmac

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.crypto import Keyring, hash_one, keyed_hash
from jendela.crypto.hashes import as_bytes, keyed_digest

RING = Keyring((b"k" * 32,), "the test")
TEXTS = st.lists(
    st.one_of(st.none(), st.text(max_size=150), st.sampled_from(["", "\x1f", "\x00", "É", "ꦗꦮ" * 40]))
)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from(["record", "nik", "fact"]))
def test_the_bulk_hash_is_python_s_hmac(values, purpose):
    """In order, for every text, longer than a block or empty; null stays null."""
    hashes = keyed_hash(RING, purpose, pl.Series("key", values, dtype=pl.String))
    key = RING.derive(f"hash:{purpose}").hex().encode()
    expected = [
        None if value is None else hmac.new(key, value.encode(), "sha256").hexdigest() for value in values
    ]
    assert hashes.to_list() == expected
    assert (hashes.name, hashes.dtype) == ("key", pl.String)
    assert [None if value is None else hash_one(RING, purpose, value) for value in values] == expected


def test_purposes_and_keys_do_not_mix():
    """A NIK's hash says nothing where a KPJ's is looked up, nor to another hub."""
    nik = pl.Series(["3215011705900001"])
    hashes = {
        keyed_hash(RING, "nik", nik)[0],
        keyed_hash(RING, "record", nik)[0],
        keyed_hash(Keyring((b"z" * 32,), ""), "nik", nik)[0],
    }
    assert len(hashes) == 3


def test_rotation_keeps_the_hashes():
    """Record ids must outlive a key."""
    rotated = Keyring((b"n" * 32, b"k" * 32), "rotated")
    values = pl.Series(["bpjs.tk\x1f10012345678"])
    assert keyed_hash(rotated, "record", values).equals(keyed_hash(RING, "record", values))


def test_a_hundred_thousand_stay_in_order():
    """However many threads there are, the order is the column's."""
    many = pl.Series([str(number) for number in range(100_000)])
    hashes = keyed_hash(RING, "record", many)
    for at in (0, 1, 50_000, 99_999):
        assert hashes[at] == hash_one(RING, "record", many[at])


@given(TEXTS, st.integers(0, 3))
def test_hashes_as_bytes_are_what_their_digits_say(values, start):
    """Of a part of a column too, and with nulls among them."""
    texts = pl.Series("key", values, dtype=pl.String)
    hashes = keyed_hash(RING, "nik", texts)
    assert keyed_digest(RING, "nik", texts).to_list() == [
        None if text is None else bytes.fromhex(text) for text in hashes
    ]
    part = hashes.slice(start, 2)
    assert as_bytes(part).bin.encode("hex").to_list() == part.to_list()
