"""From a source that describes itself to proposed feeds: which table is which entity, and how. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from jendela.contracts.codes import REGION, CodeList
from jendela.contracts.odcs import PERSON_BLOCK, Contract, Field
from jendela.model.describing import SourceTable
from jendela.onboard import extraction
from jendela.onboard.draft import Answers, FeedDraft, FieldDraft, Join, Origin, Question, Reason
from jendela.onboard.fields import Compute, Place, Sight, assign, nearest
from jendela.onboard.joins import joins_of, labels_of
from jendela.onboard.names import Names
from jendela.onboard.profile import Profile, profile
from jendela.onboard.words import Vocabulary

BORROWED = 0.5  # what a joined table says counts half: that table may be the entity itself
FITS = 0.55  # how far a table must look like an entity to be proposed as one
NEVER_KEPT = {  # made by `keyed` and `alike`, by hand
    "account_reference",
    "holder_likeness",
    "card_reference",
    "card_merged_into",
}
LETTER = "termination_letter"  # it is what it says: no register fills in what it does not
LANDED = {"document_sha256", "signature_status", "letter_sha256"}


@dataclass(frozen=True)
class Wanted:
    """What the office is: its id, the agency it belongs to, its region (of a Dinas), and what is asked for.

    `entities` and `tables`, where given, limit what is proposed; a table may carry the entity it is.
    """

    office: str
    agency: str
    region: str | None = None
    entities: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What was read of a source: its tables, a sample of each when asked, and what it can compute."""

    tables: Sequence[SourceTable]
    samples: Callable[[SourceTable], pl.DataFrame]
    together: Compute
    day_of: Callable[[str], str | None]
    labels: Mapping[tuple[str, str], Mapping[str, str]]


def propose(
    source: Source,
    contracts: Mapping[str, Contract],
    codes: Mapping[str, CodeList],
    vocabulary: Vocabulary,
    wanted: Wanted,
    answers: Answers,
) -> list[FeedDraft]:
    """The feeds that the source could be, one per entity, the surest first.

    A table is one entity: that whose required and own fields it has most of. Where tables or entities are
    asked for, they are proposed however badly they fit.
    """
    tables = {table.name: table for table in source.tables}
    regions = codes[REGION].codes if REGION in codes else frozenset()
    seen: dict[str, Mapping[str, Profile]] = {}

    def profiles(table: SourceTable) -> Mapping[str, Profile]:
        if table.name not in seen:
            rows = source.samples(table)
            seen[table.name] = {
                column.name: profile(column, rows[column.name], regions)
                for column in table.columns
                if column.name in rows.columns
            }
        return seen[table.name]

    def labels(table: SourceTable, column: str) -> Mapping[str, str]:
        return source.labels.get((table.name, column)) or labels_of(table, column, tables, source.samples)

    sight = Sight(
        contracts, codes, Names(vocabulary, list(tables)), profiles, labels, source.together, source.day_of
    )
    chosen = [tables[name] for name in wanted.tables] if wanted.tables else list(source.tables)
    entities = wanted.entities or tuple(contracts)
    drafts: list[FeedDraft] = []
    for table in chosen:
        likely = [entity for entity in entities if _worth(table, entity, sight, wanted)]
        if likely:
            joins = joins_of(table, tables, source.samples)
            options = [_draft(table, entity, joins, sight, wanted, answers) for entity in likely]
            drafts += [max(options, key=lambda draft: draft.score)] if wanted.tables else options
    asked = bool(wanted.tables)
    if not asked:
        drafts = _without_details(drafts)
    drafts.sort(key=lambda draft: (-draft.score, draft.table.name))
    return _distinct([draft for draft in drafts if asked or wanted.entities or draft.score >= FITS], asked)


def _without_details(drafts: Sequence[FeedDraft]) -> list[FeedDraft]:
    """The drafts without those of tables that only add to another: a worker's schools, licences, pictures.

    A table that looks more like the entity than what it joins is no detail of it: attendance beside trainees.
    """

    def own(draft: FeedDraft) -> int:
        return sum(
            made.table == draft.table.name and name not in PERSON_BLOCK for name, made in draft.fields.items()
        )

    heads = {(draft.table.name, draft.entity): draft for draft in drafts}

    def adds(draft: FeedDraft, head: FeedDraft | None) -> bool:
        return head is not None and own(head) >= own(draft) and head.score >= draft.score

    return [
        draft
        for draft in drafts
        if not any(adds(draft, heads.get((join.table.name, draft.entity))) for join in draft.joins)
    ]


def _distinct(drafts: Iterable[FeedDraft], asked: bool) -> list[FeedDraft]:
    """One feed per entity and one entity per table, the surest first; by table alone if they were named."""
    found: list[FeedDraft] = []
    taken: set[str] = set()
    for draft in drafts:
        mine = {f"table {draft.table.name}"} | (set() if asked else {f"entity {draft.entity}"})
        if taken.isdisjoint(mine):
            found.append(draft)
            taken |= mine
    return found


def _worth(table: SourceTable, entity: str, sight: Sight, wanted: Wanted) -> bool:
    """Whether the names alone make it worth reading a sample."""
    if wanted.tables:
        return True
    named = 0
    for field in sight.contracts[entity].fields:
        words = sight.names.vocabulary.of(entity, field.name)
        if words and any(
            sight.names.likeness(words, column.name, table.name) >= 0.7 for column in table.columns
        ):
            named += 1
    return named >= (2 if entity in sight.names.subjects(table.name) else 3)


def _draft(
    table: SourceTable, entity: str, joins: Sequence[Join], sight: Sight, wanted: Wanted, answers: Answers
) -> FeedDraft:
    feed = f"{wanted.office}.{feed_stem(table.name)}"
    if entity == LETTER:
        joins = ()
    places = [Place(table, "t"), *(Place(join.table, join.alias, join) for join in joins)]
    fields = assign(entity, places, sight, answers)
    fields |= _constants(entity, fields, sight.contracts[entity], wanted, answers)
    fields = {name: _answered(field, answers, sight) for name, field in fields.items()}
    used = [join for join in joins if any(f.table == join.table.name for f in fields.values())]
    draft = FeedDraft(
        feed=feed,
        table=table,
        entity=entity,
        score=_score(table, entity, fields, sight),
        why=_why(table, entity, fields, sight),
        fields={
            field.name: fields[field.name] for field in sight.contracts[entity].fields if field.name in fields
        },
        absent={},
        questions=(),
        joins=tuple(used),
        rows=next((seen.rows for seen in sight.profiles(table).values()), 0),
    )
    draft = _extracted(draft, sight, answers)
    return _questioned(draft, places, sight, answers)


def reaches(field: Field) -> bool:
    """Whether a field is made of more than a column: another record's id, or what must not be kept."""
    return bool(field.refers_to) or field.name in NEVER_KEPT


def feed_stem(table: str) -> str:
    """The name of a feed after its table or file: lower case, letters, digits and underscores."""
    stem = re.sub(r"\.(csv|txt|tsv|xlsx)$", "", table.rpartition("/")[2].lower())
    stem = re.sub(r"[^a-z0-9]+", "_", stem).strip("_")
    return stem if stem[:1].isalpha() else f"f_{stem}"


def _constants(
    entity: str, fields: Mapping[str, FieldDraft], contract: Contract, wanted: Wanted, answers: Answers
) -> dict[str, FieldDraft]:
    made = {}
    for field in contract.fields:
        told = None if reaches(field) else answers.value(entity, field.name)
        if told is not None:
            made[field.name] = FieldDraft(field.name, None, (), 1.0, (Reason("why.told"),), value=told)
        elif field.name in fields or answers.is_absent(entity, field.name):
            continue
        elif field.name in ("office_code", "workplace_region") and wanted.region and field.type == "code":
            if wanted.agency == "dinas":
                why = (Reason("why.region", {"region": wanted.region}),)
                made[field.name] = FieldDraft(field.name, None, (), 0.8, why, value=wanted.region)
        elif field.name == "held_at":
            holder = "BPJS" if wanted.agency == "bpjs" else "OFFICE"
            made[field.name] = FieldDraft(field.name, None, (), 0.8, (Reason("why.holder"),), value=holder)
    return made


def _answered(field: FieldDraft, answers: Answers, sight: Sight) -> FieldDraft:
    """The field with the codes that a person has translated."""
    if field.codes is None or field.origin is None:
        return field
    table, column = field.origin.columns[0]
    told = {
        code: target
        for code in (*field.codes, *field.asked)
        if (target := answers.code(table, column, code)) is not None
    }
    left = tuple(code for code in field.asked if code not in told)
    return FieldDraft(
        field.field, field.origin, field.via, field.confidence, field.reasons, {**field.codes, **told}, left,
        field.value, field.table,
    )  # fmt: skip


def _score(table: SourceTable, entity: str, fields: Mapping[str, FieldDraft], sight: Sight) -> float:
    """How far a table looks like an entity: what it must have, what only it has, and what it is called."""
    contract = sight.contracts[entity]
    must = [{field.name} for field in contract.fields if field.required and field.name != "held_at"]
    must += [
        {rule.field, *rule.params["others"]} for rule in contract.rules if rule.kind == "any_of"
    ]  # fmt: skip
    covered = sum(any(_sure(fields, name) for name in group) for group in must) / max(len(must), 1)
    rare = 0.0
    for name, field in fields.items():
        if field.origin is None or name in PERSON_BLOCK:
            continue
        others = sum(name in other.by_name for other in sight.contracts.values()) - 1
        rare += field.confidence / (1 + others) * (1.0 if field.table == table.name else BORROWED)
    called = sight.names.subjects(table.name).get(entity, 0.0)
    people = sum(
        1.0 if fields[name].table == table.name else BORROWED for name in PERSON_BLOCK if _sure(fields, name)
    )
    person = min(people / 3, 1.0) if contract.has_person else 1.0
    return round(0.3 * covered + 0.3 * min(rare / 2.5, 1.0) + 0.25 * called + 0.15 * person, 2)


def _sure(fields: Mapping[str, FieldDraft], name: str) -> bool:
    return name in fields and fields[name].origin is not None and fields[name].confidence >= 0.6


def _why(
    table: SourceTable, entity: str, fields: Mapping[str, FieldDraft], sight: Sight
) -> tuple[Reason, ...]:
    found = sum(field.origin is not None for field in fields.values())
    said = [Reason("table.fields", {"found": found, "all": len(sight.contracts[entity].fields)})]
    if entity in sight.names.subjects(table.name):
        said.insert(0, Reason("table.name", {"table": table.name}))
    return tuple(said)


def _extracted(draft: FeedDraft, sight: Sight, answers: Answers) -> FeedDraft:
    table = draft.table
    seen = {part.name: sight.profiles(part) for part in (table, *(join.table for join in draft.joins))}
    key, why_key = extraction.key_of(table, seen[table.name])
    if told := answers.keys.get(table.name) or answers.keys.get(""):
        key, why_key = told, Reason("why.told")
    mode, changed, why_mode = extraction.mode_of(table, draft.entity, draft.joins, seen, sight.names)
    origins: dict[str, Origin] = {}
    keys = []
    for name in key:
        written = f"t.{table.column(name).written}"
        origin = Origin(_alias(name, table), ((table.name, name),), written)
        origins[origin.alias] = origin
        keys.append(origin.alias)
    for field in draft.fields.values():
        if field.origin is not None:
            origins.setdefault(field.origin.alias, field.origin)
    watermark = None
    if mode != "snapshot" and changed:
        parts = {"t": table, **{join.alias: join.table for join in draft.joins}}
        marks = [f"{alias}.{parts[alias].column(name).written}" for alias, name in changed]
        alone = len(changed) == 1
        watermark = _alias(changed[0][1], table) if alone else extraction.WATERMARK
        origins.setdefault(
            watermark,
            Origin(
                watermark,
                tuple((parts[alias].name, name) for alias, name in changed),
                extraction.greatest(marks),
                computed=not alone,
            ),
        )
    ordered = tuple(origins.values())
    query = None if table.path is not None else extraction.query_of(table, ordered, draft.joins)
    labels = {
        field.origin.columns[0]: sight.labels(parts_of(draft)[field.table], field.origin.columns[0][1])
        for field in draft.fields.values()
        if field.codes is not None and field.origin is not None
    }
    return draft.with_(
        labels=labels, key=tuple(keys), mode=mode, watermark=watermark, origins=ordered, query=query,
        extraction=(why_key, why_mode),
    )  # fmt: skip


def parts_of(draft: FeedDraft) -> dict[str, SourceTable]:
    """The tables of a feed by name."""
    return {table.name: table for table in (draft.table, *(join.table for join in draft.joins))}


def _alias(name: str, table: SourceTable) -> str:
    if table.path is not None:
        return name
    made = re.sub(r"\W+", "_", name).strip("_")
    return made if made[:1].isalpha() else f"k_{made}"


def _questioned(draft: FeedDraft, places: Sequence[Place], sight: Sight, answers: Answers) -> FeedDraft:
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
            asked.append(_missing(draft, field.name, near is not None))
        elif answers.is_absent(draft.entity, field.name):
            absent[field.name] = Reason("absent.told")
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
                    f"--set {draft.entity}.{rule.field}=… | --from {draft.entity}.{rule.field}=TABLE.COLUMN",
                )
            )  # fmt: skip
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


def _missing(draft: FeedDraft, name: str, near: bool) -> Question:
    return Question(
        draft.feed,
        draft.entity,
        name,
        Reason("ask.required", {"field": name, "entity": draft.entity}),
        f"--from {draft.entity}.{name}=TABLE.COLUMN | --set {draft.entity}.{name}=…",
    )
