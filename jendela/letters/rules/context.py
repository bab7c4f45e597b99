"""What several rules ask of a letter, worked out once: its reason, its kind, the minimum amounts."""

from __future__ import annotations

import polars as pl

from jendela.law import Law
from jendela.law.severance import WEEK, is_by_agreement, is_fixed_term, severance_minimum
from jendela.letters.frame import LETTERS
from jendela.letters.rules.evaluate import REASON_ARTICLE, complete

NOTICES = ("PHK_NOTICE", "PHK_CONFIRMATION")
REVISIONS = ("CORRECTION", "WITHDRAWAL")
LIVE, LEGAL = "_live", "_legal"
FIXED_TERM, BY_AGREEMENT = "_fixed_term", "_by_agreement"
INITIATOR, NOTICE, ENDS, OFFICE_COPY, SEPARATION = (
    "_initiator",
    "_notice",
    "_ends",
    "_office_copy",
    "_separation",
)
DATE = pl.col("effective_date")


def prepared(letters: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The letters, complete, with what the rules share.

    Added, besides the columns of `severance_minimum`: `_live` (the letter is not a withdrawal), `_legal` (the
    law of its effective date is known), `_fixed_term` and `_by_agreement`, and of its reason `_initiator`,
    `_notice`, `_ends` (how it can end a fixed term), `_office_copy`, `_separation`, `_reason_article`.
    """
    schema = LETTERS | {WEEK: pl.Int64()}
    frame = severance_minimum(complete(letters, schema), law)
    return frame.with_columns(
        (pl.col("letter_type") != "WITHDRAWAL").fill_null(value=True).alias(LIVE),
        (law.parameters.first_day("reason") <= DATE).fill_null(value=False).alias(LEGAL),
        is_fixed_term(law).alias(FIXED_TERM),
        is_by_agreement(law).alias(BY_AGREEMENT),
        of_reason(law, "initiator").alias(INITIATOR),
        of_reason(law, "notice").alias(NOTICE),
        of_reason(law, "fixed_term").alias(ENDS),
        of_reason(law, "office_copy").alias(OFFICE_COPY),
        of_reason(law, "article").alias(REASON_ARTICLE),
        law.parameters.family("reason", "separation_pay", pl.col("reason_code"), DATE, pl.Boolean()).alias(
            SEPARATION
        ),
    )


def of_reason(law: Law, field: str) -> pl.Expr:
    """A text that the list of reasons has about the letter's primary reason; null for an unknown one."""
    values = pl.Series([getattr(reason, field) for reason in law.reasons.values()], dtype=pl.String)
    return pl.col("reason_code").replace_strict(
        list(law.reasons), values, default=None, return_dtype=pl.String
    )
