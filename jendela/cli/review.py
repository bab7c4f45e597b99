"""`jendela review`: pairs of records of whom people say whether they are one person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jendela.cli.options import config_option, hub_of
from jendela.cli.review_audit import audit
from jendela.cli.wording import Words, lang_option, words

if TYPE_CHECKING:
    from jendela.identity.review.queue import Ruling, Waiting

WORDS = ("same", "different", "unsure")  # jendela.identity.review.rule, which is heavy to import
WIDTH = 44  # of a value on the screen

_who = click.option("--by", "who", required=True, envvar="JENDELA_USER", help="Who you are.")
_why = click.option("--because", "why", required=True, help="Why; kept for ever, so without any value.")
_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group()
def review() -> None:
    """Who is who: look at a case, say what you think, and audit how often the links are right."""


review.add_command(audit)


@review.command(name="list")
@config_option
@click.option("--by", "who", envvar="JENDELA_USER", help="Only cases on which you may still speak.")
@click.option("--decided", is_flag=True, help="The decided cases instead, with who decided, when and why.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@lang_option
@_json
def list_cases(config: Path, who: str | None, decided: bool, limit: int, lang: str, as_json: bool) -> None:
    """The cases that wait: those that hold up a claim first, then the older."""
    from jendela.identity.review import queue

    with hub_of(config) as hub:
        text = words(hub, lang, "review")
        rows = queue.rulings(hub) if decided else queue.waiting(hub, hub.clock(), who)
    if as_json:
        click.echo(json.dumps([row.as_dict() for row in rows]))
        return
    for row in rows[:limit]:
        told = _ruling(row, text) if isinstance(row, queue.Ruling) else _waiting(row, text)
        click.echo(f"{row.case_id[:12]}  {told}")
    click.echo(text("decided" if decided else "waiting").format(count=len(rows)))


def _waiting(row: Waiting, text: Words) -> str:
    return f"{row.since or '-'!s:<10}  {text(f'stake.{row.stake}')}"


def _ruling(row: Ruling, text: Words) -> str:
    return f"{row.decided_at:%Y-%m-%d}  {text(f'verdict.{row.verdict}')}  {row.why}"


@review.command()
@config_option
@click.argument("case_id")
@_who
@lang_option
@_json
def show(config: Path, case_id: str, who: str, lang: str, as_json: bool) -> None:
    """Both records of a case side by side, in clear; that you look is logged before."""
    from jendela.identity.review import screen

    with hub_of(config) as hub:
        text = words(hub, lang, "review")
        shown = screen.show(hub, case_id, who, hub.clock())
    if as_json:
        click.echo(json.dumps(shown.as_dict(), ensure_ascii=False))
        return
    click.echo(shown.case_id)
    for line in shown.lines:
        click.echo(f"  {text(f'field.{line.field}'):<26} {line.left or '-':<{WIDTH}} {line.right or '-'}")


@review.command()
@config_option
@click.argument("case_id")
@click.argument("word", type=click.Choice(WORDS))
@_who
@_why
@lang_option
def decide(config: Path, case_id: str, word: str, who: str, why: str, lang: str) -> None:
    """Say whether the two records are one person. Two who agree decide; else others are asked."""
    from jendela.identity.review import verdicts

    with hub_of(config) as hub:
        text = words(hub, lang, "review")
        outcome = verdicts.decide(hub, case_id, word, who, why, hub.clock())
    done = outcome.verdict or "waits"
    click.echo(f"{outcome.case_id[:12]}  {text(f'outcome.{done}')}")


@review.command()
@config_option
@click.argument("case_id")
@_who
@_why
@lang_option
def reopen(config: Path, case_id: str, who: str, why: str, lang: str) -> None:
    """Ask anew about a decided case: other people, a full round. Until then its decision holds."""
    from jendela.identity.review import verdicts

    with hub_of(config) as hub:
        text = words(hub, lang, "review")
        case = verdicts.reopen(hub, case_id, who, why, hub.clock())
    click.echo(f"{case.case_id[:12]}  {text('outcome.reopened').format(round=case.round)}")
