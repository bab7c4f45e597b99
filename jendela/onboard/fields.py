"""Which column is which field: every pair weighed by its name and its values, the surest first. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from jendela.contracts.codes import CodeList
from jendela.contracts.odcs import Contract, Field
from jendela.model.describing import TIMESTAMP, SourceColumn, SourceTable
from jendela.onboard.draft import LOW, TOLD, Answers, FieldDraft, Join, Origin, Reason
from jendela.onboard.fit import SPEAKING, Fit, fit
from jendela.onboard.names import Names
from jendela.onboard.profile import Profile

CLEAR = 0.9  # of a joined table only what is called clearly so
NAMED = 0.55  # how far a name must say it, unless the values speak for themselves
REFUSED = 0.3  # values that fit no better contradict the name
JOINED = 0.03  # what a column of a joined table is less sure by
GIVEN = (("first", "name"), ("nama", "depan"), ("given", "name"), ("forename",))
MIDDLE = (("middle", "name"), ("nama", "tengah"))
FAMILY = (("last", "name"), ("nama", "belakang"), ("family", "name"), ("surname",))

Compute = Callable[[Sequence[str]], str | None]


@dataclass(frozen=True)
class Sight:
    """All that is known of one source when its fields are proposed: agreements, words, samples, SQL."""

    contracts: Mapping[str, Contract]
    codes: Mapping[str, CodeList]
    names: Names
    profiles: Callable[[SourceTable], Mapping[str, Profile]]
    labels: Callable[[SourceTable, str], Mapping[str, str]]
    together: Compute
    day_of: Callable[[str], str | None]


@dataclass(frozen=True)
class Place:
    """A table as it stands in a feed's query."""

    table: SourceTable
    alias: str
    joined: Join | None = None


@dataclass(frozen=True)
class _Candidate:
    field: Field
    place: Place
    column: SourceColumn
    fit: Fit
    likeness: float
    confidence: float
    explained: bool = False  # its comment says it, and not its name


def assign(entity: str, places: Sequence[Place], sight: Sight, answers: Answers) -> dict[str, FieldDraft]:
    """The fields of an entity that have a source, each from one column, the surest pair first."""
    contract = sight.contracts[entity]
    found = [
        candidate
        for field in contract.fields
        if answers.constant(entity, field) is None and not answers.is_absent(entity, field.name)
        for place in places
        for column in place.table.columns
        if (candidate := _weighed(entity, field, place, column, sight, answers)) is not None
    ]
    found.sort(key=lambda one: (-one.confidence, one.place.joined is not None, -one.likeness, one.field.name))
    taken: set[tuple[str, str]] = set()
    made: dict[str, FieldDraft] = {}
    for one in found:
        place = (one.place.table.name, one.column.name)
        told = one.confidence == TOLD
        if one.confidence < LOW or one.field.name in made or (place in taken and not told):
            continue
        draft = _drafted(one, places, sight)
        if draft is None:
            continue
        made[one.field.name] = draft
        if not told:  # a person may say that one column is two things
            taken.add(place)
    name = made.get("full_name")
    if "full_name" in contract.by_name and (name is None or name.confidence < TOLD):
        composed = _composed(places, sight)
        if composed is not None and (name is None or _is_part(name, sight)):
            made["full_name"] = composed
    return made


def nearest(
    entity: str, field: Field, places: Sequence[Place], sight: Sight
) -> tuple[SourceColumn, Fit] | None:
    """The column that is called like a field whose values say otherwise, if there is one."""
    best: tuple[float, SourceColumn, Fit] | None = None
    for place in places:
        for column in place.table.columns:
            words = sight.names.vocabulary.of(entity, field.name)
            if words is None:
                continue
            likeness = sight.names.likeness(words, column.name, place.table.name, column.comment)
            if likeness >= 0.8 and (best is None or likeness > best[0]):
                found = _fit(entity, field, place, column, sight)
                if found is not None and found.score is not None and found.score < LOW:
                    best = (likeness, column, found)
    return (best[1], best[2]) if best else None


def _fit(entity: str, field: Field, place: Place, column: SourceColumn, sight: Sight) -> Fit | None:
    words = sight.names.vocabulary.of(entity, field.name)
    seen = sight.profiles(place.table).get(column.name)
    if words is None or seen is None:
        return None
    known = sight.codes.get(field.codes) if field.codes else None
    labels = sight.labels(place.table, column.name) if field.type == "code" else {}
    return fit(words.value, field, column, seen, known, sight.names.vocabulary, labels)


def _weighed(
    entity: str, field: Field, place: Place, column: SourceColumn, sight: Sight, answers: Answers
) -> _Candidate | None:
    words = sight.names.vocabulary.of(entity, field.name)
    if words is None:
        return None
    told = answers.source(entity, field.name)
    if told is not None:
        if told not in (column.name, f"{place.table.name}.{column.name}"):
            return None
        found = _fit(entity, field, place, column, sight)
        return None if found is None else _Candidate(field, place, column, found, 1.0, TOLD)
    likeness = sight.names.likeness(words, column.name, place.table.name, column.comment)
    about = sight.names.contexts(place.table.name)
    foreign = bool(words.context and about and words.context not in about)
    if likeness < NAMED and (
        foreign or words.value not in SPEAKING or sight.names.about_another(column.name)
    ):
        return None
    if place.joined is not None and likeness < CLEAR and (not words.context or words.context not in about):
        return None
    found = _fit(entity, field, place, column, sight)
    if found is None:
        return None
    named = sight.names.likeness(words, column.name, place.table.name)
    sure = _confidence(words.value, likeness, found, place)
    return _Candidate(field, place, column, found, likeness, sure, explained=named < likeness)


def _confidence(value: str, likeness: float, found: Fit, place: Place) -> float:
    penalty = JOINED if place.joined else 0.0
    if found.score is None:
        return round((0.6 if found.guessed else 0.75) * likeness - penalty, 2) if likeness >= NAMED else 0.0
    if likeness < NAMED:
        speaking = SPEAKING.get(value, 0.0) if found.score >= 0.8 else 0.0
        return round(speaking * found.score - penalty, 2)
    if found.score <= REFUSED:
        return round(0.4 * likeness, 2)
    return round(min(0.6 * likeness + 0.4 * found.score, 0.99) - penalty, 2)


def _drafted(one: _Candidate, places: Sequence[Place], sight: Sight) -> FieldDraft | None:
    written = f"{one.place.alias}.{one.column.written}"
    origin = _origin(one.place, one.column, places, written)
    reasons = [*_named(one), *one.fit.reasons]
    if one.fit.whole_day:
        day = sight.day_of(written)
        if day is None:
            return None
        alias = one.column.name if one.column.kind != TIMESTAMP else f"{_plain(one.column.name)}_hari"
        origin = replace(origin, alias=_plain(alias), expression=day, computed=True)
        reasons.append(Reason("why.day"))
    if one.place.joined is not None:
        on = ", ".join(own for own, _ in one.place.joined.pairs)
        key = "why.joined" if one.place.joined.declared else "why.joined_guess"
        reasons.append(Reason(key, {"table": one.place.table.name, "columns": on}))
    return FieldDraft(
        field=one.field.name,
        origin=origin,
        via=one.fit.via,
        confidence=one.confidence,
        reasons=tuple(reasons),
        codes=one.fit.codes,
        asked=one.fit.asked,
        table=one.place.table.name,
    )


def _named(one: _Candidate) -> list[Reason]:
    values = {"column": one.column.name, "field": one.field.name}
    if one.confidence == TOLD:
        return [Reason("why.told")]
    if one.likeness >= 0.9:
        return [Reason("why.name", values)]
    if one.explained:
        return [Reason("why.comment", values)]
    return [Reason("why.part", values)] if one.likeness >= NAMED else [Reason("why.values_only", values)]


def _origin(place: Place, column: SourceColumn, places: Sequence[Place], written: str) -> Origin:
    twice = sum(
        item.name.lower() == column.name.lower() for one in places for item in one.table.columns
    ) > 1  # fmt: skip
    alias = column.name
    if place.table.path is None:
        alias = _plain(f"{place.table.name}_{column.name}" if twice and place.joined else column.name)
    return Origin(alias, ((place.table.name, column.name),), written)


def _plain(name: str) -> str:
    made = re.sub(r"\W+", "_", name).strip("_")
    return made if made[:1].isalpha() else f"k_{made}"


def _composed(places: Sequence[Place], sight: Sight) -> FieldDraft | None:
    """A name that is kept in parts."""
    for place in places:
        parts = [_part(place.table, kinds, sight) for kinds in (GIVEN, MIDDLE, FAMILY)]
        given, _, family = parts
        if given is None or family is None:
            continue
        columns = [part for part in parts if part is not None]
        expression = sight.together([f"{place.alias}.{column.written}" for column in columns])
        if expression is None:
            return None
        origin = Origin(
            "nama_lengkap",
            tuple((place.table.name, column.name) for column in columns),
            expression,
            computed=True,
        )
        named = ", ".join(column.name for column in columns)
        confidence = 0.9 if place.joined is None else 0.87
        return FieldDraft(
            "full_name", origin, ("trim",), confidence, (Reason("why.together", {"columns": named}),),
            table=place.table.name,
        )  # fmt: skip
    return None


def _part(table: SourceTable, kinds: Sequence[tuple[str, ...]], sight: Sight) -> SourceColumn | None:
    for column in table.columns:
        if sight.names.about_another(column.name):
            continue
        told = (sight.names.tokens(column.name), sight.names.tokens(column.comment))
        if any(set(kind) <= set(tokens) for kind in kinds for tokens in told):
            return column
    return None


def _is_part(draft: FieldDraft, sight: Sight) -> bool:
    column = draft.origin.columns[0][1] if draft.origin else ""
    tokens = set(sight.names.tokens(column))
    return draft.confidence < 0.85 or any(set(kind) <= tokens for kind in (*GIVEN, *MIDDLE, *FAMILY))
