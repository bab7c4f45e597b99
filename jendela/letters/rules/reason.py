"""The reason and what must agree with it: article, initiator, kind of letter, fixed term.

L-01, L-02, L-17, L-21 to L-24, L-26.
"""

from __future__ import annotations

import re

import polars as pl

from jendela.law import Law
from jendela.law.reasons import codes_where
from jendela.letters.rules.context import DATE, ENDS, INITIATOR, LEGAL, LIVE, NOTICES, REVISIONS
from jendela.letters.rules.evaluate import Check
from jendela.letters.rules.wording import day

LIVING, KNOWN = pl.col(LIVE), pl.col(LEGAL)
REASON = pl.col("reason_code")
END = pl.col("contract_end_date")
CITED = r"(?:PS|PSL|PASAL)\.?\s*"
PP35 = "35/2021"


def checks(law: Law) -> dict[str, Check]:
    """Those of the reason by itself and of what is said beside it."""
    return _reason(law) | _fixed_term(law) | _beside(law)


def _reason(law: Law) -> dict[str, Check]:
    """PP 35/2021 Pasal 36, 37(2): a reason of the regime of the effective date, and one that is primary."""
    stated = pl.col("reason_codes")
    unmapped = law.readings.let01.unknown_reasons
    known = list(law.reasons)
    strange = stated.list.set_difference(known).list.len() > 0
    held = law.parameters.is_held("reason", REASON, DATE)
    return {
        "L-17": Check(
            ~KNOWN & DATE.is_not_null(), {"first": day(pl.lit(law.parameters.first_day("reason")))}
        ),
        "L-01.unknown": Check(strange.fill_null(value=False) | ~REASON.is_in(known)),
        "L-01.invalid": Check(LIVING & KNOWN & ~held & REASON.is_in(known) & ~REASON.is_in(unmapped)),
        "L-01.unmapped": Check(LIVING & REASON.is_in(unmapped)),
        "L-24.none": Check(LIVING & REASON.is_null() & (stated.list.len().fill_null(0) == 0)),
        "L-24.primary": Check(LIVING & REASON.is_null() & (stated.list.len() > 1)),
    }


def _fixed_term(law: Law) -> dict[str, Check]:
    """UU 13/2003 Pasal 61, PP 35/2021 Pasal 15-17: how a fixed term ends."""
    tolerance = pl.duration(days=law.readings.letters.contract_end_days)
    fixed = LIVING & (pl.col("contract_type") == "PKWT")
    at_end, early = pl.col(ENDS) == "at_end", pl.col(ENDS) == "early"
    of_fixed_terms = REASON.is_in(
        codes_where(law.reasons.values(), fixed_term="at_end")
        + codes_where(law.reasons.values(), fixed_term="early")
    )
    dates = {"end": day(END), "effective": day(DATE)}
    return {
        "L-02.end_date": Check(fixed & END.is_null()),
        "L-02.at_end": Check(LIVING & at_end & ((END - tolerance > DATE) | (END + tolerance < DATE)), dates),
        "L-02.early": Check(fixed & (pl.col(ENDS) == "no") & (END - tolerance > DATE), dates),
        "L-02.not_early": Check(LIVING & early & (DATE >= END), dates),
        "L-02.permanent": Check(
            LIVING & of_fixed_terms & pl.col("contract_type").is_in(["PKWTT", "PROBATION"])
        ),
    }


def _beside(law: Law) -> dict[str, Check]:
    kind = pl.col("letter_type")
    fits = [
        (kind == name)
        & REASON.is_in([code for code, reason in law.reasons.items() if name in reason.letter_types])
        for name in sorted({name for reason in law.reasons.values() for name in reason.letter_types})
    ]
    typed = REASON.is_in([code for code, reason in law.reasons.items() if reason.letter_types])
    misfit = typed & ~pl.any_horizontal(fits) & ~kind.is_in(REVISIONS)
    initiator = pl.col("initiated_by")
    return {
        "L-21": Check(LIVING & _cites_another(law)),
        "L-22": Check(LIVING & (initiator != pl.col(INITIATOR))),
        "L-23": Check(kind.is_in(REVISIONS) & pl.col("supersedes_number").is_null()),
        "L-26.statement": Check(misfit & ~kind.is_in(NOTICES)),
        "L-26.notice": Check(misfit & kind.is_in(NOTICES)),
    }


def _cites_another(law: Law) -> pl.Expr:
    """Whether the article cited is one of PP 35/2021 and not that of the reason.

    Only citations of PP 35/2021 are judged: UU 13/2003 Pasal 154A lists the same reasons in another order. An
    article without its paragraph is enough.
    """
    cited = pl.col("reason_article").str.to_uppercase()
    articles = {code: _of_pp35(reason.article) for code, reason in law.reasons.items()}
    expected = {code: found for code, found in articles.items() if found}

    def of(part: int) -> pl.Expr:
        values = pl.Series([found[part] for found in expected.values()], dtype=pl.String)
        return REASON.replace_strict(list(expected), values, default=None, return_dtype=pl.String)

    article = cited.str.extract(CITED + r"(\d+)")
    paragraph = cited.str.extract(CITED + r"\d+\s*(?:AYAT\s*)?\(\s*(\d+)\s*\)")
    another = (article != of(0)).fill_null(value=False) | (paragraph != of(1)).fill_null(value=False)
    return cited.str.contains(PP35, literal=True) & of(0).is_not_null() & another


def _of_pp35(article: str | None) -> tuple[str, str | None] | None:
    """The number and paragraph of an article of PP 35/2021 in our own list: ("43", "2")."""
    found = re.search(r"PP 35/2021 Pasal (\d+)(?:\((\d+)\))?", article or "")
    return (found[1], found[2]) if found else None
