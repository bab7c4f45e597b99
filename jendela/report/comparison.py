"""The two sides of a discrepancy set beside each other, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jendela.report.groups import SHARED_NIK


@dataclass(frozen=True)
class Line:
    """One field of one side; `differs` where the other side says the same field otherwise, or is silent."""

    field: str
    value: str
    differs: bool


def lines(side: Mapping[str, str], other: Mapping[str, str]) -> list[Line]:
    """What one side says; nothing where it has no record."""
    mine, theirs = _pairs(side), dict(_pairs(other))
    return [Line(field, value, theirs.get(field) != value) for field, value in mine]


def absent(side: Mapping[str, str]) -> bool:
    """True for the side on which nothing was found."""
    return not side["record_id"] and not side["value"]


def _pairs(side: Mapping[str, str]) -> list[tuple[str, str]]:
    if not side["value"]:
        return []
    if shared := SHARED_NIK.fullmatch(side["value"]):
        return [("shared_nik", shared[1]), ("person", shared[2])]
    fields, values = side["field"].split(", "), side["value"].split(", ")
    return (
        list(zip(fields, values, strict=True))
        if len(fields) == len(values)
        else [(side["field"], side["value"])]
    )
