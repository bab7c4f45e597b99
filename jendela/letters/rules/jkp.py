"""The indicator of the job-loss programme: what a letter says for and against it, never a decision.

PP 37/2021 as amended by PP 6/2025: Pasal 4 (participants), 19 (contributions), 20 (excluded reasons),
40 (claim). BPJS decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from jendela.contracts.messages import Messages, load_messages
from jendela.law import Law
from jendela.law.spans import completed_years
from jendela.letters.rules.context import DATE, LIVE, prepared
from jendela.letters.rules.wording import Words, day, filled, number

REASON_TYPE = pl.Struct({"key": pl.String(), "id": pl.String(), "en": pl.String()})
JKP: dict[str, pl.DataType] = {
    "file": pl.String(),
    "index": pl.Int64(),
    "jkp": pl.String(),
    "jkp_reasons": pl.List(REASON_TYPE),
}
YES, CONDITIONAL, RULING, NO = range(4)
OUTCOMES = ("yes", "conditional", "needs_ruling", "no")
OF_REASON = {"Y": YES, "C": CONDITIONAL, "R": RULING, "N": NO}
LISTS = pl.List(pl.String())


@dataclass(frozen=True)
class _Finding:
    """Something said of a letter: how far it reaches, when it is said, with which values."""

    key: str
    outcome: int
    said: pl.Expr
    values: Mapping[str, Words] = field(default_factory=dict)


def jkp(letters: pl.DataFrame, law: Law, messages: Messages | None = None) -> pl.DataFrame:
    """What every letter says about the job-loss programme, by the law of its effective date.

    Args:
        letters: as for `judge`.
        law: the law.
        messages: the catalogue of texts, by default the installed one.

    Returns:
        One row a worker in the order of the letters: file, index, jkp and jkp_reasons (key, id, en). `no`:
        the law excludes it; `needs_ruling`: an agency must rule on the reason; `conditional`: a fact decides
        that the letter does not show; `yes`: nothing in the letter speaks against it. The last reason always
        says that this is an indicator and no decision.
    """
    texts = messages if messages is not None else load_messages()
    frame = prepared(letters, law).with_row_index("_row")
    found = [*_of_reasons(law), *_of_facts(law), *_always(law)]
    said = frame.select(
        finding.said.fill_null(value=False).alias(str(place)) for place, finding in enumerate(found)
    )
    told = pl.concat(
        _told(frame.filter(said[str(place)]), place, finding, texts) for place, finding in enumerate(found)
    )
    reasons = told.sort("_row", "_place").group_by("_row", maintain_order=True)
    summed = reasons.agg(pl.col("_outcome").max(), jkp_reasons=pl.struct("key", "id", "en"))
    outcome = pl.col("_outcome").replace_strict(
        list(range(len(OUTCOMES))), list(OUTCOMES), return_dtype=pl.String
    )
    result = frame.select("_row", "file", "index").join(summed, on="_row", how="left").sort("_row")
    return result.select("file", "index", jkp=outcome, jkp_reasons="jkp_reasons")


def _told(frame: pl.DataFrame, place: int, finding: _Finding, texts: Messages) -> pl.DataFrame:
    """The finding in words for every letter of which it is said."""
    text = texts.text(finding.key)
    return frame.select(
        "_row",
        _place=pl.lit(place),
        _outcome=pl.lit(finding.outcome),
        key=pl.lit(finding.key),
        id=filled(text.id, {name: words.id for name, words in finding.values.items()}),
        en=filled(text.en, {name: words.en for name, words in finding.values.items()}),
    )


def _of_reasons(law: Law) -> Iterator[_Finding]:
    """What the list of reasons says, by its notes, and what is said of a reason it does not have."""
    code = pl.col("reason_code")
    notes: dict[tuple[str, str], list[str]] = {}
    for reason in law.reasons.values():
        notes.setdefault((reason.jkp_note, reason.jkp), []).append(reason.code)
    for (note, indicator), codes in notes.items():
        said = pl.col(LIVE) & code.is_in(codes)
        yield _Finding(f"letter.jkp.reason.{note}", OF_REASON[indicator], said)
    strange = pl.col(LIVE) & ~code.is_in(list(law.reasons)).fill_null(value=False)
    yield _Finding("letter.jkp.reason.none", RULING, strange)


def _of_facts(law: Law) -> Iterator[_Finding]:
    """Pasal 4: citizenship, age when registered, programmes; and whether the law was there."""
    start = law.parameters.first_day("jkp")
    citizen, kind = pl.col("citizenship"), pl.col("contract_type")
    age, limit = completed_years(pl.col("birth_date"), DATE), law.held("jkp.registration_age_below", DATE)
    size = pl.col("enterprise_size")
    required = law.parameters.mapped("jkp.programmes_required", size, DATE, LISTS)
    mandatory = law.parameters.mapped("programmes.mandatory", size, DATE, LISTS)
    lacking = required.list.set_difference(mandatory).list.len() > 0
    live, in_force = pl.col(LIVE), start <= DATE
    yield _Finding("letter.jkp.withdrawn", NO, ~live)
    yield _Finding("letter.jkp.before", NO, ~in_force, {"start": day(pl.lit(start))})
    yield _Finding("letter.jkp.no_date", CONDITIONAL, live & DATE.is_null())
    yield _Finding("letter.jkp.foreigner", NO, citizen != law.held("jkp.citizenship", DATE))
    yield _Finding("letter.jkp.citizenship", CONDITIONAL, live & citizen.is_null())
    yield _Finding("letter.jkp.age", CONDITIONAL, live & (age >= limit), {"limit": number(limit)})
    yield _Finding("letter.jkp.birth_date", CONDITIONAL, live & pl.col("birth_date").is_null())
    yield _Finding("letter.jkp.programmes", CONDITIONAL, live & lacking)
    yield _Finding("letter.jkp.apprentice", CONDITIONAL, live & (kind == "PEMAGANGAN"))


def _always(law: Law) -> Iterator[_Finding]:
    months, window = law.held("jkp.qualifying_months", DATE), law.held("jkp.qualifying_window_months", DATE)
    claim = DATE.dt.offset_by(pl.format("{}mo", law.held("jkp.claim_months", DATE)))
    values = {"months": number(months), "window": number(window), "latest": day(claim)}
    yield _Finding("letter.jkp.not_in_letter", YES, pl.col(LIVE) & months.is_not_null(), values)
    yield _Finding("letter.jkp.indicator", YES, pl.lit(value=True))
