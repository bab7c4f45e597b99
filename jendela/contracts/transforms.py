"""The closed list of transforms that a mapping may name after `via`: what each reads and gives.

A transform without a rule only cleans: what it cannot clean stays visible, and the contract judges it.
One with a rule reads: a value it cannot read becomes null, and a problem under that rule.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Transform:
    """What a transform gives (text, date, month, money, int), its rule if it can fail, and what it does."""

    gives: str
    rule: str | None
    does: str


def _cleans(does: str) -> Transform:
    return Transform("text", None, does)


TRANSFORMS: dict[str, Transform] = {
    "trim": _cleans("strips blanks and control characters, one blank between words; nothing left is null"),
    "upper": _cleans("upper case"),
    "blank": _cleans(
        "null where people write '-', '0', 'N/A', 'NULL', 'NIHIL', 'TIDAK ADA' or a day of zeros for nothing"
    ),
    "nik": _cleans(
        "drops blanks, dots, dashes, apostrophes, =\"…\" and the '.0' of a spreadsheet; a number in "
        "scientific notation has lost digits and is left as it is"
    ),
    "kpj": _cleans("like nik, for the participant number"),
    "npp": _cleans("upper case without blanks, dots, dashes and slashes"),
    "npwp": _cleans("drops blanks, dots, dashes and slashes"),
    "nib": _cleans("drops blanks, dots and dashes"),
    "kbli": _cleans("drops dots and the letter of the section: C13112 is 13112"),
    "region": _cleans("a region code without its dots: 32.15 is 3215, 32.15.07 is 321507"),
    "phone": _cleans("E.164 from +62, 62, 0 or 8 and 7 to 12 digits; any other number stays as typed"),
    "email": _cleans("lower case without blanks"),
    "words": _cleans("the words of a list parted by commas, semicolons or blanks: each once, sorted"),
    "date-dmy": Transform(
        "date", "M-DATE", "day, month, year (4 digits), parted by - / or ., zeros optional"
    ),
    "date-ymd": Transform("date", "M-DATE", "YYYYMMDD"),
    "date-iso": Transform("date", "M-DATE", "YYYY-MM-DD, or that and midnight"),
    "date-words": Transform("date", "M-DATE", "3 September 2026, months in Indonesian, long or short"),
    "month-my": Transform("month", "M-MONTH", "MM-YYYY or MM/YYYY"),
    "month-ym": Transform("month", "M-MONTH", "YYYYMM or YYYY-MM"),
    "rupiah": Transform(
        "money", "M-MONEY", "Rp 4.500.000,00: dots for thousands, a comma for cents, Rp optional"
    ),
    "rupiah-en": Transform(
        "money", "M-MONEY", "Rp 4,500,000.00: commas for thousands, a point for cents, Rp optional"
    ),
    "decimal": Transform("money", "M-MONEY", "4500000 or 4500000.00"),
    "int": Transform("int", "M-INT", "a whole number"),
}
"""Every transform by its name. `jendela.ingest.transforms` has the expressions; a test compares the two."""
