"""The answers to what only an agency knows: given as options, or asked at the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import click

from jendela.model.errors import WrongUseError
from jendela.onboard.draft import Answers, FeedDraft, Question
from jendela.onboard.wording import Wording


def answers_of(options: Mapping[str, Any]) -> Answers:
    """The options of `source new` as answers.

    Raises:
        WrongUseError: one of them is not written as it must be.
    """
    codes = {}
    for text in options["codes"]:
        place, _, target = text.rpartition("=")
        column, _, code = place.partition(":")
        if not (column and code and target):
            raise WrongUseError(f"--code {text!r} is not COLUMN:CODE=OURS.")
        codes[column, code] = target
    keys = {table: tuple(names.split(",")) for table, names in _pairs("--key", options["keys"]).items()}
    return Answers(
        values=_pairs("--set", options["values"]),
        sources=_pairs("--from", options["sources"]),
        codes=codes,
        absent=frozenset(options["absent"]),
        keys=keys,
    )


def _pairs(option: str, texts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise WrongUseError(f"{option} {text!r} is not NAME=VALUE.")
        found[name] = value
    return found


def ask(
    drafts: list[FeedDraft], answers: Answers, again: Callable[[Answers], list[FeedDraft]], words: Wording
) -> list[FeedDraft]:
    """The drafts after every question was put once; an empty line leaves it open."""
    put: set[tuple[str, str, str]] = set()
    while question := _next(drafts, put, words):
        put.add(_name(question, words))
        click.echo(f"{question.entity}.{question.field}: {words.say(question.reason)}")
        said = click.prompt(words.text("new.prompt"), default="", show_default=False).strip()
        if said:
            answers = _with(answers, question, said)
            drafts = again(answers)
    return drafts


def _next(drafts: list[FeedDraft], put: set[tuple[str, str, str]], words: Wording) -> Question | None:
    questions = (question for draft in drafts for question in draft.questions)
    return next((question for question in questions if _name(question, words) not in put), None)


def _name(question: Question, words: Wording) -> tuple[str, str, str]:
    return question.entity, question.field, words.say(question.reason)


def _with(answers: Answers, question: Question, said: str) -> Answers:
    values = question.reason.values
    name = f"{question.entity}.{question.field}"
    if question.reason.key == "ask.code":
        return replace(answers, codes={**answers.codes, (str(values["column"]), str(values["code"])): said})
    if question.reason.key in ("ask.key", "ask.key_seen"):
        return replace(answers, keys={**answers.keys, str(values["table"]): tuple(said.split(","))})
    if said.startswith("="):
        return replace(answers, values={**answers.values, name: said[1:]})
    return replace(answers, sources={**answers.sources, name: said})
