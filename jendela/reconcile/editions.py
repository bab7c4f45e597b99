"""Which letter replaced which, and which copies are one letter.

A correction or a withdrawal names the letter it is about: that version stands no more, whoever holds it, and
stays in the history. What a withdrawn correction had corrected stays replaced: the last word was a
withdrawal.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.numbers import plain_number
from jendela.reconcile.relation import near, same_firm

WITHDRAWAL = "WITHDRAWAL"
REVISIONS = ("CORRECTION", WITHDRAWAL)
KEY = "document"


def editions(letters: pl.DataFrame) -> pl.DataFrame:
    """The letters of known persons, every copy a row, with what became of it.

    Added: `number` and `replaces` (plain), `document` (equal for the copies of one letter of one person: by
    hash, else by number and kind), `replaced_by` and `replaced_how` (the record and kind of the last letter
    that names it; null while it stands).
    """
    numbered = letters.drop_nulls("person_id").with_columns(
        number=plain_number("letter_number"), replaces=plain_number("supersedes_number")
    )
    named = pl.when(pl.col("document_sha256").is_not_null()).then(
        pl.col("number").min().over("person_id", "document_sha256")
    )
    told = pl.coalesce(named, "number", "document_sha256", "record_id")
    keyed = numbered.with_columns(
        pl.concat_str("person_id", told, "letter_type", separator="\x1f").alias(KEY)
    )
    return keyed.join(_replaced(keyed), on="record_id", how="left")


def _replaced(letters: pl.DataFrame) -> pl.DataFrame:
    """`record_id, replaced_by, replaced_how` of the letters that a later one names."""
    revisions = letters.filter(
        pl.col("letter_type").is_in(REVISIONS) & pl.col("replaces").is_not_null()
    ).select(
        "person_id",
        "replaces",
        replaced_by="record_id",
        replaced_how="letter_type",
        its_document=KEY,
        its_firm="employer_id",
        its_date="letter_date",
        its_seq="first_seq",
    )
    pairs = letters.join(revisions, left_on=["person_id", "number"], right_on=["person_id", "replaces"])
    # A revision may keep the number of what it revises; its own copies it does not replace.
    pairs = pairs.filter(
        same_firm("employer_id", "its_firm")
        & (pl.col(KEY) != pl.col("its_document"))
        & (pl.col("letter_date") <= pl.col("its_date")).fill_null(value=True)
    )
    last = pairs.sort("its_date", "its_seq", "replaced_by", descending=[True, False, False], nulls_last=True)
    return last.unique("record_id", keep="first", maintain_order=True).select(
        "record_id", "replaced_by", "replaced_how"
    )


def history(letters: pl.DataFrame) -> pl.DataFrame:
    """Which letter replaced which, of the frame of `editions`, in order of time; one row a copy.

    `person_id, employer_id, record_id, letter_type, letter_number, letter_date, replaced_by, replaced_how`.
    """
    known = ("person_id", "employer_id", "record_id", "letter_type", "letter_number", "letter_date")
    order = ["person_id", "employer_id", "letter_date", "first_seq", "record_id"]
    return letters.sort(order).select(*known, "replaced_by", "replaced_how")


def documents(letters: pl.DataFrame) -> pl.DataFrame:
    """One row a letter and person: its best copy, of the frame of `editions`.

    Best is one whose electronic signature verifies, else one at a labour office (the tembusan), else the one
    known first. `anchor` is the record of the letter that was known first: what ids are made of, so that a
    better copy that comes later changes none.
    """
    first = letters.sort("first_seq", "record_id").unique(KEY, keep="first", maintain_order=True)
    signed = pl.col("signature_status").eq_missing("valid")
    order = [signed, pl.col("held_at").eq_missing("OFFICE"), pl.col("first_seq"), pl.col("record_id")]
    best = letters.sort(order, descending=[True, True, False, False])
    best = best.unique(KEY, keep="first", maintain_order=True)
    return best.join(first.select(KEY, anchor="record_id"), on=KEY)


def stands() -> pl.Expr:
    """True for a letter that nothing replaced and that withdraws nothing."""
    return pl.col("replaced_by").is_null() & (pl.col("letter_type") != WITHDRAWAL)


def replacement() -> pl.Expr:
    """In words, for the closing evidence, what replaced a letter; null while it stands."""
    return pl.format("replaced by a letter that names it ({}), record {}", "replaced_how", "replaced_by")


def withdrawn(records: pl.DataFrame, letters: pl.DataFrame, date: str, days: int) -> pl.DataFrame:
    """`record_id, withdrawn_by` of the records whose termination the employer took back.

    Args:
        records: `record_id, person_id, employer_id`, `date`, and `number`, the plain number of the letter
            that it names (or null).
        letters: the frame of `editions`.
        date: the column of the day on which the employment ends.
        days: how far apart two dates of one termination may be.

    Taken back: a withdrawal names the letter of the record, or is of those days, and no other letter of that
    person and employer about those days stands.
    """
    ends = (pl.col("letter_type") == WITHDRAWAL) & pl.col("replaced_by").is_null()
    concerned = letters.join(letters.filter(ends), on="person_id", how="semi")
    told = concerned.select(
        "person_id",
        its_record="record_id",
        its_firm="employer_id",
        its_number="number",
        its_date="effective_date",
        its_seq="first_seq",
        names="replaces",
        ends=ends,
        alive=stands(),
    )
    pairs = records.select("record_id", "person_id", "employer_id", "number", date).join(told, on="person_id")
    pairs = pairs.filter(same_firm("employer_id", "its_firm"))
    dated = near(date, "its_date", days).fill_null(value=False)
    own = (pl.col("number") == pl.col("its_number")).fill_null(value=False)
    named = (pl.col("number") == pl.col("names")).fill_null(value=False)
    alive = pairs.filter(pl.col("alive") & (dated | own)).select("record_id")
    over = pairs.filter(pl.col("ends") & (dated | named)).sort("its_seq", "its_record")
    over = over.unique("record_id", keep="first", maintain_order=True).join(alive, on="record_id", how="anti")
    return over.select("record_id", withdrawn_by="its_record")
