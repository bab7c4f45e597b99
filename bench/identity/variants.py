"""How one name is written twice: forms, customary variants and slips, a whole frame at a time.

Every function takes the names of the records it befalls and gives the new ones; `spoil` decides whom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from bench.identity.wordlists import CLERKS

Names = pl.Series
Change = Callable[[pl.Series, np.random.Generator], pl.Series]


def pick(rng: np.random.Generator, words: list[str], count: int) -> pl.Series:
    """One of the words, for each of `count` rows."""
    return pl.Series(words, dtype=pl.String).gather(rng.integers(0, len(words), count))


def each(values: pl.Series, expr: pl.Expr, **others: pl.Series) -> pl.Series:
    """Evaluate `expr` over a frame with the column `n` and the columns given."""
    return pl.DataFrame({"n": values, **others}).select(expr.alias("n")).to_series()


def among(values: pl.Series, rng: np.random.Generator, changes: list[Change]) -> pl.Series:
    """One of several changes, drawn for each row."""
    frame = pl.DataFrame(
        {"n": values, "i": np.arange(len(values)), "k": rng.integers(0, len(changes), len(values))}
    )
    done = []
    for number, change in enumerate(changes):
        part = frame.filter(pl.col("k") == number)
        if len(part):
            done.append(part.with_columns(change(part["n"], rng).alias("n")))
    return pl.concat(done).sort("i")["n"] if done else values


def rewrite(pattern: str, replacement: str, *, every: bool = False) -> Change:
    """A regular-expression change."""

    def change(values: pl.Series, rng: np.random.Generator) -> pl.Series:
        return (
            values.str.replace_all(pattern, replacement)
            if every
            else values.str.replace(pattern, replacement)
        )

    return change


def _around(values: pl.Series, rng: np.random.Generator, low: float = 0.15) -> pl.Series:
    length = values.str.len_chars().to_numpy()
    return pl.Series((rng.uniform(low, 1, len(values)) * (length - 1)).astype(np.int64).clip(0))


def letter_wrong(values: pl.Series, rng: np.random.Generator) -> pl.Series:
    """A neighbouring key instead."""
    near = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "WERTYUIOPLSDFGHJKLKXCVBNMN", strict=True))
    at = _around(values, rng)
    letter = values.str.to_uppercase()
    wrong = each(letter, pl.col("n").str.slice(pl.col("at"), 1), at=at).replace(near)
    tail = pl.col("n").str.slice(pl.col("at") + 1)
    return each(values, pl.col("n").str.slice(0, pl.col("at")) + pl.col("w") + tail, at=at, w=wrong)


def letter_lost(values: pl.Series, rng: np.random.Generator) -> pl.Series:
    """A letter left out."""
    tail = pl.col("n").str.slice(pl.col("at") + 1)
    return each(values, pl.col("n").str.slice(0, pl.col("at")) + tail, at=_around(values, rng))


def letter_doubled(values: pl.Series, rng: np.random.Generator) -> pl.Series:
    """A letter typed twice."""
    head = pl.col("n").str.slice(0, pl.col("at") + 1)
    return each(values, head + pl.col("n").str.slice(pl.col("at")), at=_around(values, rng))


def letters_swapped(values: pl.Series, rng: np.random.Generator) -> pl.Series:
    """Two neighbours in the wrong order."""
    n, at = pl.col("n"), pl.col("at")
    swapped = n.str.slice(0, at) + n.str.slice(at + 1, 1) + n.str.slice(at, 1) + n.str.slice(at + 2)
    return each(values, swapped, at=_around(values, rng))


# Sounds that are written in two ways. Each pair is used in both directions.
SOUNDS = [tuple(pair.split("/")) for pair in CLERKS["sound"]]


def sound(values: pl.Series, rng: np.random.Generator) -> pl.Series:
    """Written as it sounds: one pair of SOUNDS; those it does not concern try again."""
    changes = [rewrite(a, b) for a, b in SOUNDS] + [rewrite(b, a) for a, b in SOUNDS]
    result = values
    for _ in range(4):
        same = (result == values).fill_null(value=False)
        if not same.any():
            break
        where = np.flatnonzero(same.to_numpy())
        result = result.scatter(where, among(result.gather(where), rng, changes))
    return result


def _initial_of(pattern: str, replacement: str) -> Change:
    def change(values: pl.Series, rng: np.random.Generator) -> pl.Series:
        return among(
            values, rng, [rewrite(pattern, replacement), rewrite(pattern, replacement.replace(".", ""))]
        )

    return change


FORMS: dict[str, tuple[float, Change]] = {
    "last word dropped": (0.16, rewrite(r" \S+$", "")),
    "first word dropped": (0.05, rewrite(r"^\S+ ", "")),
    "middle word dropped": (0.06, rewrite(r"^(\S+) \S+ (\S+)", "$1 $2")),
    "two words swapped": (0.09, rewrite(r"^(\S+) (\S+)", "$2 $1")),
    "last word first": (0.04, rewrite(r"^(.+) (\S+)$", "$2 $1")),
    "first an initial": (0.05, _initial_of(r"^(\S)\S+ ", "$1. ")),
    "last an initial": (0.11, _initial_of(r" (\S)\S+$", " $1.")),
    "middle an initial": (0.06, _initial_of(r"^(\S+) (\S)\S+ (\S+)", "$1 $2. $3")),
    "words joined": (0.13, rewrite(r"^(\S+) (\S+)", "$1$2")),
    "a word split": (0.11, rewrite(r"^(\S{3,4})([^\sAIUEO]\S{3,})", "$1 $2")),
    "cut off at 20": (0.05, rewrite(r"^(.{20}).*", "$1")),
    "cut off at 15": (0.03, rewrite(r"^(.{15}).*", "$1")),
    "two spaces": (0.03, rewrite(r" ", "  ")),
    "a hyphen": (0.03, rewrite(r" ", "-")),
}

SLIPS: dict[str, tuple[float, Change]] = {
    "sound": (0.45, sound),
    "letter wrong": (0.18, letter_wrong),
    "letter lost": (0.17, letter_lost),
    "letter doubled": (0.10, letter_doubled),
    "letters swapped": (0.10, letters_swapped),
}


def nickname(values: pl.Series, rng: np.random.Generator) -> pl.Series:
    """What people are called at a counter."""
    return among(
        values,
        rng,
        [
            rewrite(r"^(?:SU|HAR|MUHAMMAD |SITI |SRI |AB)(\S{3,}).*", "$1"),
            rewrite(r"^.*?(\S+)$", "$1"),
            rewrite(r"^(\S+).*", "$1"),
            rewrite(r"^(\S{3,4})\S* .*", "$1"),
            rewrite(r"^\S{2,3}([^AIUEO\s]\S{2,})", "$1"),
        ],
    )


def with_father(
    values: pl.Series, father: pl.Series, female: pl.Series, rng: np.random.Generator
) -> pl.Series:
    """BIN or BINTI and the father's name."""
    woman, man = (
        pick(rng, [" BINTI ", " BINTI ", " BT ", " BT. "], len(values)),
        pick(rng, [" BIN ", " BIN ", " B. "], len(values)),
    )
    word = each(values, pl.when("f").then("w").otherwise("m"), f=female, w=woman, m=man)
    return each(values, pl.col("n") + pl.col("w") + pl.col("p"), w=word, p=father)


def spoil(
    frame: pl.DataFrame,
    column: str,
    rng: np.random.Generator,
    rate: float,
    changes: Mapping[str, tuple[float, Change]],
) -> pl.DataFrame:
    """Let one change befall `rate` of the rows; which one is drawn by its weight."""
    weights = np.array([weight for weight, _ in changes.values()])
    kind = rng.choice(len(changes), len(frame), p=weights / weights.sum())
    kind[rng.random(len(frame)) >= rate] = -1
    values = frame[column]
    for number, (_, change) in enumerate(changes.values()):
        where = np.flatnonzero(kind == number)
        if len(where):
            values = values.scatter(where, change(values.gather(where), rng))
    return frame.with_columns(values.alias(column))
