"""The words that columns, tables and codes are known by: `schemas/onboard/*.csv`, data as any agreement."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from jendela.model.errors import AgreementError

FOLDER = Path("schemas") / "onboard"
Words = tuple[str, ...]


@dataclass(frozen=True)
class FieldWords:
    """What a canonical field may be called. `entity` is empty where it is called so in all of them.

    `value` says what its values look like (`jendela.onboard.fit`); `bare` are words that mean it only in a
    table about its `context` (person, company).
    """

    entity: str
    field: str
    value: str
    words: tuple[str, ...]
    context: str
    bare: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """All words. `tables` has (subject, context, words), `tokens` what an abbreviation stands for.

    The subject `another` is nobody that is exchanged: a worker's child, or whom to call in an emergency.
    """

    fields: tuple[FieldWords, ...]
    tables: tuple[tuple[str, str, Words], ...]
    tokens: Mapping[str, Words]
    codes: Mapping[str, Mapping[str, str]]

    def of(self, entity: str, field: str) -> FieldWords | None:
        """The words of a field of an entity: its own, else those of every entity."""
        found = [words for words in self.fields if words.field == field and words.entity in (entity, "")]
        return max(found, key=lambda words: words.entity, default=None)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every single word, for names that are written without a gap."""
        texts = [text for words in self.fields for text in (*words.words, *words.bare)]
        texts += [word for _, _, words in self.tables for word in words]
        whole = {part for text in texts for part in text.replace("_", " ").split()}
        return frozenset(word for word in {*whole, *self.tokens} if len(word) > 1)


def load_vocabulary(folder: Path | None = None) -> Vocabulary:
    """The words below an agreements' folder, else the installed ones.

    Raises:
        AgreementError: a file is missing or has another header.
    """
    root = folder if folder is not None else Path(str(files("schemas"))).parent
    return Vocabulary(
        fields=tuple(
            FieldWords(
                row["entity"],
                row["field"],
                row["value"],
                (*_parts(row["id"]), *_parts(row["en"])),
                row["context"],
                _parts(row["bare"]),
            )
            for row in _rows(root, "fields.csv", ("entity", "field", "value", "id", "en", "context", "bare"))
        ),
        tables=tuple(
            (row["subject"], row["context"], _parts(row["words"]))
            for row in _rows(root, "tables.csv", ("subject", "context", "words"))
        ),
        tokens={
            row["token"]: tuple(row["means"].split()) for row in _rows(root, "tokens.csv", ("token", "means"))
        },
        codes=_codes(root),
    )


def _codes(root: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in _rows(root, "codes.csv", ("list", "code", "words")):
        for word in _parts(row["words"]):
            found.setdefault(row["list"], {}).setdefault(word, row["code"])
    return found


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _rows(root: Path, name: str, header: tuple[str, ...]) -> list[dict[str, str]]:
    path = root / FOLDER / name
    if not path.is_file():
        raise AgreementError((FOLDER / name).as_posix(), None, "file", "is missing.")
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        if tuple(reader.fieldnames or ()) != header:
            raise AgreementError((FOLDER / name).as_posix(), 1, "header", f"must be {','.join(header)}.")
        return list(reader)
