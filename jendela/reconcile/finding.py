"""The shape of what a rule says about one case, found or not."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from jendela.reconcile.known import Known
from jendela.reconcile.relation import same_firm

COLUMNS = {
    "code": pl.String(),
    "records": pl.List(pl.String()),
    "found": pl.Boolean(),
    "may_open": pl.Boolean(),
    "person_id": pl.String(),
    "employer_id": pl.String(),
    "office": pl.String(),
    "side_a": pl.String(),
    "side_b": pl.String(),
    "regime": pl.String(),
    "closing": pl.String(),
    "severity": pl.String(),
}
"""`records` are what the id is made of. `may_open` is false where nothing may be concluded tonight: what is
open stays open, and nothing new is opened. `closing` says, where nothing is found, what the rule found
instead. `severity` is the case's own where its code has several, else null: that of the list."""

WITHIN_GRACE = pl.lit("the registration is within the days of grace")


def side(
    office: pl.Expr | str,
    feed: pl.Expr | str | None,
    record_id: pl.Expr | str | None,
    field: pl.Expr,
    value: pl.Expr,
    as_of: pl.Expr,
) -> pl.Expr:
    """One side of a case as JSON {office, feed, record_id, field, value, as_of}; a text names a column."""

    def column(given: pl.Expr | str | None) -> pl.Expr:
        if given is None:
            return pl.lit(None, pl.String)
        return pl.col(given) if isinstance(given, str) else given

    return pl.struct(
        column(office).alias("office"),
        column(feed).alias("feed"),
        column(record_id).alias("record_id"),
        field.alias("field"),
        value.cast(pl.String).alias("value"),
        as_of.cast(pl.String).alias("as_of"),
    ).struct.json_encode()


def by_registration() -> pl.Expr:
    """The side of a record that was registered: `office, feed, record_id, registered, as_of`."""
    return side(
        "office", "feed", "record_id", pl.lit("registered_date"), pl.col("registered"), pl.col("as_of")
    )


def past_grace(known: Known, days: int) -> pl.Expr:
    """True where the days of grace since `registered` are over tonight."""
    return pl.col("registered").dt.offset_by(f"{days}d") < known.day


def nothing(office: pl.Expr | str, field: str, known: Known) -> pl.Expr:
    """The side that has no record: the office, and what was looked for there tonight."""
    silent = pl.lit(None, pl.String)
    return side(office, None, None, pl.lit(field), silent, pl.lit(known.day))


def measure(parameter: str, day: pl.Expr, field: str, value: pl.Expr, known: Known) -> pl.Expr:
    """The side that is no record but the law: the regime that lays the measure down, and the measure."""
    regime = known.law.parameters.regime(parameter, day)
    return side(regime, None, None, pl.lit(field), value, pl.lit(known.day))


def fields(names: Sequence[str], *, only: str | None = None, suffix: str = "") -> tuple[pl.Expr, pl.Expr]:
    """The names and the values of several fields of one side, joined with commas; what is missing is `-`.

    The value of a field is in the column of its name and the `suffix`. `only` names a column that lists those
    of them that are told.
    """
    told = [pl.lit(value=True) if only is None else pl.col(only).list.contains(name) for name in names]
    values = [pl.col(f"{name}{suffix}").cast(pl.String).fill_null("-") for name in names]
    return _joined([pl.lit(name) for name in names], told), _joined(values, told)


def _joined(parts: Sequence[pl.Expr], told: Sequence[pl.Expr]) -> pl.Expr:
    shown = [pl.when(yes).then(part) for part, yes in zip(parts, told, strict=True)]
    return pl.concat_list(shown).list.drop_nulls().list.join(", ")


def cases(code: str, frame: pl.DataFrame, records: Sequence[str]) -> pl.DataFrame:
    """`frame` as findings of `code`; `records` are the columns whose record ids make the id."""
    ids = pl.concat_list([pl.col(name) for name in records]).list.sort()
    present = {name: pl.col(name) for name in COLUMNS if name in frame.columns}
    filled = {
        name: present.get(name, pl.lit(None)).cast(dtype)
        for name, dtype in COLUMNS.items()
        if name not in ("code", "records")
    }
    return frame.select(code=pl.lit(code), records=ids, **filled).select(*COLUMNS)


def reviewable(known: Known, asked: pl.DataFrame, answers: pl.DataFrame) -> pl.Series:
    """The `record_id` of those asked whose answer is with somebody who could still be the same person.

    Both have `record_id, person_id, employer_id`; the answer's employer must be the same or unknown.
    """
    other = answers.select(other_id="person_id", other_firm="employer_id").unique()
    could = asked.join(known.review, on="person_id").join(other, on="other_id")
    return could.filter(same_firm("employer_id", "other_firm"))["record_id"].unique()


def withheld(known: Known, code: str, records: pl.Series) -> pl.Expr:
    """True where the finding must wait for a review (readings.yaml: `withheld_by_review`)."""
    if code not in known.law.readings.withheld_by_review:
        return pl.lit(value=False)
    return pl.col("record_id").is_in(records.implode())
