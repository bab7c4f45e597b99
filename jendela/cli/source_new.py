"""`jendela source new`: from the URL of an agency's source to a proposed agreement with it."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from jendela.cli.source_answers import answers_of, ask
from jendela.cli.source_office import agreements_of
from jendela.cli.wording import lang_option
from jendela.contracts.agreements import Agreements
from jendela.contracts.messages import load_messages
from jendela.model.connections import url_from_environment
from jendela.model.errors import AgreementError, FeedError, WrongUseError
from jendela.onboard.draft import Answers, FeedDraft
from jendela.onboard.propose import Wanted, propose
from jendela.onboard.read import describer, read_source
from jendela.onboard.wording import Wording
from jendela.onboard.words import load_vocabulary
from jendela.onboard.write import OfficeDraft, files_of

_OFFICE = re.compile(r"^[a-z][a-z0-9_]*$")
_PREFIX = "JENDELA_CONN_"


@click.command()
@click.argument("office")
@click.option(
    "--url-from-env", "variable", metavar="NAME", help="The environment variable that holds the URL."
)
@click.option("--connection", metavar="NAME", help=f"The connection's name: its URL is in {_PREFIX}NAME.")
@click.option("--transport", help="sql or files; told from the URL if it is not given.")
@click.option(
    "--out",
    "out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of offices to write OFFICE into.",
)
@click.option("--entity", "entities", multiple=True, help="Propose only this entity (repeatable).")
@click.option(
    "--tables", multiple=True, help="Propose these tables, comma separated, however badly they fit."
)
@click.option("--name-id", help="The office's name in Indonesian.")
@click.option("--name-en", help="The office's name in English.")
@click.option("--agency", type=click.Choice(["bpjs", "kemnaker", "dinas"]), help="The agency it is part of.")
@click.option("--region", help="Of a Dinas: its regency, 4 digits.")
@click.option("--zone", default="Asia/Jakarta", show_default=True, help="Its IANA time zone.")
@click.option(
    "--dictionary",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The office's own dictionary (CSV): what columns and codes mean.",
)
@click.option(
    "--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field is the same in all rows."
)
@click.option("--from", "sources", multiple=True, metavar="FIELD=[TABLE.]COLUMN", help="A field's column.")
@click.option("--code", "codes", multiple=True, metavar="COLUMN:CODE=OURS", help="What a code means.")
@click.option("--absent", multiple=True, metavar="FIELD", help="The office does not keep this field.")
@click.option("--key", "keys", multiple=True, metavar="TABLE=COLUMN,…", help="What tells rows apart.")
@click.option(
    "--rows", type=click.IntRange(10, 50_000), default=2000, show_default=True, help="Rows sampled per table."
)
@click.option("--no-input", is_flag=True, help="Ask nothing, even at a terminal.")
@click.option(
    "--config",
    "config",
    envvar="JENDELA_CONFIG",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The hub's configuration, where it has agreements of its own.",
)
@lang_option
@click.option("--json", "as_json", is_flag=True, help="The proposal as JSON.")
def new(
    office: str, variable: str | None, connection: str | None, transport: str | None, out: Path, rows: int,
    dictionary: Path | None, no_input: bool, config: Path | None, lang: str, as_json: bool, **options: Any,
) -> int:  # fmt: skip
    """Read OFFICE's source and propose a mapping, with a reason and a confidence for each field.

    Writes OUT/OFFICE/: office.yaml, one YAML a feed, dictionary.csv, and review.md for the office's people.
    0: it loads as it is; 1: questions remain; 2: nothing could be proposed; 3: the source does not answer.
    """
    folder = out / office
    _require_free(office, folder)
    url, named = _url(office, variable, connection)
    kind = transport or ("files" if url.startswith(("file:", "/", "sftp:", "s3:", "memory:")) else "sql")
    agreements = agreements_of(config, ())
    answers = answers_of(options)
    wanted = _wanted(office, options, agreements)
    watched = (lambda name: click.echo(f"  {name}", err=True)) if sys.stderr.isatty() else (lambda _: None)
    try:
        read = read_source(describer(kind, office, url), rows, dictionary, watched)
        _require_tables(wanted, [table.name for table in read.tables])
        vocabulary = load_vocabulary(agreements.folder)

        def propose_now(given: Answers) -> list[FeedDraft]:
            return propose(read, agreements.contracts, agreements.codes, vocabulary, wanted, given)

        drafts = propose_now(answers)
        if not no_input and not as_json and at_terminal():
            drafts = ask(drafts, answers, propose_now, Wording(load_messages(agreements.folder), lang))
    except FeedError as error:
        click.echo(f"jendela: {error}", err=True)
        return error.exit_code if error.retriable else 2
    if not drafts:
        names = ", ".join(table.name for table in read.tables[:20])
        click.echo(f"jendela: no table looks like what is exchanged. There are: {names}.", err=True)
        click.echo("  Name one with --tables, and what it is with --entity.", err=True)
        return 2
    messages = load_messages(agreements.folder)
    both = {language: Wording(messages, language) for language in ("id", "en")}
    made = OfficeDraft(
        office, options["name_id"] or office, options["name_en"] or office, options["zone"],
        options["region"],
        kind, named, wanted.agency,
    )  # fmt: skip
    _write(folder, files_of(made, drafts, both, lang))
    problem = _problem(config, folder)
    _said(drafts, both[lang], folder, named, problem, as_json=as_json)
    return 1 if problem or any(draft.questions for draft in drafts) else 0


def at_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def _require_free(office: str, folder: Path) -> None:
    if not _OFFICE.match(office):
        raise WrongUseError(f"{office!r} is no office id: lower case letters, digits and underscores.")
    if folder.exists():
        raise WrongUseError(
            f"{folder} is there already and is not overwritten: move it away, or give another --out."
        )


def _url(office: str, variable: str | None, connection: str | None) -> tuple[str, str]:
    """The source's URL, and the name of the connection that the office's file will have."""
    if (variable is None) == (connection is None):
        raise WrongUseError("Say where the URL is: either --url-from-env NAME or --connection NAME.")
    if connection is not None:
        return url_from_environment(connection, os.environ), connection.upper()
    url = os.environ.get(str(variable))
    if not url:
        raise WrongUseError(f"The environment has no {variable}: set it to the source's URL.")
    name = str(variable).removeprefix(_PREFIX) if str(variable).startswith(_PREFIX) else office.upper()
    return url, name


def _wanted(office: str, options: Mapping[str, Any], agreements: Agreements) -> Wanted:
    agency = options["agency"]
    if agency is None:
        known = {item.agency for item in agreements.offices.values()}
        agency = next((name for name in sorted(known) if office.split("_", maxsplit=1)[0] == name), "dinas")
    for entity in options["entities"]:
        if entity not in agreements.contracts:
            known_entities = ", ".join(agreements.contracts)
            raise WrongUseError(f"{entity!r} is not an entity; there are {known_entities}.")
    if options["region"] and options["region"] not in agreements.codes["region"].codes:
        raise WrongUseError(f"{options['region']!r} is not a region code of 4 digits.")
    tables = tuple(name.strip() for part in options["tables"] for name in part.split(",") if name.strip())
    return Wanted(office, agency, options["region"], tuple(options["entities"]), tables)


def _require_tables(wanted: Wanted, names: list[str]) -> None:
    for name in wanted.tables:
        if name not in names:
            raise WrongUseError(f"There is no table {name!r}; there are {', '.join(names)}.")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """The office's folder, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
        made = Path(scratch) / folder.name
        made.mkdir()
        for name, text in files.items():
            (made / name).write_text(text, encoding="utf-8")
        made.rename(folder)


def _problem(config: Path | None, folder: Path) -> str | None:
    """What the loader says against the office as it was written; None if it loads."""
    try:
        agreements_of(config, (folder.parent,), folder.name)
    except AgreementError as error:
        return str(error)
    return None


def _said(
    drafts: list[FeedDraft],
    words: Wording,
    folder: Path,
    connection: str,
    problem: str | None,
    *,
    as_json: bool,
) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {"folder": str(folder), "problem": problem, "feeds": [_plain(d, words) for d in drafts]},
                ensure_ascii=False,
            )
        )
        return
    for draft in drafts:
        sure = [field for field in draft.fields.values() if field.band == "high"]
        click.echo(
            f"{draft.feed:<36} {draft.entity:<20} {draft.score:.2f}  "
            + words.text("new.feed", fields=len(draft.fields), sure=len(sure), mode=draft.mode)
        )
    open_ones = [question for draft in drafts for question in draft.questions]
    for question in open_ones:
        click.echo(f"  ? {question.entity}.{question.field}: {words.say(question.reason)}  {question.answer}")
    click.echo(words.text("new.written", folder=folder))
    click.echo(_state(words, problem, len(open_ones)))
    click.echo(
        words.text("new.next", folder=folder.parent, office=folder.name, variable=f"{_PREFIX}{connection}")
    )


def _state(words: Wording, problem: str | None, questions: int) -> str:
    """Whether the proposal loads, and whether that is all."""
    if problem is not None:
        return words.text("new.not_yet", problem=problem)
    return words.text("new.asks", count=questions) if questions else words.text("new.loads")


def _plain(draft: FeedDraft, words: Wording) -> dict[str, object]:
    return {
        "feed": draft.feed, "table": draft.table.name, "entity": draft.entity, "score": draft.score,
        "mode": draft.mode, "key": list(draft.key), "watermark": draft.watermark,
        "joins": [join.table.name for join in draft.joins],
        "fields": {
            name: {
                "from": [f"{t}.{c}" for t, c in made.origin.columns] if made.origin else None,
                "value": made.value, "via": list(made.via), "codes": made.codes,
                "untranslated": list(made.asked),
                "confidence": made.confidence, "band": made.band, "reason": words.all(made.reasons),
            }
            for name, made in draft.fields.items()
        },
        "absent": {name: words.say(reason) for name, reason in draft.absent.items()},
        "questions": [
            {"field": q.field, "question": words.say(q.reason), "answer": q.answer} for q in draft.questions
        ],
    }  # fmt: skip
