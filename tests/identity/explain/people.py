"""People who never lived, and a small model of their own: words must not change when the shipped one does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from jendela.identity.compare.commonness import commonness
from jendela.identity.compare.evidence import evidence
from jendela.identity.explain.account import Account, accounts
from jendela.identity.explain.explained import notes_on
from jendela.identity.frequencies import frequencies
from jendela.identity.judge.adapt import Probabilities
from jendela.identity.judge.model import LEVELS
from jendela.identity.judge.rivals import Rival
from jendela.identity.policy import Policy
from jendela.identity.resolve import APART, LINK, REVIEW, Fit
from jendela.identity.standard.frame import standardise

AS_OF = date(2026, 12, 31)
POLICY = Policy(version="test", model="default", link=0.9, review=0.15, largest_block=100)
COLUMNS = (
    "record_id",
    "full_name",
    "national_id",
    "birth_date",
    "sex",
    "mother_name",
    "phone",
    "birth_place",
    "region_code",
    "address",
)
ROWS = (
    # One person, of whom the second office writes the name otherwise.
    ("siti-1", "SITI NUR AISYAH", "3273014507900001", "05-07-1990", "P", "KARTINI SURYANI", "081298237712",
     "BANDUNG", "3273", "JL MERDEKA NO 12"),
    ("siti-2", "St. Nur Aisyah", "3273014507900001", "1990-07-05", "2", "KARTINI", None,
     "Bandung", "3273", None),
    # The same person, missing what would say so.
    ("siti-3", "SITI NUR AISYAH", None, "1990-01-01", "P", None, "081298237712", "BANDUNG", None, None),
    # Twins.
    ("budi", "BUDI SANTOSO", "3372011203880002", "12-03-1988", "L", "SRI LESTARI", None, "SURAKARTA", "3372",
     "JL MELATI 3"),
    ("beni", "BENI SANTOSO", "3372011203880003", "12-03-1988", "L", "SRI LESTARI", None, "SURAKARTA", "3372",
     "JL MELATI 3"),
    # Two of one name, born the same day.
    ("sri-solo", "SRI WAHYUNI", None, "1985-08-17", "P", "PARTINI", None, "SURAKARTA", "3372", None),
    ("sri-medan", "SRI WAHYUNI", None, "1985-08-17", "P", "ROSMAWATI HARAHAP", None, "MEDAN", "1271", None),
    # Two people, of whom one uses the other's number.
    ("agus", "AGUS SALIM", "1271022103790004", "21-03-1979", "L", "ROHANI", "081388887777", "MEDAN", "1271",
     None),
    ("made", "I MADE SUKARTA", "1271022103790004", "02-11-1983", "L", "NI WAYAN SARI", "085711112222",
     "GIANYAR", "5104", None),
)  # fmt: skip
PAIRS = {
    ("siti-1", "siti-2"): LINK,
    ("siti-1", "siti-3"): LINK,
    ("budi", "beni"): APART,
    ("sri-solo", "sri-medan"): REVIEW,
    ("agus", "made"): APART,
}
# m and u, best grade first; what is not here is as likely either way.
PROBABILITIES = {
    "name": ((0.8, 1e-4), (0.08, 1e-4), (0.08, 3e-4), (0.02, 3e-4), (0.008, 0.02), (0.004, 0.01),
             (0.008, 0.97)),
    "nik": ((0.88, 1e-8), (0.02, 1e-7), (0.03, 1e-6), (0.001, 1e-6), (0.006, 2e-6), (0.005, 1e-6),
            (0.002, 2e-6), (0.02, 0.008), (0.036, 0.99)),
    "birth": ((0.95, 6e-5), (0.02, 1e-4), (0.01, 0.0015), (0.01, 0.003), (0.004, 0.03), (0.006, 0.965)),
    "mother": ((0.76, 1e-4), (0.07, 1e-4), (0.07, 3e-4), (0.03, 3e-4), (0.006, 0.02), (0.004, 0.01),
               (0.06, 0.97)),
    "sex": ((0.99, 0.52), (0.01, 0.48)),
    "email": ((0.7, 1e-6), (0.3, 1.0)),
    "kpj": ((0.3, 1e-7), (0.7, 1.0)),
    "phone": ((0.5, 2e-6), (0.01, 1e-5), (0.01, 0.002), (0.48, 1.0)),
    "residence": ((0.3, 2e-6), (0.05, 1e-5), (0.02, 1e-4), (0.1, 0.002), (0.05, 0.015), (0.25, 0.002),
                  (0.1, 0.015), (0.05, 0.98), (0.03, 1.0)),
    "place": ((0.3, 0.002), (0.43, 0.008), (0.14, 0.02), (0.13, 0.97)),
}  # fmt: skip
FITTED: Probabilities = {
    name: {
        grade: PROBABILITIES.get(name, ())[place] if place < len(PROBABILITIES.get(name, ())) else (0.1, 0.02)
        for place, grade in enumerate(grades)
    }
    for name, (_, grades) in LEVELS.items()
}


def _own(name: str, *shares: float) -> dict[int, float]:
    grades = list(LEVELS[name][1])
    return dict(zip(grades, (*shares, *[0.001] * len(grades)), strict=False))


RIVALS = (
    Rival(
        "namesake",
        0.004,
        {"sex": 0.97, "place": 0.2, "residence": 0.2},
        {"name": _own("name", 0.8, 0.06, 0.09), "birth": _own("birth", 0.93, 0.02, 0.01, 0.03),
         "nik": _own("nik", 1e-4, 1e-3, 1e-4, 1e-4, 0.003, 0.006, 0.004, 0.025, 0.96)},
    ),
    Rival(
        "twin",
        0.01,
        {"sex": 0.93, "mother": 0.95, "place": 0.95, "residence": 0.6},
        {"name": _own("name", 0.05, 0.02, 0.08, 0.1, 0.3, 0.003, 0.44), "birth": _own("birth", 0.93, 0.05),
         "nik": _own("nik", 0.005, 0.08, 0.008, 0.001, 0.7, 0.01, 0.05, 0.12, 0.02)},
    ),
    Rival(
        "borrower",
        0.005,
        {"residence": 0.5, "place": 0.15, "mother": 0.05},
        {"name": _own("name", 0.001, 0.001, 0.003, 0.002, 0.02, 0.002, 0.97),
         "birth": _own("birth", 0.03, 0.74, 0.003, 0.005, 0.007, 0.21), "nik": _own("nik", 0.97, 0.007)},
    ),
)  # fmt: skip


def raw() -> pl.DataFrame:
    """Their records."""
    return pl.DataFrame(ROWS, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def judged(fitted: Probabilities = FITTED) -> tuple[list[Account], Fit]:
    """The accounts of `PAIRS`, and what judged them."""
    standard = standardise(raw(), AS_OF)
    fit = Fit(frequencies(standard), fitted, RIVALS, 0.3)
    row = {record: place for place, record in enumerate(raw()["record_id"])}
    left, right = (np.array([row[pair[side]] for pair in PAIRS], dtype=np.int64) for side in (0, 1))
    found = fit.judged(evidence(standard, commonness(standard, fit.counted), left, right))
    made = accounts(list(PAIRS), found, list(PAIRS.values()), fit)
    return [replace(account, notes=notes_on(account, POLICY)) for account in made], fit
