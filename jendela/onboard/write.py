"""A proposal as files: `office.yaml`, the feeds, `dictionary.csv`, the sheet the agency reads. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from jendela.contracts.dictionary import HEADER
from jendela.model.describing import SourceTable
from jendela.onboard.draft import FeedDraft, FieldDraft, Origin
from jendela.onboard.wording import Wording

WIDTH = 118
_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_ .\-/]*[A-Za-z0-9_]$|^[A-Za-z_]$")
_RESERVED = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


@dataclass(frozen=True)
class OfficeDraft:
    """The office's own file, before it is written."""

    office: str
    name_id: str
    name_en: str
    zone: str
    region: str | None
    transport: str
    connection: str
    agency: str


def files_of(
    office: OfficeDraft, drafts: Sequence[FeedDraft], words: Mapping[str, Wording], lang: str
) -> dict[str, str]:
    """Every file of the folder by its name; `words` has both languages, `lang` is that of the comments."""
    made = {"office.yaml": office_yaml(office)}
    for draft in drafts:
        made[f"{draft.feed.split('.')[1]}.yaml"] = feed_yaml(draft, words[lang])
    made["dictionary.csv"] = dictionary_csv(drafts)
    made["review.md"] = review_sheet(office, drafts, words)
    return made


def office_yaml(office: OfficeDraft) -> str:
    """`office.yaml`: it delivers nothing until the agency has agreed to be a recipient."""
    region = _scalar(office.region, quote=True) if office.region else "null"
    return "\n".join(
        (
            f"office: {office.office}",
            f"name_id: {_scalar(office.name_id)}",
            f"name_en: {_scalar(office.name_en)}",
            f"zone: {office.zone}",
            f"region: {region}",
            f"transport: {office.transport}",
            f"connection: {office.connection}",
            f"inbox: {{transport: {office.transport}, connection: {office.connection}_INBOX}}",
            "recipients: []",
            f"pool: agency_{office.agency}",
            "",
        )
    )


def feed_yaml(draft: FeedDraft, words: Wording) -> str:
    """The feed's file; every field has its confidence and reason as a comment above it."""
    lines = [
        *_comment(
            words.text("file.head", table=draft.table.name, entity=draft.entity, score=f"{draft.score:.2f}"),
            "",
        ),
        *_comment(words.all(draft.why), ""),
        *_comment(words.all(draft.extraction), ""),
        *(
            line
            for join in draft.joins
            for line in _comment(words.text("file.join", table=join.table.name), "")
        ),
        f"feed: {draft.feed}",
        f"mode: {draft.mode}",
    ]
    if draft.query is not None:
        lines += ["query: |", *(f"  {line}" for line in draft.query.splitlines())]
    if draft.table.path is not None:
        lines.append(f"path: {_scalar(draft.table.path)}")
    options = dict(draft.table.options)
    if draft.mode == "delta":
        options["ignore_in_hash"] = [draft.watermark]
    if options:
        lines.append(f"options: {_flow(options)}")
    lines.append(f"key: {_flow(list(draft.key))}")
    if draft.watermark:
        lines.append(f"watermark: {_scalar(draft.watermark)}")
    lines.append("columns:")
    lines += [f"  {_scalar(origin.alias)}: {_origins(origin)}" for origin in draft.origins]
    lines += ["maps:", f"  {draft.entity}:", "    fields:"]
    for name, made in draft.fields.items():
        lines += _comment(f"{made.confidence:.2f} {made.band}: {words.all(made.reasons)}", "      ")
        for code in made.asked:
            lines += _comment(words.text("file.ask_code", code=code), "      ")
        lines += _field(name, made)
    for question in draft.questions:
        if question.field not in draft.fields and question.field not in draft.absent:
            lines += _comment(f"{words.text('file.ask')} {words.say(question.reason)}", "      ")
    if draft.absent:
        lines.append("    absent:")
        lines += [f"      {name}: {_scalar(words.say(reason))}" for name, reason in draft.absent.items()]
    return "\n".join(lines) + "\n"


def _field(name: str, made: FieldDraft) -> list[str]:
    if made.value is not None:
        return [f"      {name}: {{value: {_scalar(made.value, quote=True)}}}"]
    assert made.origin is not None  # noqa: S101 - a field has a source or a constant
    head = f"from: {_scalar(made.origin.alias)}, via: {_flow(list(made.via))}"
    if made.codes is None or (all(code == target for code, target in made.codes.items()) and not made.asked):
        return [f"      {name}: {{{head}}}"]
    pairs = ", ".join(
        f"{json.dumps(code, ensure_ascii=False)}: {target}" for code, target in made.codes.items()
    )
    one = f"      {name}: {{{head}, codes: {{{pairs}}}}}"
    if len(one) <= WIDTH:
        return [one]
    body = [
        f"          {json.dumps(code, ensure_ascii=False)}: {target}" for code, target in made.codes.items()
    ]
    return [
        f"      {name}:",
        f"        from: {_scalar(made.origin.alias)}",
        f"        via: {_flow(list(made.via))}",
        "        codes:" if body else "        codes: {}",
        *body,
    ]


def _origins(origin: Origin) -> str:
    named = [f"{table}.{column}" for table, column in origin.columns]
    return _scalar(named[0]) if len(named) == 1 else _flow(named)


def dictionary_csv(drafts: Sequence[FeedDraft]) -> str:
    """The columns of every table that is used, and the codes of those that are coded."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    codes: dict[tuple[str, str], dict[str, str]] = {}
    for draft in drafts:
        for made in draft.fields.values():
            if made.codes is not None and made.origin is not None:
                found = codes.setdefault(made.origin.columns[0], {})
                for code in (*made.codes, *made.asked):
                    found[code] = draft.labels.get(made.origin.columns[0], {}).get(code, "")
    tables: dict[str, SourceTable] = {}
    for draft in drafts:
        for table in (draft.table, *(join.table for join in draft.joins)):
            tables.setdefault(table.name, table)
    for table in tables.values():
        for column in table.columns:
            nullable = "Y" if column.nullable else "N"
            writer.writerow((table.name, column.name, column.type, nullable, column.comment, "", ""))
            for code, label in codes.get((table.name, column.name), {}).items():
                writer.writerow((table.name, column.name, "", "", "", code, label))
    return stream.getvalue()


def review_sheet(office: OfficeDraft, drafts: Sequence[FeedDraft], words: Mapping[str, Wording]) -> str:
    """A page in Markdown, in both languages, for the agency: what we understood, what we ask."""
    lines: list[str] = []
    for lang, name in (("id", office.name_id), ("en", office.name_en)):
        say = words[lang]
        lines += [f"# {say.text('sheet.title', office=name)}", "", say.text("sheet.intro"), ""]
        questions = [(draft, question) for draft in drafts for question in draft.questions]
        lines += [f"## {say.text('sheet.questions', count=len(questions))}", ""]
        lines += [f"- [ ] `{d.feed}` {say.say(question.reason)}" for d, question in questions]
        for draft in drafts:
            lines += [
                "",
                f"## {draft.feed}: {draft.entity}",
                "",
                say.all((*draft.why, *draft.extraction)),
                "",
            ]
            lines += [f"| {say.text('sheet.columns')} |", "|---|---|---|---|"]
            for made in draft.fields.values():
                source = f"`{made.value}`" if made.origin is None else _source_cell(made.origin)
                lines.append(f"| {made.field} | {source} | {made.confidence:.2f} | {say.all(made.reasons)} |")
            lines += [f"| {name} | – | – | {say.say(reason)} |" for name, reason in draft.absent.items()]
        lines.append("")
    return "\n".join(lines)


def _source_cell(origin: Origin) -> str:
    return ", ".join(f"`{table}.{column}`".replace("|", "\\|") for table, column in origin.columns)


def _comment(text: str, indent: str) -> list[str]:
    return [f"{indent}# {line}" for line in wrap(text, WIDTH - len(indent) - 2)]


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(str(value)) if isinstance(value, str) else json.dumps(value)


def _scalar(text: str, *, quote: bool = False) -> str:
    """A YAML scalar: plain where nothing can mistake it, else in quotes."""
    if quote or not _PLAIN.match(text) or text.lower() in _RESERVED:
        return json.dumps(text, ensure_ascii=False)
    return text
