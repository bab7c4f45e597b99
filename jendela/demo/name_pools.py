"""Words that names, firms and streets are made of, commonest first; the long ones are in `name_pools.txt`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

BALI_ORDER = ("WAYAN", "MADE", "NYOMAN", "KETUT", "PUTU", "KADEK", "KOMANG", "GEDE")
SAINTS_MALE = ("FRANSISKUS XAVERIUS", "YOHANES", "ANTONIUS", "IGNATIUS", "ALOYSIUS")
SAINTS_FEMALE = ("MARIA", "THERESIA", "BERNADETTA", "CHRISTINA", "VERONIKA")
FOREIGN = (
    "KENJI TAKAHASHI",
    "WEI ZHANG",
    "MIN-JUN PARK",
    "RAJESH KUMAR",
    "HIROSHI NAKAMURA",
    "LI NA CHEN",
    "PETER VAN DIJK",
    "ANIL SHARMA",
    "YUKI ITO",
    "JAE-HO KIM",
)
JOBS = (
    ("813110", "Operator mesin"),
    ("721410", "Tukang las"),
    ("432110", "Staf gudang"),
    ("411010", "Staf administrasi"),
    ("815310", "Operator jahit"),
    ("831110", "Pengemudi"),
    ("932910", "Buruh pabrik"),
    ("312210", "Pengawas produksi"),
    ("331310", "Staf akuntansi"),
    ("541410", "Satuan pengamanan"),
    ("711510", "Tukang kayu"),
    ("522310", "Pramuniaga"),
)


@cache
def pool(name: str) -> tuple[str, ...]:
    """The words of a list, the commonest first."""
    return _lists()[name]


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    text = (files("jendela.demo") / "name_pools.txt").read_text(encoding="utf-8")
    lines = [line.partition(" = ") for line in text.splitlines() if not line.startswith("#")]
    return {name: tuple(words.split()) for name, _, words in lines}
