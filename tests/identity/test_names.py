"""Names as the agencies write them, and what is left to compare."""

from __future__ import annotations

import polars as pl
import pytest

from jendela.identity.names import name_columns

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
SOUND_ALIKE = [
    ("Soeharto", "Suharto"),
    ("Tjahjono", "Cahyono"),
    ("Djoko", "Joko"),
    ("Sjarifoeddin", "Saripudin"),
    ("Syarifudin", "Saripudin"),
    ("Khairul", "Chairul"),
    ("Zainuddin", "Jaenudin"),
    ("Husein", "Husen"),
    ("Yoesoef", "Jusup"),
    ("Prasetya", "Prasetyo"),
    ("Wibawa", "Wibowo"),
    ("Sofyan", "Supian"),
    ("Fathimah", "Patimah"),
    ("Qomariah", "Komariyah"),
    ("Rahmah", "Rachmah"),
]


def columns(*names: str) -> pl.DataFrame:
    """The name columns of these names, in their order."""
    wanted = pl.DataFrame({"full_name": names})
    return wanted.join(name_columns(wanted["full_name"]), on="full_name", how="left", maintain_order="left")


@pytest.mark.parametrize(("written", "tokens"), SAME_TOKENS)
def test_titles_particles_and_variants_are_resolved(written: str, tokens: str) -> None:
    """What is left is the bearer's own name, one token a word."""
    assert columns(written)["name"].item() == tokens


@pytest.mark.parametrize(("one", "other"), SOUND_ALIKE)
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    """Either key agrees, and so do the consonants that blocking uses."""
    both = columns(one, other)
    assert any(both[key][0].to_list() == both[key][1].to_list() for key in ("sound_a", "sound_u"))
    assert both["head"].n_unique() == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Yuni", "Yani"), ("Rina", "Rani"), ("Hasan", "Husein"), ("Yanti", "Yanto")]
)
def test_other_names_do_not(one: str, other: str) -> None:
    """Neither key unites them."""
    both = columns(one, other)
    assert all(both[key][0].to_list() != both[key][1].to_list() for key in ("sound_a", "sound_u"))


def test_an_inserted_vowel_keeps_the_consonants() -> None:
    """Slamet and Selamet sound different but meet in one block."""
    assert columns("Slamet", "Selamet")["head"].n_unique() == 1


def test_what_is_no_name_is_null() -> None:
    """Empty text and punctuation leave nothing to compare, and are no error."""
    assert columns("", " - ", "123")["name"].to_list() == [None, None, None]


def test_common_names_count_less() -> None:
    """Siti Aminah is borne by more people than Xaverius Latuconsina."""
    common, rare = columns("Siti Aminah", "Xaverius Latuconsina")["tf_name"]
    assert common > rare
