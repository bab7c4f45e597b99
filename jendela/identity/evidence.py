"""What two mentions have in common, graded: the one frame that both tiers judge.

Every grade is a pure function of the two mentions, so an edge does not depend on the night it was made. Null
means that one side does not say.
"""

from __future__ import annotations

import duckdb
import polars as pl

from jendela.identity.agreement import name_grades

NIK_SAME, NIK_SLIP, NIK_NEIGHBOUR, NIK_DIFFERENT = 3, 2, 1, 0
BIRTH_SAME, BIRTH_NEW_YEAR, BIRTH_SLIP, BIRTH_NEAR, BIRTH_DIFFERENT = 4, 3, 2, 1, 0
JOB_SAME_START, JOB_SAME, JOB_DIFFERENT = 2, 1, 0

_COMPARED = (
    "nik",
    "nik_good",
    "birth_date",
    "new_year",
    "sex",
    "place",
    "mother",
    "phone",
    "kpj",
    "employer_id",
    "start_date",
    "tf_name",
)


def evidence(pairs: pl.DataFrame, standard: pl.DataFrame) -> pl.DataFrame:
    """`left_id, right_id` and one grade per kind of evidence, in the order of `pairs`.

    name_grade   see `agreement`
    nik_grade    3 same, 2 a slip apart in the date though born the same day, 1 neighbours (a slip apart in
                 the region, or another serial only), 0 different; only numbers that can be somebody's
    birth_grade  4 same day, 3 same 1 January, 2 day and month swapped or a digit of the year off, 1 one part
                 off or a defaulted day, 0 different
    sex_grade, place_grade, mother_grade, phone_grade, kpj_grade   1 same, 0 different
    job_grade    2 same employer and first day, 1 same employer, 0 different
    tf_name      the share of people who bear the commoner of the two names
    """
    one = standard.select("record_id", *_COMPARED)
    both = pairs.join(
        one.rename({name: f"{name}_l" for name in _COMPARED}), left_on="left_id", right_on="record_id"
    )
    both = both.join(
        one.rename({name: f"{name}_r" for name in _COMPARED}), left_on="right_id", right_on="record_id"
    )
    both = both.join(name_grades(pairs, standard), on=["left_id", "right_id"])
    both = _nik_grade(both.with_columns(_birth_grade().alias("birth_grade")))
    return both.sort("left_id", "right_id").select(
        "left_id",
        "right_id",
        "name_grade",
        "nik_grade",
        "birth_grade",
        *(_same(name).alias(f"{name}_grade") for name in ("sex", "place", "mother", "phone", "kpj")),
        _job_grade().alias("job_grade"),
        pl.max_horizontal("tf_name_l", "tf_name_r").alias("tf_name"),
    )


def _same(name: str) -> pl.Expr:
    return (pl.col(f"{name}_l") == pl.col(f"{name}_r")).cast(pl.Int8)


def _nik_grade(both: pl.DataFrame) -> pl.DataFrame:
    """`both` with `nik_grade`. Only different numbers are measured, each pair of them once."""
    left, right = pl.col("nik_l"), pl.col("nik_r")
    good = pl.col("nik_good_l") & pl.col("nik_good_r")
    differing = both.filter(good & (left != right)).select("nik_l", "nik_r").unique(maintain_order=True)
    with duckdb.connect() as connection:
        connection.register("differing", differing.to_arrow())
        slips = connection.sql(
            "SELECT nik_l, nik_r, true AS slip FROM differing WHERE damerau_levenshtein(nik_l, nik_r) = 1"
        ).pl()
    grade = (
        pl.when(~good | left.is_null() | right.is_null())
        .then(None)
        .when(left == right)
        .then(NIK_SAME)
        .when(left.str.slice(0, 12) == right.str.slice(0, 12))
        .then(NIK_NEIGHBOUR)
        # Who is born the same day in the next district mostly differs in one digit: serials begin at 1 daily.
        .when(pl.col("slip") & (left.str.slice(0, 6) != right.str.slice(0, 6)))
        .then(NIK_NEIGHBOUR)
        # A slip in the date tells only against a common birth date; else each number agrees with its own.
        .when(pl.col("slip") & (pl.col("birth_grade") >= BIRTH_NEW_YEAR))
        .then(NIK_SLIP)
        .otherwise(NIK_DIFFERENT)
    )
    slips = slips.cast({"nik_l": pl.String, "nik_r": pl.String, "slip": pl.Boolean})
    return both.join(slips, on=["nik_l", "nik_r"], how="left").with_columns(
        grade.cast(pl.Int8).alias("nik_grade")
    )


def _birth_grade() -> pl.Expr:
    left, right = pl.col("birth_date_l"), pl.col("birth_date_r")
    year, month, day = (
        left.dt.year() == right.dt.year(),
        left.dt.month() == right.dt.month(),
        left.dt.day() == right.dt.day(),
    )
    swapped = year & (left.dt.day() == right.dt.month()) & (left.dt.month() == right.dt.day())
    close_year = (left.dt.year() - right.dt.year()).abs().is_in([1, 10, 100])
    defaulted = year & (pl.col("new_year_l") | pl.col("new_year_r"))
    slip = swapped | (month & day & close_year)
    near = defaulted | (year & (month | day)) | (month & close_year)
    return (
        pl.when(left.is_null() | right.is_null())
        .then(None)
        .when((left == right) & pl.col("new_year_l"))
        .then(BIRTH_NEW_YEAR)
        .when(left == right)
        .then(BIRTH_SAME)
        .when(slip)
        .then(BIRTH_SLIP)
        .when(near)
        .then(BIRTH_NEAR)
        .otherwise(BIRTH_DIFFERENT)
        .cast(pl.Int8)
    )


def _job_grade() -> pl.Expr:
    employer, start = _same("employer_id") == 1, _same("start_date") == 1
    return (
        pl.when(employer.is_null())
        .then(None)
        .when(employer & start.fill_null(value=False))
        .then(JOB_SAME_START)
        .when(employer)
        .then(JOB_SAME)
        .otherwise(JOB_DIFFERENT)
        .cast(pl.Int8)
    )


def corroborated() -> pl.Expr:
    """True where mother, telephone, or employer and first day agree: what strangers hardly have in common."""
    return (
        (pl.col("mother_grade") == 1).fill_null(value=False)
        | (pl.col("phone_grade") == 1).fill_null(value=False)
        | (pl.col("job_grade") == JOB_SAME_START).fill_null(value=False)
    )


_REASONS = {
    "name_grade": {
        6: "name_same",
        5: "name_spelt",
        4: "name_compatible",
        3: "name_slipped",
        2: "name_partly",
        1: "name_undecided",
        0: "name_different",
    },
    "nik_grade": {3: "nik_same", 2: "nik_slip", 1: "nik_neighbour", 0: "nik_different"},
    "birth_grade": {
        4: "birth_same",
        3: "birth_new_year",
        2: "birth_slip",
        1: "birth_near",
        0: "birth_different",
    },
    "job_grade": {2: "job_same_start", 1: "job_same"},
    "sex_grade": {0: "sex_different"},
    "place_grade": {1: "place_same"},
    "mother_grade": {1: "mother_same", 0: "mother_different"},
    "phone_grade": {1: "phone_same"},
    "kpj_grade": {1: "kpj_same", 0: "kpj_different"},
}


def reasons(*leading: pl.Expr) -> pl.Expr:
    """The JSON list of reason codes of an evidence row: `leading` ones (null: none), then the grades'."""
    codes = [
        pl.col(grade).replace_strict(names, default=None, return_dtype=pl.String)
        for grade, names in _REASONS.items()
    ]
    return pl.format('["{}"]', pl.concat_str(*leading, *codes, separator='","', ignore_nulls=True))
