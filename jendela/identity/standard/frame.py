"""The standard frame: one row per person mention, in the compact form that linkage compares.

Text becomes numbers once: names and mothers' names as codes of distinct names, identifiers as integers,
everything else as a 64-bit hash of its standard form. The hashes are the same on every machine, so that they
can be stored (keyed) and looked up in a later night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import numpy.typing as npt
import polars as pl

from jendela.identity.standard import card
from jendela.identity.standard.address import address
from jendela.identity.standard.birth import LATEST_DAY, OLDEST_DAY, birth_date
from jendela.identity.standard.calendar import dates
from jendela.identity.standard.distinct import by_distinct
from jendela.identity.standard.email import email
from jendela.identity.standard.hashing import hashed_once
from jendela.identity.standard.lists import word_list
from jendela.identity.standard.national_id import national_id
from jendela.identity.standard.phone import phone
from jendela.identity.standard.place import place
from jendela.identity.standard.region import region
from jendela.identity.standard.sex import sex
from jendela.identity.standard.tokens import Ints, Names, name_codes
from jendela.store.ahead import columnwise

# It changes whenever the same input would standardise differently; every night records it.
VERSION = "4"
NO_DAY = pl.Series([None], dtype=pl.Int32)
# What a mention may carry, as text; a column that is not there is null.
RAW = (
    "record_id",
    "national_id",
    "full_name",
    "birth_date",
    "birth_place",
    "sex",
    "mother_name",
    "phone",
    "email",
    "address",
    "region_code",
    "kpj",
    "employer_id",
    "start_date",
)


@dataclass(frozen=True)
class Standard:
    """Mentions in standard form.

    fields: a row per mention, in the order of the raw frame; see `standardise`.
    name, mother: the code of each mention's own and mother's name.
    names, mothers: what the codes mean.
    """

    fields: pl.DataFrame
    name: Ints
    mother: Ints
    names: Names
    mothers: Names

    @property
    def height(self) -> int:
        """How many mentions."""
        return self.fields.height

    def column(self, name: str) -> npt.NDArray[Any]:
        """A column of `fields` without nulls: 0 stands for what is not said."""
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, npt.NDArray[Any]]:
        numeric = self.fields.drop("other_text")
        return {column.name: column.fill_null(0).to_numpy() for column in numeric.cast({pl.Boolean: pl.Int8})}


class Mentions(Protocol):
    """Raw columns by name: a frame, or files that are read column by column."""

    @property
    def height(self) -> int: ...

    @property
    def columns(self) -> list[str]: ...

    def __getitem__(self, name: str, /) -> pl.Series: ...


def standardise(raw: Mentions, as_of: date) -> Standard:
    """The standard form of `raw` (text columns of `RAW`, all optional).

    Columns of `fields`, null where a mention does not say:
    nik, nik_birth, nik_sex, other_id   see `national_id`; `other_id` as a hash,
        with its text beside it (`other_text`)
    nik_stem   its first 15 digits, also where a spreadsheet zeroed the last one or it was cut off
    nik_known   its district is in the list of today, or its regency is of another vintage
    birth, vague   days since 1970 (where none is stated, the NIK's own); 1 or 2 for a default of forms
    year, month, day   of `birth`
    birth_key, nik_birth_key   the date with day and month in order of size; the NIK's only if it is another
    stated   a birth date was stated
    sex      1 man, 2 woman; where not stated, the NIK's own
    phone, kpj   as integers
    address_bits   a bit for each of its words
    email, place, region, address, employer   hashes of their standard form
    start    first day of work, days since 1970
    """
    read: dict[str, Callable[[], Any]] = {
        "name": lambda: name_codes(_text(raw, "full_name")),
        "mother": lambda: name_codes(_text(raw, "mother_name")),
        "street": lambda: address(_text(raw, "address")),
        "email": lambda: hashed_once(email(_text(raw, "email"))),
        "ids": lambda: national_id(_text(raw, "national_id"), as_of),
        "born": lambda: birth_date(_text(raw, "birth_date"), as_of),
        "phone": lambda: phone(_text(raw, "phone")),
        "employer": lambda: _hashed(card.employer, _text(raw, "employer_id")),
        "place": lambda: _hashed(place, _text(raw, "birth_place")),
        "region": lambda: _hashed(lambda codes: region(codes)["place"], _text(raw, "region_code")),
        "kpj": lambda: card.kpj(_text(raw, "kpj")),
        "sex": lambda: sex(_text(raw, "sex")),
        "start": lambda: birth_date(_text(raw, "start_date"))["birth"],
    }
    # Each field is one thread's work; the dear ones first.
    with columnwise(raw.height) as pool:
        started = {field: pool.submit(reader) for field, reader in read.items()}
        found = {field: future.result() for field, future in started.items()}
    (name, names), (mother, mothers) = found.pop("name"), found.pop("mother")
    return Standard(_fields(found), name, mother, names, mothers)


def _fields(found: dict[str, Any]) -> pl.DataFrame:
    ids, born, street = found.pop("ids"), found.pop("born"), found.pop("street")
    fields = pl.DataFrame(
        {
            **found,
            "address": street["address_key"],
            "address_bits": street["address_bits"],
            "nik": ids["nik"],
            "nik_stem": _stem(ids),
            "nik_birth": ids["nik_birth"],
            "nik_known": _known(ids["nik_region"]),
            "other_id": hashed_once(ids["other_id"]),
            "other_text": ids["other_id"],
            "birth": born["birth"].fill_null(ids["nik_birth"]),
            "vague": born["birth_defaulted"],
            "stated": born["birth"].is_not_null(),
            "sex": found["sex"].fill_null(ids["nik_sex"]),
        }
    )
    return _calendar(fields)


def _hashed(read: Callable[[pl.Series], pl.Series], raw: pl.Series) -> pl.Series:
    """The hash of what `read` makes of each text, read and hashed once for each different one."""
    return by_distinct(raw, lambda texts: hashed_once(read(texts)).to_frame())["hash"]


def _text(raw: Mentions, name: str) -> pl.Series:
    """A raw column as text; nulls where the frame has none."""
    if name in raw.columns:
        return raw[name].cast(pl.String)
    return pl.repeat(None, raw.height, dtype=pl.String, eager=True).rename(name)


def _known(district: pl.Series) -> pl.Series:
    """Whether there is such a district; of regencies of older vintages alone, no districts are listed."""
    districts = word_list("codes", "region_district")["code"].cast(pl.Int32)
    regencies = word_list("codes", "region_regency")["code"].cast(pl.Int32)
    old = word_list("codes", "region_alias")["old_code"].cast(pl.Int32)
    older = old.filter(~old.is_in(regencies.implode()))
    found = district.is_in(districts.implode()) | (district // 100).is_in(older.implode())
    return found.rename("nik_known")


def _stem(ids: pl.DataFrame) -> pl.Series:
    cut = pl.when(pl.col("other_id").str.contains(r"^[0-9]{15}$")).then(
        pl.col("other_id").cast(pl.Int64, strict=False)
    )
    return ids.select(pl.coalesce(pl.col("nik") // 10, "nik_head", cut).alias("nik_stem"))["nik_stem"]


def _calendar(fields: pl.DataFrame) -> pl.DataFrame:
    birth, encoded = fields["birth"], fields["nik_birth"]
    ends = [day for born in (birth, encoded) for day in (born.min(), born.max()) if isinstance(day, int)]
    first, last = min((OLDEST_DAY, *ends)), max((LATEST_DAY, *ends))
    days = dates(first, last)
    other = (encoded != birth).fill_null(value=False)
    return fields.with_columns(
        *days.select(pl.all().gather((birth - first).cast(pl.UInt32))).rename({"ordered": "birth_key"}),
        days["ordered"].gather((encoded - first).zip_with(other, NO_DAY)).alias("nik_birth_key"),
    )
