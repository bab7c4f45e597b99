"""Employers' numbers in one spelling: NPP and division, WLKP code, NIB, NPWP and NITKU.

Each function takes an expression of text as received and gives null where the text is no such number or one
that people type to fill a field: a number that is not valid is no evidence. Source: DOMAIN 2.4 to 2.7.
"""

from __future__ import annotations

import polars as pl

from jendela.contracts.luhn import luhn

NITKU_LENGTH = 22


def npp(text: pl.Expr) -> pl.Expr:
    """The employer number at BPJS without its division: six to ten letters and digits, not letters alone."""
    bare = _code(text).str.replace(r"^([A-Z]{2}\d{6})\d{3}$", "${1}")
    plausible = bare.str.contains(r"^[A-Z0-9]{6,10}$") & bare.str.contains(r"\d.*\d") & ~_filler(bare)
    return pl.when(plausible).then(bare)


def division(text: pl.Expr, npp_text: pl.Expr) -> pl.Expr:
    """The division, stated or written behind the NPP (JJ012345/001), without zeros before it; `0` is the main
    one.
    """
    behind = _code(npp_text).str.extract(r"^[A-Z]{2}\d{6}(\d{3})$")
    stated = pl.coalesce(_code(text), behind)
    return pl.when(stated.str.contains(r"^[A-Z0-9]{1,5}$")).then(stated.str.replace(r"^0+([A-Z0-9])", "${1}"))


def wlkp(text: pl.Expr) -> pl.Expr:
    """The code of an establishment in WLKP, upper case without blanks: opaque, at most 40 characters."""
    bare = text.str.to_uppercase().str.replace_all(r"\s", "")
    plausible = bare.str.contains(r"[1-9]") & (bare.str.len_chars() <= 40) & ~_filler(_code(bare))
    return pl.when(plausible).then(bare)


def nib(text: pl.Expr) -> pl.Expr:
    """The thirteen digits of OSS. There is no check digit: only fillers and spreadsheet damage show."""
    bare = _digits(text)
    damaged = bare.str.contains(r"^0000|0{7}$|^1234567890")
    return pl.when((bare.str.len_chars() == 13) & ~damaged & ~_filler(bare)).then(bare)


def npwp(text: pl.Expr) -> pl.Expr:
    """The fifteen digits of a company's tax number, from 15, 16 (a zero before them) or 22 digits (NITKU).

    Null where the check digit is wrong and where a resident's NIK stands in its place, which says who, not
    which employer.
    """
    bare = _digits(text)
    length = bare.str.len_chars()
    new = length.is_in((16, NITKU_LENGTH)) & bare.str.starts_with("0")
    old = pl.when(length == 15).then(bare).when(new).then(bare.str.slice(1, 15))
    return pl.when(luhn(old.str.slice(0, 9), 9) & ~_filler(old.str.slice(2, 6))).then(old)


def entity(npwp_text: pl.Expr) -> pl.Expr:
    """The nine digits that all branches of a legal entity share."""
    return npwp(npwp_text).str.slice(0, 9)


def branch(npwp_text: pl.Expr, valid: pl.Expr | None = None) -> pl.Expr:
    """Which place of business of the entity: the last six digits of a NITKU, else the last three.

    Null at zero: the head office, or a branch that gave its head's number. `valid` is the NPWP where it has
    been read already.
    """
    valid = npwp(npwp_text) if valid is None else valid
    bare = _digits(npwp_text)
    nitku = pl.when(bare.str.len_chars() == NITKU_LENGTH).then(bare.str.slice(-6))
    suffix = pl.coalesce(nitku, valid.str.slice(-3))
    return pl.when(suffix.str.contains("[1-9]") & valid.is_not_null()).then(suffix)


def _filler(bare: pl.Expr) -> pl.Expr:
    """One character repeated."""
    return bare.str.strip_chars(bare.str.slice(0, 1)) == ""


def _code(text: pl.Expr) -> pl.Expr:
    bare = text.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return pl.when(bare != "").then(bare)


def _digits(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"[^0-9]", "")
