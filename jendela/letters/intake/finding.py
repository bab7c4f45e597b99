"""What intake has to say of a file or of one worker in it: rule, field and place, never a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from jendela.contracts.messages import Messages, load_messages
from jendela.letters.frame import VIOLATIONS

ERROR, WARNING, INFO = "error", "warning", "info"
NOT_A_FORM, TOO_MUCH, NOT_SIGNED = "F-FORM", "F-SIZE", "F-SIGN"
NOT_XML, NOT_AS_AGREED = "F-XML", "F-XSD"
NOT_JSON, NOT_A_TABLE, NOT_OUR_PDF, NOT_A_VALUE = "F-JSON", "F-TABLE", "F-PDF", "F-FIELD"


class Said(NamedTuple):
    """A text of the catalogue (`intake.<key>`) with its values, some of which are such texts themselves.

    Of another family of texts, `key` is the whole key.
    """

    key: str
    values: Mapping[str, object] = {}
    family: str = "intake."


@dataclass(frozen=True)
class Finding:
    """One thing wrong: `index` is the worker's place in the file from 1, None for the file as a whole."""

    rule: str
    said: Said
    index: int | None = None
    field: str | None = None
    severity: str = ERROR


class Refused(Exception):  # noqa: N818  not an error: a finding on its way out
    """The file as a whole gives no letters."""

    def __init__(self, rule: str, key: str, **values: object) -> None:
        self.finding = Finding(rule, Said(key, values))
        super().__init__(key)


@lru_cache(maxsize=1)
def catalogue() -> Messages:
    """The installed texts, read once."""
    return load_messages()


def words(said: Said, lang: str) -> str:
    """The text in one language (`id` or `en`)."""
    values = {
        name: words(value, lang) if isinstance(value, Said) else value for name, value in said.values.items()
    }
    text: str = getattr(catalogue().text(f"{said.family}{said.key}"), lang)
    return text.format(**values)


def place(line: int | None = None, cell: str | None = None, index: int | None = None) -> Said:
    """Where in a file: a cell of a table, a line, a worker, or the file itself."""
    if cell is not None:
        return Said("at.cell", {"cell": cell})
    if line:
        return Said("at.line", {"line": line})
    return Said("at.worker", {"index": index}) if index else Said("at.file")


def frame(findings: Iterable[tuple[str, Finding]]) -> pl.DataFrame:
    """The findings, each with its file's name, as rows of `VIOLATIONS`."""
    rows = [
        (
            file,
            one.index,
            one.rule,
            one.severity,
            one.field,
            words(one.said, "id"),
            words(one.said, "en"),
            None,
        )
        for file, one in findings
    ]
    return pl.DataFrame(rows, VIOLATIONS, orient="row")
