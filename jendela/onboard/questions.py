"""What a proposal lacks, and what nobody but the agency can say. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from jendela.contracts.odcs import Contract, Field
from jendela.model.describing import SourceTable
from jendela.onboard.draft import Answers, FeedDraft, Question, Reason, may_be_constant
from jendela.onboard.fields import NAMED, Place, Sight, nearest

NEVER_KEPT = {  # made by `keyed` and `alike`, by hand
    "account_reference",
    "holder_likeness",
    "card_reference",
    "card_merged_into",
}
KNOWN_BY = ("nik", "kpj", "birth_date")  # without one of them a name alone would have to be a person
LANDED = {"document_sha256", "signature_status", "letter_sha256"}


def questioned(draft: FeedDraft, places: Sequence[Place], sight: Sight, answers: Answers) -> FeedDraft:
    """What is absent and why, and what nobody but the agency can say."""
    contract = sight.contracts[draft.entity]
    absent: dict[str, Reason] = {}
    asked: list[Question] = []
    for field in contract.fields:
        if field.name in draft.fields:
            continue
        if reaches(field):
            if field.required:
                reason = Reason("ask.reach", {"field": field.name, "refers": str(field.refers_to)})
                by_hand = "refers: <feed>, key: [<column>]"
                asked.append(Question(draft.feed, draft.entity, field.name, reason, by_hand))
            else:
                absent[field.name] = Reason("absent.reach")
            continue
        near = nearest(draft.entity, field, places, sight)
        if field.required:
            asked.append(_missing(draft, field))
        elif answers.is_absent(draft.entity, field.name):
            absent[field.name] = Reason("absent.told")
        elif (both := _placed(draft.entity, field, places, sight)) is not None:
            absent[field.name] = Reason("absent.placed", {"column": both})
        elif near is not None:
            absent[field.name] = Reason("absent.near", {"column": near[0].name, "field": field.name})
        elif field.name in LANDED:
            absent[field.name] = Reason("absent.landed")
        else:
            absent[field.name] = Reason("absent.none", {"table": ", ".join(parts_of(draft))})
    for rule in contract.rules:
        group = (rule.field, *rule.params.get("others", ()))
        if rule.kind == "any_of" and not any(name in draft.fields for name in group):
            named = {"fields": ", ".join(group), "rule": rule.rule}
            asked.append(
                Question(
                    draft.feed, draft.entity, rule.field, Reason("ask.any_of", named),
                    _options(draft.entity, contract.by_name[rule.field]),
                )
            )  # fmt: skip
    if _nobody(draft, contract, answers):
        known_by = Reason("ask.person", {"fields": ", ".join(KNOWN_BY)})
        answer = f"--from {draft.entity}.nik=TABLE.COLUMN | --absent nik"
        asked.append(Question(draft.feed, draft.entity, "nik", known_by, answer))
    for name, made in draft.fields.items():
        for code in made.asked if made.origin else ():
            table, column = made.origin.columns[0]  # type: ignore[union-attr]
            known = str(contract.by_name[name].codes)
            asked.append(
                Question(
                    draft.feed, draft.entity, name,
                    Reason("ask.code", {"code": code, "column": f"{table}.{column}", "list": known}),
                    f'--code "{column}:{code}=…"',
                )
            )  # fmt: skip
    if not draft.key:
        reason = Reason("ask.key", {"table": draft.table.name})
        asked.append(
            Question(draft.feed, draft.entity, "key", reason, f"--key {draft.table.name}=COLUMN,COLUMN")
        )
    for why in draft.extraction:
        if why.key == "key.seen":  # two rows of one key are one record: a sample cannot promise that
            values = {"table": draft.table.name, **why.values}
            answer = f'--key "{draft.table.name}={why.values["column"]}"'
            asked.append(Question(draft.feed, draft.entity, "key", Reason("ask.key_seen", values), answer))
    return draft.with_(absent=absent, questions=tuple(asked))


def _nobody(draft: FeedDraft, contract: Contract, answers: Answers) -> bool:
    """Whether people would come with a name alone, and nobody has said that it must be so."""
    told = answers.is_absent(draft.entity, "nik")
    return contract.has_person and not told and not any(name in draft.fields for name in KNOWN_BY)


def _placed(entity: str, field: Field, places: Sequence[Place], sight: Sight) -> str | None:
    """The column that holds the place of birth and the day in one text (`TTL`), for either of the two."""
    words = sight.names.vocabulary.of(entity, field.name)
    if words is None or field.name not in ("birth_date", "birth_place"):
        return None
    for place in places:
        for name, seen in sight.profiles(place.table).items():
            likely = sight.names.likeness(words, name, place.table.name) >= NAMED
            if likely and seen.share("placed") > 0.5:
                return name
    return None


def reaches(field: Field) -> bool:
    """Whether a field is made of more than a column: another record's id, or what must not be kept."""
    return bool(field.refers_to) or field.name in NEVER_KEPT


def parts_of(draft: FeedDraft) -> dict[str, SourceTable]:
    """The tables of a feed by name."""
    return {table.name: table for table in (draft.table, *(join.table for join in draft.joins))}


def _missing(draft: FeedDraft, field: Field) -> Question:
    reason = Reason("ask.required", {"field": field.name, "entity": draft.entity})
    return Question(draft.feed, draft.entity, field.name, reason, _options(draft.entity, field))


def _options(entity: str, field: Field) -> str:
    """How to answer: with a column, or with one value for all rows where a mapping can hold it."""
    column = f"--from {entity}.{field.name}=TABLE.COLUMN"
    return f"{column} | --set {entity}.{field.name}=…" if may_be_constant(field) else column
