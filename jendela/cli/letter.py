"""`jendela letter`: check letters in any form, and make empty ones. No key and no hub is needed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from jendela.cli.letter_render import render, verify_copy
from jendela.cli.letter_sign import sign
from jendela.cli.wording import lang_option

PATIENCE = 2.0  # seconds after which a person is shown how far it is
FORMS = ("json", "csv", "xlsx", "xml")


@click.group()
def letter() -> None:
    """Termination letters: check them, make empty ones, sign them, draw the worker's copy."""


for command in (sign, render, verify_copy):
    letter.add_command(command)


@letter.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--trust", type=click.Path(path_type=Path), envvar="JENDELA_TRUST", help="Folder of trust anchors."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a letter.")
@click.option("--reasons", is_flag=True, help="With --json: also jkp_reasons.")
@lang_option
def check(paths: tuple[Path, ...], trust: Path | None, lang: str, *, as_json: bool, reasons: bool) -> int:
    """Check letters: files, and folders with all below them.

    0: all are valid, 1: some are not, 2: a path is missing or holds no letter.
    """
    from jendela.law import load_law
    from jendela.letters.check import check_in_batches, letter_files
    from jendela.letters.rules import load_rules
    from jendela.letters.signing import load_trust

    files = letter_files(paths)
    rules, law, anchors = load_rules(), load_law(None), load_trust(trust)
    letters = invalid = 0
    with _progress(len(files)) as notify:
        for part in check_in_batches(files, law, rules, anchors, notify=notify):
            letters += part.height
            invalid += int((~part["valid"]).sum())
            rows = part.iter_rows(named=True)
            for text in _objects(rows, reasons=reasons) if as_json else _words(rows, lang):
                click.echo(text)
    if not as_json:
        click.echo(_text("summary", lang, letters=letters, files=len(files), invalid=invalid))
    return 1 if invalid else 0


@letter.command()
@click.option("--form", "form", type=click.Choice(FORMS), default="xlsx", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)
def new(form: str, out: Path) -> None:
    """Write an empty letter to fill in, with what each field means."""
    from jendela.letters.intake.template import TEMPLATES
    from jendela.model.errors import WrongUseError

    try:
        with out.open("xb") as file:
            file.write(TEMPLATES[form]())
    except FileExistsError:
        raise WrongUseError(
            f"{out}: It is there already, and is not overwritten: name another file."
        ) from None
    except OSError:
        raise WrongUseError(f"{out}: It cannot be written: look at the folder.") from None


def _objects(rows: Iterator[dict[str, Any]], *, reasons: bool) -> Iterator[str]:
    for row in rows:
        if not reasons:
            del row["jkp_reasons"]
        yield json.dumps(row, ensure_ascii=False)


def _words(rows: Iterator[dict[str, Any]], lang: str) -> Iterator[str]:
    """A line a file; below it what is wrong with which worker. A worker without a fault is not named."""
    file = None
    for row in rows:
        if row["file"] != file:
            file = row["file"]
            yield click.style(file, bold=True)
        key = "valid" if row["valid"] else "invalid"
        if row["valid"] and not row["violations"] and row["index"] != 1:
            continue
        who = "" if row["index"] is None else _text("worker", lang, index=row["index"])
        state = _text(key, lang)
        signature = _text(f"signature_{row['signature']}", lang)
        indicator = f", {_text('jkp', lang)} {_text('jkp_' + row['jkp'], lang)}" if row["jkp"] else ""
        yield f"  {who}{click.style(state, fg='green' if row['valid'] else 'red')}, {signature}{indicator}"
        for one in row["violations"]:
            article = f" [{one['article']}]" if one["article"] else ""
            yield f"    {_text(one['severity'], lang)} {one['rule']}: {one[f'message_{lang}']}{article}"


def _text(key: str, lang: str, **values: object) -> str:
    from jendela.letters.intake.finding import Said, words

    return words(Said(f"check.{key}", values), lang)


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Counts files; a bar on a terminal once it takes longer than anybody likes to wait unseen."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    begun = time.monotonic()
    bar = Progress(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    )
    task = bar.add_task("", total=total)

    def notify(more: int) -> None:
        bar.advance(task, more)
        if not bar.live.is_started and time.monotonic() - begun > PATIENCE:
            bar.start()

    try:
        yield notify
    finally:
        bar.stop()
