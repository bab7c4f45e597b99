"""The real regions, and where the demo's employers are: a place is a regency or city with its districts and
zone."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

KARAWANG, BALIKPAPAN, MAKASSAR = "3215", "6471", "7371"
ELSEWHERE = (
    "3216",
    "3173",
    "3578",
    "3374",
    "3671",
    "1271",
    "2171",
    "5171",
    "6171",
    "9401",
    "9301",
    "3273",
    "1671",
)
MINIMUM_WAGE = {KARAWANG: 5_880_000, BALIKPAPAN: 3_860_000, MAKASSAR: 4_120_000}


@dataclass(frozen=True, slots=True)
class Region:
    """A kabupaten or kota: 4-digit Kemendagri code, name without its kind, districts as (6-digit code,
    name)."""

    code: str
    name: str
    is_city: bool
    zone: str
    districts: tuple[tuple[str, str], ...]


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("schemas") / "codes" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def regions() -> dict[str, Region]:
    """Every region by its code."""
    zones = {row["code"]: row["zone"] for row in _rows("region_province.csv")}
    districts: dict[str, list[tuple[str, str]]] = {}
    for row in _rows("region_district.csv"):
        districts.setdefault(row["regency_code"], []).append((row["code"], row["name"]))
    found = {}
    for row in _rows("region_regency.csv"):
        kind, _, name = row["name"].partition(" ")
        found[row["code"]] = Region(
            row["code"],
            name.title(),
            kind == "KOTA",
            zones[row["province_code"]],
            tuple(districts[row["code"]]),
        )
    return found


@cache
def old_codes() -> dict[str, str]:
    """The code a region had before its province was divided, by its present code."""
    return {row["new_code"]: row["old_code"] for row in _rows("region_alias.csv")}


def minimum_wage(region: str) -> int:
    """What the demo pays at least in a region, in rupiah a month (invented for most regions)."""
    return MINIMUM_WAGE.get(region, 3_500_000 + int(region) % 17 * 100_000)
