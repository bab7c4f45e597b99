"""Naming traditions: coarse, by word list; what matters is that the same name always falls the same way."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from jendela.demo import names as made
from jendela.identity.review.groups import provinces
from jendela.identity.review.traditions import OTHER, TRADITIONS, traditions

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("name", "tradition"),
    [
        ("I WAYAN SUDIANA", "balinese"),
        ("Ni Putu Ayu", "balinese"),
        ("COKORDA GDE NGURAH", "balinese"),
        ("RIA BR. GINTING", "batak"),
        ("HOTMAN SIMANJUNTAK", "batak"),
        ("ANDI TENRIAWARU", "bugis_makassar"),
        ("ABDUL KADIR DG. TALLI", "bugis_makassar"),
        ("MARIA WENDA", "eastern"),
        ("GLENN PATTINASARANI", "eastern"),
        ("MEITY RUMENGAN", "eastern"),
        ("AFRIZAL KOTO", "minang"),
        ("TAN KIM HOK", "chinese"),
        ("HENDRA TANUWIJAYA", "chinese"),
        ("SULASTRI", "javanese_sundanese"),
        ("SOEPARMAN", "javanese_sundanese"),
        ("ASEP SUTISNA", "javanese_sundanese"),
        ("MUHAMMAD AL FATIH", "arabic_modern"),
        ("QOMARIAH", "arabic_modern"),
        ("UMAR ALATAS", "arabic_modern"),
        ("KENJI TAKAHASHI", OTHER),
        ("", OTHER),
        (None, OTHER),
    ],
)
def test_a_name_has_its_tradition(name: str | None, tradition: str) -> None:
    """By a clan, an order word, a title, an ending; in any case of letters and with any dots."""
    assert traditions(pl.Series([name], dtype=pl.String)).to_list() == [tradition]


@pytest.mark.parametrize(
    ("maker", "tradition", "share"),
    [
        (made.javanese, "javanese_sundanese", 0.9),
        (made.sundanese, "javanese_sundanese", 0.9),
        (made.muslim, "arabic_modern", 0.9),
        (made.batak, "batak", 0.99),
        (made.balinese, "balinese", 0.99),
        (made.eastern, "eastern", 0.95),
        (made.chinese, "chinese", 0.7),
    ],
)
def test_most_names_of_a_people_fall_together(
    maker: Callable[[random.Random, str], str], tradition: str, share: float
) -> None:
    """Names made the way the people make them; many are common to several, so that it is never all."""
    rng = random.Random(3)
    found = traditions(pl.Series([maker(rng, rng.choice("LP")) for _ in range(500)]))
    assert (found == tradition).mean() >= share


def test_the_order_and_number_of_names_do_not_matter() -> None:
    """One answer a row, in the order of the rows."""
    asked = pl.Series(["SULASTRI", None, "I MADE ARDANA", "SULASTRI"])
    assert traditions(asked).to_list() == ["javanese_sundanese", OTHER, "balinese", "javanese_sundanese"]


def test_the_word_list_is_in_order() -> None:
    """Known traditions and parts only, every word once in its line."""
    with (ROOT / "schemas" / "names" / "traditions.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["tradition"] for row in rows} == set(TRADITIONS)
    assert {row["part"] for row in rows} <= {"first", "last", "word", "beginning", "ending"}
    for row in rows:
        words = row["words"].split(" ")
        assert len(words) == len(set(words))
        assert all(word.isascii() and word.isalpha() and word.isupper() for word in words), row


def test_provinces_are_those_in_force() -> None:
    """Thirty-eight, by code."""
    assert len(provinces()) == 38
    assert provinces()["51"] == "BALI"
