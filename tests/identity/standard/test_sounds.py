"""Spellings of one name sound alike, and other names do not."""

from __future__ import annotations

import polars as pl
import pytest

from jendela.identity.standard.sounds import skeleton, sound, spelling

ALIKE = [
    ("Soeharto", "Suharto"),
    ("Tjahjono", "Cahyono"),
    ("Djoko", "Joko"),
    ("Sjarifoeddin", "Saripudin"),
    ("Syarifudin", "Saripudin"),
    ("Khairul", "Chairul"),
    ("Chairul", "Koirul"),
    ("Zainuddin", "Jaenudin"),
    ("Zaenudin", "Jaenudin"),
    ("Husein", "Husen"),
    ("Yoesoef", "Jusup"),
    ("Yusuf", "Jusuf"),
    ("Prasetya", "Prasetyo"),
    ("Wibawa", "Wibowo"),
    ("Nugraha", "Nugroho"),
    ("Atmadja", "Atmojo"),
    ("Sofyan", "Supian"),
    ("Fathimah", "Patimah"),
    ("Qomariah", "Komariyah"),
    ("Rahmah", "Rachmah"),
    ("Rohmah", "Rahmah"),
    ("Fadilah", "Padilah"),
    ("Boediono", "Budiono"),
    ("Desy", "Desi"),
    ("Sylvia", "Silvia"),
    ("Yulianty", "Julianti"),
    ("Achmad", "Ahmad"),
]
OTHERS = [
    ("Yuni", "Yani"),
    ("Rina", "Rani"),
    ("Hasan", "Husein"),
    ("Yanti", "Yanto"),
    ("Budi", "Dedi"),
    ("Slamet", "Salim"),
    ("Susanti", "Susanto"),
]


def heard(*tokens: str) -> pl.DataFrame:
    """Both sounds and the consonants of each token."""
    spelled = pl.DataFrame({"token": [token.upper() for token in tokens]}).select(spelling(pl.col("token")))
    token = pl.col("token")
    return spelled.select(a=sound(token, "A"), u=sound(token, "U"), bones=skeleton(token))


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    """Either sound agrees, and so do the consonants that blocking uses."""
    first, second = heard(one, other).rows(named=True)
    assert first["a"] == second["a"] or first["u"] == second["u"]
    assert first["bones"] == second["bones"]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_do_not(one: str, other: str) -> None:
    """Neither sound unites them."""
    first, second = heard(one, other).rows(named=True)
    assert first["a"] != second["a"]
    assert first["u"] != second["u"]


def test_an_inserted_vowel_keeps_the_consonants() -> None:
    """Slamet and Selamet sound different but meet in one block."""
    both = heard("Slamet", "Selamet")
    assert both["a"].n_unique() == 2
    assert both["bones"].n_unique() == 1


def test_words_of_a_name_are_heard_one_by_one() -> None:
    """Number and order of the words stay."""
    name = pl.DataFrame({"token": ["DJOKO SOESILO"]}).select(sound(spelling(pl.col("token")), "A"))
    assert name.item().split(" ") == [row[0] for row in heard("Djoko", "Soesilo").select("a").iter_rows()]
