"""Names as the agencies write them, and what is left to compare."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.standard.names import given_name, given_names
from jendela.identity.standard.tokens import NONE, WIDTH, Names, name_codes

SAME_TOKENS = [
    ("Dr. Siti Nurhaliza, S.Kom., M.M.", "SITI NUR HALIZA"),
    ("SITI NURHALIZA S.PD", "SITI NUR HALIZA"),
    ("H. Moch. Rizki Pratama", "MUHAMMAD RIZKI PRATAMA"),
    ("KH. Ahmad", "AHMAD"),
    ("Drs. H. Abd. Ghofur", "ABDUL GHOFUR"),
    ("Sri Wahyuni binti Karto", "SRI WAHYUNI"),
    ("SRIWAHYUNI", "SRI WAHYUNI"),
    ("Abdurrahman Wahid", "ABDUL RAHMAN WAHID"),
    ("Abdul Rahman Wahid", "ABDUL RAHMAN WAHID"),
    ("Abdoellah", "ABDULAH"),
    ("Noerhayati", "NUR HAYATI"),
    ("Rina br. Siregar", "RINA SIREGAR"),
    ("I Wyn. Sudiarta", "I WAYAN SUDIARTA"),
    ("Budi Santoso alias Bejo", "BUDI SANTOSO"),
    ("José D’Arc", "JOSE DARC"),
    ("N", "N"),
    ("Haji", "HAJI"),
]


def text(*written: str | None) -> list[str]:
    """The canonical tokens of these names, empty for none."""
    codes, names = name_codes(pl.Series(written, dtype=pl.String))
    return names.text(codes)


def coded(*written: str) -> tuple[list[int], Names]:
    """The codes of these names and what they mean."""
    codes, names = name_codes(pl.Series(written))
    return codes.tolist(), names


@pytest.mark.parametrize(("written", "tokens"), SAME_TOKENS)
def test_titles_particles_and_variants_are_resolved(written: str, tokens: str) -> None:
    """What is left is the bearer's own name, one token a word."""
    assert text(written) == [tokens]


def test_a_column_is_read_as_its_rows() -> None:
    """In any company; nulls stay where they are."""
    written = [written for written, _ in SAME_TOKENS]
    assert text(None, *written, None) == ["", *(tokens for _, tokens in SAME_TOKENS), ""]


def test_what_is_no_name_is_none() -> None:
    """Empty text, punctuation and digits leave nothing to compare, and are no error."""
    codes, names = coded("", " - ", "123")
    assert codes == [NONE] * 3
    assert names.text(np.array(codes)) == [""] * 3
    assert text() == []


def test_names_of_the_same_tokens_are_one() -> None:
    """One code, so that what is dear is done once a name."""
    codes, names = coded("Moch. Rizki", "Muhammad Rizki", "Rizki Muhammad", "H. Muhammad Rizki, S.E.")
    assert codes[0] == codes[1] == codes[3] != codes[2]
    assert len(names.words) == 2


def test_joined_and_parted_names_share_their_hashes() -> None:
    """Written as one word, whichever way; the bag of consonants does not mind the order either."""
    (one, two, turned, other), names = coded("Dian Sari", "Diansari", "Sari Dian", "Dina Sari")
    assert names.joined[one] == names.joined[two] != names.joined[turned]
    assert names.joined_a[one] == names.joined_a[two]
    assert names.whole[one] == names.whole[two] == names.whole[turned]
    assert names.joined[other] != names.joined[one]


@pytest.mark.parametrize(
    ("apart", "joined"),
    [
        ("Gunarman Angga", "Gunarmanangga"),
        ("Agus Hartono", "Agushartono"),
        ("Purmaasih Sismayanti", "Purmaasihsismayanti"),
        ("Ilham Arman", "Armanilham"),
    ],
)
def test_words_that_sound_otherwise_when_joined(apart: str, joined: str) -> None:
    """An H falls silent inside a word, and of a consonant on both sides of a vowel none is lost."""
    (one, two), names = coded(apart, joined)
    assert names.whole[one] == names.whole[two] != 0


def test_a_name_without_other_consonants_has_a_bag_too() -> None:
    """Of Hoa the H is all."""
    (hoa, none), names = coded("Hoa", "")
    assert names.whole[hoa] != 0
    assert none == NONE


def test_weak_words() -> None:
    """Muhammad, Siti and birth order say little beside another word; alone they are the name."""
    (rizki, alone, bali), names = coded("Muhammad Rizki", "Muhammad", "I Wayan Sudiarta")
    assert names.weak[rizki].tolist() == [True] + [False] * (WIDTH - 1)
    assert not names.weak[alone].any()
    assert names.weak[bali].tolist()[:3] == [True, True, False]
    (wide, narrow), names = coded("Muhammad Rizki", "Rizki")
    assert names.whole[wide] == names.whole[narrow]


def test_long_names_keep_their_first_words() -> None:
    """Six of them."""
    assert text("Satu Dua Tiga Empat Lima Enam Tujuh") == ["SATU DUA TIGA EMPAT LIMA ENAM"]


def test_a_field_filled_with_something_else() -> None:
    """A word of thousands of letters stopped the whole register; what is kept of it compares as ever."""
    long = "A" * 5000
    (one, two, three, budi), names = coded(long, long[:60], f"Budi {long} Santoso", "Budi Santoso")
    assert one == two != three != budi
    assert names.text(np.array([three])) == [f"BUDI {'A' * 60} SANTOSO"]
    assert names.length.tolist()[three] == 71


def test_hashes_do_not_depend_on_the_company() -> None:
    """They are stored and met by those of later nights."""
    (alone,), names = coded("Dian Sari")
    codes, others = coded("Budi Santoso", "Dian Sari", "Xaverius")
    for field in ("joined", "joined_a", "joined_u", "whole"):
        assert getattr(names, field)[alone] == getattr(others, field)[codes[1]]
    place = others.tokens["token"].to_list().index("DIAN")
    assert others.bones[place] == names.bones[names.tokens["token"].to_list().index("DIAN")]


NAME = st.one_of(
    st.text(max_size=25),
    st.lists(
        st.sampled_from(
            ["H.", "Dr.", "M.", "Siti", "BIN", "br.", "Abdul", "rahman", "S.E.", ",", "I", "Wyn", "alias"]
        ),
        max_size=6,
    ).map(" ".join),
)


@settings(deadline=None, max_examples=80)
@given(st.lists(NAME, max_size=8))
def test_the_short_way_is_the_long_way(written: list[str]) -> None:
    """Names without anything odd skip the slow rules, and lose nothing by it."""
    raw = pl.Series("raw", written, dtype=pl.String)
    slow = raw.to_frame().select(given_name(pl.col("raw")).alias("name"))["name"]
    assert given_names(raw).fill_null("").to_list() == slow.to_list()


@settings(deadline=None, max_examples=80)
@given(st.lists(NAME, max_size=8))
def test_any_text_is_read(written: list[str]) -> None:
    """Whatever is written, what is left is a name or nothing, a row for a row."""
    once = text(*written)
    assert len(once) == len(written)
    assert all(set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ ") for name in once)
