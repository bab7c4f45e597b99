"""Words that custom lets one write in several ways: Muhammad, Abdul, Siti, birth order, marga, titles."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.identity.variants import Change, among, pick, rewrite
from bench.identity.wordlists import CLERKS


def _first_word(pattern: str, words: list[str]) -> tuple[str, Change]:
    """A leading word that becomes one of the variants, or nothing."""

    def change(values: pl.Series, rng: np.random.Generator) -> pl.Series:
        rest = values.str.replace(pattern, "")
        return pick(rng, [f"{word} " if word else "" for word in words], len(values)) + rest

    return pattern, change


def _one_of(pattern: str, *replacements: str) -> tuple[str, Change]:
    """A word anywhere that is replaced by one of several."""
    changes = [rewrite(pattern, replacement) for replacement in replacements]

    def change(values: pl.Series, rng: np.random.Generator) -> pl.Series:
        return among(values, rng, changes)

    return pattern, change


ORDER = {
    "WAYAN": "WYN|WYN.|W.|WY.",
    "MADE": "MD|MD.|M.|MDE",
    "NYOMAN": "NYM|NYM.|NY.|NYN",
    "KETUT": "KT|KT.|KTUT|K.",
    "PUTU": "PT|PT.|P.",
    "KADEK": "KDK|KD.|KADE",
    "KOMANG": "KMG|KM.|KMG.",
    "GEDE": "GD|GD.|GDE",
    "NENGAH": "NGH|NGAH",
}

CUSTOMS: list[tuple[str, Change]] = [
    _first_word(
        r"^(MUHAMMAD|MUHAMAD|MOHAMMAD|MOHAMAD|MOCHAMAD|MOCHAMMAD|MUCHAMAD|MUH\.) ", CLERKS["muhammad"]
    ),
    _one_of(r"\bABDUL ", "ABDUL", "ABD ", "ABD. ", "ABD. ", "ABDOEL ", "AB. ", "ABDULL "),
    _one_of(r"\bABDUL ([RSNLZ])", "ABDU$1$1", "ABDU$1", "ABDUR $1", "ABD. $1"),
    _first_word(r"^(AHMAD|ACHMAD|AKHMAD) ", ["AHMAD", "ACHMAD", "AKHMAD", "AHMAT", "ACH.", "A.", "ACHMADI"]),
    _first_word(r"^SIT+I ", ["ST.", "ST", "SITTI", "STI", "SITY", "S.", ""]),
    _one_of(r"\bNUR([^U\s]\S{3,})", "NUR $1", "NUR $1", "NOER$1", "NOOR$1", "NUUR$1"),
    _one_of(r"\bNUR ", "NUR", "NOER ", "NOOR ", "NR. "),
    _one_of(r"^SRI (\S)", "SRI$1", "SRIE $1", "S. $1"),
    _one_of(r"^(I|NI) ", "", "", "$1. "),
    _one_of(r"^(I GUSTI NGURAH|I GUSTI) ", "I GST NGR ", "I GST. ", "IGN. ", "GUSTI "),
    _one_of(r"^ANAK AGUNG ", "A.A. ", "AA ", "A. A. ", "AGUNG "),
    _one_of(r"^IDA (BAGUS|AYU) ", "I.B. ", "IB ", "IDA "),
    *[
        _one_of(rf"\b{word} ", *[short + " " for short in shorts.split("|")])
        for word, shorts in ORDER.items()
    ],
    _one_of(r" BR ", " ", " BORU ", " BR. ", " BR. "),
    _one_of(
        r"^(\S+.*) (NASUTION|LUBIS|SIREGAR|HARAHAP|GINTING|SIMANJUNTAK|SITUMORANG|TARIGAN|SINAGA|PURBA)$",
        "$1",
        "$1",
    ),
    _one_of(r"^ANDI ", "A. ", "A.", "", "A "),
    _one_of(r" DG ", " DAENG ", " DG. ", " "),
    _one_of(r"^(TEUKU|T\.) ", "T. ", "T ", "TEUKU ", ""),
    _one_of(r"^(LALU|L\.) ", "L. ", "L ", "LALU ", ""),
    _one_of(r"^(BAIQ|BQ\.) ", "BQ. ", "BQ ", "BAIQ ", ""),
    _one_of(r"^YOHANES\b", "JOHANES", "YOHANNES", "YOH.", "Y.", "JOHANNES"),
    _one_of(r"^FRANSISKUS\b", "FRANSISCUS", "FRANCISCUS", "FRANS", "F.", "FX."),
    _one_of(r"^MARIA ", "M. ", "MA. ", "MARIA ", ""),
    _one_of(r"^(ANTONIUS|AGUSTINUS|STEFANUS|IGNASIUS|PETRUS|PAULUS)\b", "ANT.", "AG.", "ST.", "P.", "$1"),
    _one_of(r"SY(A|I|U)", "SJ$1", "S$1", "SH$1"),
    _one_of(r"KH(A|O|U)", "CH$1", "H$1", "K$1"),
    _one_of(r"U(D+)IN\b", "UDDIN", "UDIN", "OEDIN"),
    _one_of(r"I(Y?)AH\b", "IAH", "IYAH", "IYYAH"),
    _one_of(r"(ROHM|ROKHM|ROCHM|RAHM)A", "ROHMA", "RAHMA", "ROCHMA", "RACHMA"),
    _one_of(r"(Z|J)A(E|I)N", "ZAEN", "ZAIN", "JAEN"),
    _one_of(r"(YUSUF|YUSUP)", "YUSUP", "YUSUF", "JUSUF", "YOESOEF"),
    _one_of(r"(RIZKI|RIZKY|RISKI)", "RIZKY", "RISKI", "RIZKI", "RISKY", "REZKI"),
    _one_of(r"PRAS(E?)TY(O|A)", "PRASETYA", "PRASETYO", "PRASETIYO", "PRASTYO"),
    _one_of(r"(E|I)F(F?)ENDI", "EFFENDI", "EFENDI", "EFFENDY", "EPENDI"),
    _one_of(r"SUPRI", "SOEPRI", "SUPRIJ", "SUPRI"),
]


def titled(values: pl.Series, female: pl.Series, rng: np.random.Generator) -> pl.Series:
    """A title before or after the name."""
    before = pl.select(
        pl.when(female)
        .then(pick(rng, CLERKS["before_f"], len(values)))
        .otherwise(pick(rng, CLERKS["before_m"], len(values)))
    )
    first = before.to_series() + " " + values
    last = values + pick(rng, CLERKS["after"], len(values))
    return pl.select(
        pl.when(pl.Series(rng.random(len(values)) < 0.45)).then(first).otherwise(last)
    ).to_series()


def customary(frame: pl.DataFrame, column: str, rng: np.random.Generator, rate: float) -> pl.DataFrame:
    """Among the names that have customary variants, `rate` of them take one."""
    values = frame[column]
    candidates = np.flatnonzero(rng.random(len(frame)) < rate)
    chosen = values.gather(candidates)
    for pattern, change in CUSTOMS:
        hit = np.flatnonzero(chosen.str.contains(pattern).to_numpy() & (rng.random(len(chosen)) < 0.6))
        if len(hit):
            chosen = chosen.scatter(hit, change(chosen.gather(hit), rng))
    return frame.with_columns(values.scatter(candidates, chosen).alias(column))
