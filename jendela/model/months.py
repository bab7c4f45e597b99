"""The months as people write them in Indonesian, long or short."""

from __future__ import annotations

MONTHS = {
    1: ("januari", "jan"),
    2: ("februari", "pebruari", "feb", "peb"),
    3: ("maret", "mar"),
    4: ("april", "apr"),
    5: ("mei",),
    6: ("juni", "jun"),
    7: ("juli", "jul"),
    8: ("agustus", "agu", "ags", "agt", "agust"),
    9: ("september", "sep", "sept"),
    10: ("oktober", "okt"),
    11: ("november", "nopember", "nov", "nop"),
    12: ("desember", "des"),
}
MONTH_NUMBER = {name: f"{number:02}" for number, names in MONTHS.items() for name in names}
