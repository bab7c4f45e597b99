"""The agreed form as intake needs it: the contract's fields by their column, and their names in tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jendela.letters.agreement import Contract, contract
from jendela.letters.agreement import Field as Agreed
from jendela.letters.agreement.contract import HERE
from jendela.letters.frame import LETTERS

NAMESPACE = "urn:id:jendela:surat-phk:1.0"
ROOT, WORKER = "berkas_phk", "pekerja"


@dataclass(frozen=True)
class Field:
    """One column of `LETTERS` as the contract has it.

    `xml` is its path below the outermost element, `json` its path in JSON; `group` is the optional element
    around it, without which it is not needed. `ids` and `ens` are the names of its column in a table, the
    first of each being that of the template; `block` are more names that it may have above the table.
    """

    column: str
    xml: str
    json: str
    ids: tuple[str, ...]
    ens: tuple[str, ...]
    block: tuple[str, ...]
    required: bool
    group: str | None
    pattern: str | None
    codes: tuple[str, ...]
    max_length: int | None
    minimum: int | None
    maximum: int | None

    @property
    def common(self) -> bool:
        """Whether it is a fact of the letter, the same for all its workers."""
        return not self.xml.startswith(f"{WORKER}/")

    @property
    def name(self) -> str:
        """What an official calls it."""
        return self.ids[0]


@lru_cache(maxsize=1)
def schema_file() -> Path:
    """The XSD in force, as it was released."""
    return Path(str(files("schemas") / "surat_phk.xsd"))


@lru_cache(maxsize=1)
def fields() -> dict[str, Field]:
    """All fields by column, in the order of `LETTERS`: those that a table or a database may have.

    The primary reason and the edition are not among them: the one is in the other reasons, the other is said
    by the form itself.
    """
    agreed = contract()
    source = files("schemas") / "surat_phk" / "intake" / "columns.csv"
    names = {row["column"]: row for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines())}
    found = {
        one.column: _field(agreed, one, xml, group, names[one.column])
        for one, xml, group in walk(agreed)
        if one.column in names
    }
    return {name: found[name] for name in LETTERS if name in found}


def walk(agreed: Contract) -> Iterator[tuple[Agreed, str, str | None]]:
    """Every value of the letter with its path in XML and the optional element around it."""
    for field in agreed.letter.fields:
        yield from _below(field, "", None)


def _below(field: Agreed, above: str, group: str | None) -> Iterator[tuple[Agreed, str, str | None]]:
    path = above if field.xml == HERE else f"{above}/{field.xml}".lstrip("/")
    if field.leaf:
        yield field, path, group
    for one in field.fields:
        yield from _below(one, path, group if field.required else path)


def _field(agreed: Contract, one: Agreed, xml: str, group: str | None, names: dict[str, str]) -> Field:
    enumerated = agreed.codes[one.codes].entries if one.codes and one.enumerated else ()
    return Field(
        column=names["column"],
        xml=xml,
        json=one.path,
        ids=tuple(names["id"].split("|")),
        ens=tuple(names["en"].split("|")),
        block=tuple(names["block"].split("|")) if names["block"] else (),
        required=one.required,
        group=group,
        pattern=one.pattern,
        codes=tuple(code.code for code in enumerated),
        max_length=one.max_length,
        minimum=one.minimum,
        maximum=one.maximum,
    )
