"""LET-03 and LET-04: a letter that stands says itself that the law was not kept.

Rules L-03 and L-06, by the law of the effective date. Source: PP 35/2021 Pasal 15-17, 37(3)-(4) and 40-59.
"""

from __future__ import annotations

import polars as pl

from jendela.law.severance import WEEK, severance_minimum
from jendela.letters.frame import LETTERS
from jendela.letters.rules.context import of_reason
from jendela.letters.rules.evaluate import complete
from jendela.letters.rules.notice import by_week
from jendela.reconcile.editions import replacement, stands
from jendela.reconcile.finding import cases, fields, measure, side
from jendela.reconcile.known import Known
from jendela.reconcile.lawful import broken
from jendela.reconcile.relation import near, same_firm

NOTICE = ("notice_delivered_date", "effective_date")
AMOUNTS = {
    "L-06.severance": ("severance_amount", "severance_minimum"),
    "L-06.upmk": ("upmk_amount", "upmk_minimum"),
    "L-06.pkwt": ("pkwt_compensation", "pkwt_minimum"),
}
SETTLEMENTS = ("E2a", "E2b")


def find(known: Known) -> pl.DataFrame:
    """The cases of both codes."""
    return pl.concat([short_notice(known), below_minimum(known)])


def short_notice(known: Known) -> pl.DataFrame:
    """LET-03: fewer working days between the notice and the effective date than the reason needs.

    One case per letter. A warning where only holidays that are not decided yet make it too short.
    """
    types = known.law.readings.let03.letter_types
    letters = known.documents.filter(pl.col("letter_type").is_in(types))
    short = broken(letters, known, "L-03.short", "L-03.short_provisional")
    asked = letters.join(short, on="record_id", how="left")
    asked = complete(asked, {WEEK: pl.Int64()}).with_columns(earliest=_earliest(known))
    provisional = pl.col("checks").list.contains("L-03.short_provisional")
    ended = pl.col("effective_date")
    names, values = fields(NOTICE)
    return cases(
        "LET-03",
        asked.with_columns(
            found=pl.col("checks").is_not_null() & stands(),
            may_open=True,
            severity=pl.when(provisional).then(pl.lit("warn")).otherwise(pl.lit("high")),
            regime=known.law.parameters.regime("notice.working_days", ended),
            office="competent_office",
            side_a=side("office", "feed", "record_id", names, values, pl.col("as_of")),
            side_b=measure("notice.working_days", ended, "effective_date", pl.col("earliest"), known),
            closing=pl.coalesce(replacement(), pl.lit("the notice is long enough")),
        ),
        ["anchor"],
    )


def _earliest(known: Known) -> pl.Expr:
    """The first effective date for which the notice would have been long enough."""
    ended, delivered = pl.col("effective_date"), pl.col("notice_delivered_date")
    probation = (pl.col("contract_type") == "PROBATION").fill_null(value=False) | (
        of_reason(known.law, "notice") == "probation"
    )
    needed = (
        pl.when(probation)
        .then(known.law.held("notice.probation_working_days", ended))
        .otherwise(known.law.held("notice.working_days", ended))
    )
    return by_week(known.law, lambda calendar: calendar.after_at_least(delivered, needed))


def below_minimum(known: Known) -> pl.DataFrame:
    """LET-04: an amount that the letter states is below the minimum of the law.

    One case per letter. Not judged: an amount that this copy does not state, and an enterprise of unknown
    size, for in micro and small ones amounts are agreed (Pasal 59). Where the office knows of a settlement
    agreement it is noted only; where there is no competent office to know of one, a warning.
    """
    types = known.law.readings.let04.letter_types
    letters = known.documents.filter(pl.col("letter_type").is_in(types))
    letters = _with_size(letters, known).drop_nulls("enterprise_size")
    low = broken(letters, known, *AMOUNTS).explode("checks")
    stated = letters.unpivot([amount for amount, _ in AMOUNTS.values()], index="record_id").drop_nulls(
        "value"
    )
    named = pl.col("checks").replace_strict({check: amount for check, (amount, _) in AMOUNTS.items()})
    low = low.with_columns(variable=named).join(stated, on=["record_id", "variable"], how="semi")
    low = low.group_by("record_id").agg(low="variable")
    asked = letters.join(low, on="record_id", how="left").join(
        _settled(letters, known), on="record_id", how="left"
    )
    asked = severance_minimum(complete(asked, LETTERS), known.law)
    office = pl.col("competent_office")
    regime = known.law.parameters.regime("severance.months", pl.col("effective_date"))
    minimum = dict(AMOUNTS.values())
    names, values = fields(list(minimum), only="low")
    as_law = asked.with_columns(pl.col(least).alias(f"{amount}_by_law") for amount, least in minimum.items())
    _, least = fields(list(minimum), only="low", suffix="_by_law")
    heard = known.was_heard(office, "termination_case")
    return cases(
        "LET-04",
        as_law.with_columns(
            found=pl.col("low").is_not_null() & stands(),
            may_open=heard | office.is_null(),
            severity=pl.when(pl.col("settlement").is_not_null())
            .then(pl.lit("info"))
            .when(office.is_null())
            .then(pl.lit("warn"))
            .otherwise(pl.lit("high")),
            regime=regime,
            office=office,
            side_a=side("office", "feed", "record_id", names, values, pl.col("as_of")),
            side_b=side(regime, None, None, names, least, pl.lit(known.day)),
            closing=pl.coalesce(replacement(), pl.lit("the amounts are not below the minimum")),
        ),
        ["anchor"],
    )


def _with_size(letters: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The letters with the enterprise's size and the worker's citizenship; what one does not say, as others
    know it.

    Of several sizes that are known the smallest counts: a doubt accuses nobody.
    """
    order = {"MIKRO": 0, "KECIL": 1, "MENENGAH": 2, "BESAR": 3}
    sizes = known.records["employer"].drop_nulls(["employer_id", "enterprise_size"])
    rank = pl.col("enterprise_size").replace_strict(order, default=len(order))
    sizes = sizes.sort(rank, "record_id").unique("employer_id", keep="first", maintain_order=True)
    people = known.records["employment"].drop_nulls(["person_id", "citizenship"])
    people = people.sort("first_seq", "record_id").unique("person_id", keep="first", maintain_order=True)
    told = letters.join(sizes.select("employer_id", size="enterprise_size"), on="employer_id", how="left")
    told = told.join(people.select("person_id", nation="citizenship"), on="person_id", how="left")
    return told.with_columns(
        enterprise_size=pl.coalesce("enterprise_size", "size"),
        citizenship=pl.coalesce("citizenship", "nation"),
    ).drop("size", "nation")


def _settled(letters: pl.DataFrame, known: Known) -> pl.DataFrame:
    """`record_id, settlement` of the letters about which an office knows one: the record of its report."""
    agreed = (
        pl.col("pb_number").is_not_null()
        | pl.col("pb_date").is_not_null()
        | pl.col("evidence_kind").is_in(SETTLEMENTS).fill_null(value=False)
    )
    told = known.reports.filter(agreed).select(
        "person_id",
        settlement="record_id",
        its_firm="employer_id",
        its_number="number",
        its_date="effective_date",
    )
    pairs = letters.select("record_id", "person_id", "employer_id", "number", "effective_date").join(
        told, on="person_id"
    )
    days = known.law.readings.facts.spell_end_days
    same = (pl.col("number") == pl.col("its_number")).fill_null(value=False) | near(
        "effective_date", "its_date", days
    ).fill_null(value=True)
    found = pairs.filter(same & same_firm("employer_id", "its_firm")).sort("settlement")
    return found.unique("record_id", keep="first", maintain_order=True).select("record_id", "settlement")
