"""Every published test vector of the standardisation layer, as an office would run them on its own code."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jendela.identity.standard import card
from jendela.identity.standard.address import address, address_tokens
from jendela.identity.standard.birth import birth_date
from jendela.identity.standard.email import email
from jendela.identity.standard.national_id import national_id
from jendela.identity.standard.phone import phone
from jendela.identity.standard.place import place
from jendela.identity.standard.region import region
from jendela.identity.standard.sex import sex
from jendela.identity.standard.tokens import name_codes

FOLDER = Path(__file__).parents[3] / "schemas/standardisation"
Vector = dict[str, str]
ABOUT = {"input", "as_of", "register", "same_key_as", "rule", "note"}


def vectors(field: str) -> list[Vector]:
    """The lines of one field's file."""
    with (FOLDER / f"{field}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def series(inputs: list[str]) -> pl.Series:
    """A column of text; an empty field of the file is no text."""
    return pl.Series([text or None for text in inputs], dtype=pl.String)


def _alone(field: str, read: Callable[[pl.Series], pl.Series]) -> Callable[[list[Vector]], pl.DataFrame]:
    return lambda rows: read(series([row["input"] for row in rows])).alias(field).to_frame()


def _columns(read: Callable[[pl.Series], pl.DataFrame]) -> Callable[[list[Vector]], pl.DataFrame]:
    return lambda rows: read(series([row["input"] for row in rows]))


def _judged(read: Callable[[pl.Series, date], pl.DataFrame]) -> Callable[[list[Vector]], pl.DataFrame]:
    return lambda rows: read(series([row["input"] for row in rows]), date.fromisoformat(rows[0]["as_of"]))


def _sex(rows: list[Vector]) -> pl.DataFrame:
    """Each text in a register that also has the codes named beside it."""
    read = [sex(series([row["input"], *row["register"].split()]))[0] for row in rows]
    return pl.DataFrame({"sex": pl.Series(read, dtype=pl.Int8)})


def _address(rows: list[Vector]) -> pl.DataFrame:
    texts = series([row["input"] for row in rows])
    return address(texts).select("postcode", address_tokens(texts).list.len().alias("tokens"))


NAME = {"tokens": "token", "sound_a": "sound_a", "sound_u": "sound_u", "consonants": "skeleton"}


def _name(rows: list[Vector]) -> pl.DataFrame:
    """Each kind of key as text, a word for each token."""
    codes, names = name_codes(series([row["input"] for row in rows]))
    words = [[word for word in names.words[code] if word >= 0] if code >= 0 else [] for code in codes]
    keys = {key: names.tokens[column].to_list() for key, column in NAME.items()}
    return pl.DataFrame(
        {key: [" ".join(text[word] for word in name) for name in words] for key, text in keys.items()}
    )


READ: dict[str, Callable[[list[Vector]], pl.DataFrame]] = {
    "national_id": _judged(national_id),
    "name": _name,
    "birth": _judged(birth_date),
    "sex": _sex,
    "phone": _alone("phone", phone),
    "email": _alone("email", email),
    "place": _alone("place", place),
    "address": _address,
    "region": _columns(region),
    "kpj": _alone("kpj", card.kpj),
    "employer": _alone("employer", card.employer),
}


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("field", READ)
def test_vectors(field: str) -> None:
    """Each line gives what it says, all lines read as one column."""
    rows = vectors(field)
    found = READ[field](rows)
    assert set(found.columns) == set(rows[0]) - ABOUT
    for row, values in zip(rows, found.rows(named=True), strict=True):
        said = {name: row[name] for name in found.columns}
        assert {name: _text(value) for name, value in values.items()} == said, row["input"]


def test_addresses_of_one_name_share_their_key() -> None:
    """And no others do."""
    rows = vectors("address")
    keys = address(series([row["input"] for row in rows]))["address_key"].to_list()
    by_name: dict[str, set[int | None]] = {}
    for row, key in zip(rows, keys, strict=True):
        by_name.setdefault(row["same_key_as"], set()).add(key)
    assert by_name.pop("") == {None}
    assert all(len(found) == 1 for found in by_name.values())
    assert len(set.union(*by_name.values())) == len(by_name)


def test_names_that_sound_alike() -> None:
    """Lines that a note declares to sound as another do, by either key."""
    rows = {row["input"]: row for row in vectors("name")}
    for one, other in (("Sofyan", "Supian"), ("Wibawa", "Wibowo"), ("Tjahjono", "Cahyono"), ("Desy", "Desi")):
        assert any(rows[one][key] == rows[other][key] for key in ("sound_a", "sound_u"))
        assert rows[one]["consonants"] == rows[other]["consonants"]
    assert rows["Yanti"]["sound_a"] != rows["Yanto"]["sound_a"]


def test_every_vector_names_its_rule() -> None:
    """A rule of the reference, so that who differs can read why."""
    reference = (FOLDER.parents[1] / "docs/reference/standardisation.md").read_text(encoding="utf-8")
    for field in READ:
        assert {row["rule"] for row in vectors(field)} <= {
            cell.strip(" `") for line in reference.splitlines() for cell in line.split("|")[1:2]
        }
