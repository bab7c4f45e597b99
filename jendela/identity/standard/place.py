"""Birth places by one present name each, whatever their kind of region, old name, abbreviation or spacing.

A birth place is free text: a village, a regency, a city or the town with the hospital. Kab. Bandung and Kota
Bandung become one here, because most registers say neither. Old names and abbreviations are data in
`schemas/names/places.csv`; the regencies are those of `schemas/codes`. Source: DOMAIN 3.4 and 3.5.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from jendela.identity.standard.distinct import by_distinct
from jendela.identity.standard.lists import nothing, word_list

LONGEST = 40
KINDS = (
    "^(?:KAB|KABUPATEN|KOTIP|KOTIF|KODYA|KODIA|KOTAMADYA|KEC|KECAMATAN|DESA|DS|KEL|KELURAHAN|DUSUN|DSN"
    "|PROV|PROVINSI) "
)
SHORT = {
    "KEP": "KEPULAUAN",
    "PEG": "PEGUNUNGAN",
    "T(?:J|G|JG)": "TANJUNG",
    "PD": "PADANG",
    "GN": "GUNUNG",
    "SEI": "SUNGAI",
}
DUTCH = {"OE": "U", "TJ": "C", "DJ": "J"}


def place(raw: pl.Series) -> pl.Series:
    """String per row of `raw`, in its order: the present name in upper-case letters without blanks.

    What stands behind a comma, slash or bracket (the province, the country) does not count. A place of no
    list is its own letters, Dutch spelling (OE, TJ, DJ) written as today. Null for fillers.
    """
    return by_distinct(raw, _read)["place"]


def _read(texts: pl.Series) -> pl.DataFrame:
    words = texts.alias("place").str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    words = (
        words.str.replace(r"([A-Z])\s*[,/(;].*$", "${1}").str.replace_all(r"[^A-Z]+", " ").str.strip_chars()
    )
    words = words.str.replace(KINDS, "")
    for short, whole in SHORT.items():
        words = words.str.replace(f"^{short} ", f"{whole} ")
    names = _names()
    # "Kota Bandung" is Bandung, "Kota Agung" a place of its own.
    behind = _joined(words.str.strip_prefix("KOTA "))
    joined = _joined(words).zip_with(~behind.is_in(list(names)), behind)
    known = joined.replace(names)
    none = (known == "") | (known.str.len_bytes() > LONGEST) | known.is_in(nothing().implode())
    return known.to_frame().with_columns(pl.when(~none).then("place").alias("place"))


def _joined(words: pl.Series) -> pl.Series:
    return words.str.replace_all(" ", "", literal=True).str.replace_many(DUTCH)


@cache
def _names() -> dict[str, str]:
    """Every listed name without blanks, and what it means, also without."""
    lists = [word_list("codes", f"region_{level}")["name"] for level in ("regency", "province")]
    current = pl.concat(lists).str.replace("^(?:KABUPATEN|KOTA) ", "").str.replace_all("[^A-Z]", "")
    names = {name: name for name in current}
    aliases = word_list("names", "places")
    old, means = _joined(aliases["place"]), aliases["means"].str.replace_all(" ", "", literal=True)
    return names | dict(zip(old, means, strict=True))
