"""From a source that describes itself to proposed feeds: which table is which entity, and how. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from jendela.contracts.codes import REGION, CodeList
from jendela.contracts.odcs import PERSON_BLOCK, Contract
from jendela.model.describing import SourceTable
from jendela.onboard import extraction
from jendela.onboard.draft import Answers, FeedDraft, FieldDraft, Join, Origin, Reason
from jendela.onboard.fields import Compute, Place, Sight, assign
from jendela.onboard.joins import joins_of, labels_of
from jendela.onboard.names import COMMENTED, Names
from jendela.onboard.profile import Profile, profile
from jendela.onboard.questions import parts_of, questioned, reaches
from jendela.onboard.score import score, why
from jendela.onboard.words import Vocabulary

FITS = 0.55  # how far a table must look like an entity to be proposed as one
LETTER = "termination_letter"  # it is what it says: no register fills in what it does not


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
            sight.names.likeness(words, column.name, table.name, column.comment) >= COMMENTED
            for column in table.columns
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
        score=score(table, entity, fields, sight),
        why=why(table, entity, fields, sight),
        fields={
            field.name: fields[field.name] for field in sight.contracts[entity].fields if field.name in fields
        },
        absent={},
        questions=(),
        joins=tuple(used),
        rows=next((seen.rows for seen in sight.profiles(table).values()), 0),
    )
    draft = _extracted(draft, sight, answers)
    return questioned(draft, places, sight, answers)


def feed_stem(table: str) -> str:
    """The name of a feed after its table or file: lower case, letters, digits and underscores."""
    stem = re.sub(r"\.(csv|txt|tsv|xlsx|xls|ods|parquet)\)?$", "", table.rpartition("/")[2].lower())
    stem = re.sub(r"[^a-z0-9]+", "_", stem).strip("_")
    return stem if stem[:1].isalpha() else f"f_{stem}"


def _constants(
    entity: str, fields: Mapping[str, FieldDraft], contract: Contract, wanted: Wanted, answers: Answers
) -> dict[str, FieldDraft]:
    made = {}
    for field in contract.fields:
        told = None if reaches(field) else answers.constant(entity, field)
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


def _alias(name: str, table: SourceTable) -> str:
    if table.path is not None:
        return name
    made = re.sub(r"\W+", "_", name).strip("_")
    return made if made[:1].isalpha() else f"k_{made}"
