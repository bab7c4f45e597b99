"""What a letter must state, dates in their order, the copy, a mass lay-off (L-12, L-25, L-28, L-30)."""

from __future__ import annotations

import polars as pl

from jendela.law import Law
from jendela.letters.rules.context import DATE, LIVE, OFFICE_COPY
from jendela.letters.rules.evaluate import Check
from jendela.letters.rules.wording import Words, day, number

LIVING = pl.col(LIVE)
ALWAYS = ("letter_type", "letter_number", "letter_date", "employer_name", "full_name")
"""Every letter states them: without, nobody can tell which letter it is.

Permenaker 2/2025 Pasal 9(2) a, c, h.
"""
UNLESS_WITHDRAWN = (
    "npp",
    "employer_address",
    "workplace_region",
    "enterprise_size",
    "birth_date",
    "citizenship",
    "address",
    "contract_type",
    "start_date",
    "initiated_by",
    "effective_date",
)
"""Every letter but a withdrawal states them: Permenaker 2/2025 Pasal 9(2) b, c, f, g and the agreed form."""


def checks(law: Law) -> dict[str, Check]:
    """All of them."""
    return _stated() | _order() | _copies()


def _stated() -> dict[str, Check]:
    missing = {f"L-25.{name}": Check(pl.col(name).is_null()) for name in ALWAYS}
    missing |= {f"L-25.{name}": Check(LIVING & pl.col(name).is_null()) for name in UNLESS_WITHDRAWN}
    kind, foreign = pl.col("letter_type"), pl.col("citizenship") == "WNA"
    to_office = (pl.col(OFFICE_COPY) == "required").fill_null(value=False)
    return missing | {
        "L-25.reason_narrative": Check((kind == "PHK_NOTICE") & pl.col("reason_narrative").is_null()),
        "L-25.nik": Check(pl.col("nik").is_null() & ~foreign.fill_null(value=False)),
        "L-25.kpj": Check(LIVING & pl.col("kpj").is_null()),
        "L-25.wlkp_code": Check(LIVING & to_office & pl.col("wlkp_code").is_null()),
        "L-25.union_name": Check(LIVING & pl.col("union_exists") & pl.col("union_name").is_null()),
    }


def _order() -> dict[str, Check]:
    """Dates of which one cannot lie before the other. The birth date is compared and never told."""
    pairs = {
        "L-28.start": ("start_date", "effective_date"),
        "L-28.contract_end": ("start_date", "contract_end_date"),
        "L-28.last_working": ("last_working_date", "effective_date"),
        "L-28.notice": ("letter_date", "notice_delivered_date"),
    }
    found = {
        name: Check(
            LIVING & (pl.col(earlier) > pl.col(later)),
            {"earlier": day(pl.col(earlier)), "later": day(pl.col(later))},
        )
        for name, (earlier, later) in pairs.items()
    }
    # Only a notice is written before it is delivered: a confirmation tells of a notice that was.
    written = pl.col("letter_type") == "PHK_NOTICE"
    found["L-28.notice"] = Check(found["L-28.notice"].broken & written, found["L-28.notice"].values)
    found["L-28.birth"] = Check(LIVING & (pl.col("birth_date") >= pl.col("start_date")))
    return found


def _copies() -> dict[str, Check]:
    """PP 35/2021 Pasal 37-38: a copy to the office of the workplace, where one is owed at all."""
    owed = LIVING & (pl.col(OFFICE_COPY) != "not_required").fill_null(value=True)
    office = pl.col("workplace_region")
    copied = pl.col("copy_offices").list.contains(office).fill_null(value=False)
    not_of_resignation = (pl.col("letter_type") != "RESIGNATION_STATEMENT").fill_null(value=True)
    event, said = pl.col("mass_layoff_id"), pl.col("mass_layoff_count")
    workers = pl.len().over("file", "mass_layoff_id")
    counts = {"stated": number(said), "count": number(workers)}
    return {
        "L-12": Check(
            owed & not_of_resignation & office.is_not_null() & ~copied, {"office": Words(office, office)}
        ),
        "L-30": Check(LIVING & event.is_not_null() & DATE.is_not_null() & (workers > said), counts),
    }
