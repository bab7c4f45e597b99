"""The agreed form as intake needs it, edition by edition: fields by their column, and their names in tables.

Two editions may be in force at once. A letter names its own: by its namespace in XML, by `schema_version`
elsewhere.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from jendela.letters.agreement import Contract, contract
from jendela.letters.agreement import Field as Agreed
from jendela.letters.agreement.contract import HERE, LATEST
from jendela.letters.agreement.versions import Edition, versions
from jendela.letters.frame import LETTERS
from jendela.letters.intake.finding import Said

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


@dataclass(frozen=True, eq=False)
class Form:
    """One edition of the letter as intake reads it; `folder` is that of the agreements, None the installed.

    There is one object an edition, so that what is made of it once is kept by it.
    """

    edition: Edition
    folder: Path | None

    @cached_property
    def agreed(self) -> Contract:
        """The edition's contract."""
        version = self.edition.version
        if self.folder is None and version == LATEST:
            return contract()  # as everybody else asks for it: it is read once
        return contract(version, self.folder)

    @cached_property
    def namespace(self) -> str:
        """The namespace of its XML."""
        return self.edition.namespace

    @cached_property
    def schema_file(self) -> Path:
        """The XSD, as it was released."""
        root = self.folder if self.folder is not None else _installed()
        return root / "schemas" / "surat_phk" / self.edition.version / "surat_phk.xsd"

    @cached_property
    def fields(self) -> dict[str, Field]:
        """All fields by column, in the order of `LETTERS`: those that a table or a database may have.

        The primary reason and the edition are not among them: the one is in the other reasons, the other is
        said by the form itself.
        """
        names = _column_names()
        found = {
            one.column: _field(self.agreed, one, xml, group, names[one.column])
            for one, xml, group in walk(self.agreed)
            if one.column in names
        }
        return {name: found[name] for name in LETTERS if name in found}

    def not_in_force(self, day: date) -> Said | None:
        """What is to be said of a letter of this edition and that date; nothing if they go together.

        Its `place` is the file; who knows better says so.
        """
        if self.edition.valid_on(day):
            return None
        known = [one.schema_version for one in versions(self.folder) if one.valid_on(day)]
        values = {
            "version": self.edition.schema_version,
            "known": ", ".join(known) if known else Said("none"),
            "place": Said("at.file"),
        }
        return Said("edition.in_force", values)

    @cached_property
    def always(self) -> bool:
        """Whether it is in force on every date."""
        return self.edition.valid_from is None and self.edition.valid_to is None


@lru_cache(maxsize=8)
def forms(folder: Path | None = None) -> tuple[Form, ...]:
    """Every edition of the agreements, oldest first.

    Raises:
        AgreementError: the list of editions is missing or wrong.
    """
    return tuple(Form(one, folder) for one in versions(folder))


@lru_cache(maxsize=8)
def named_forms(folder: Path | None = None) -> Mapping[str, Form]:
    """The editions by namespace and by schema_version: under either a letter says which it follows."""
    return {name: one for one in forms(folder) for name in (one.namespace, one.edition.schema_version)}


def schema_file() -> Path:
    """The XSD of the newest edition installed."""
    return forms()[-1].schema_file


@lru_cache(maxsize=1)
def fields() -> dict[str, Field]:
    """The fields of all editions installed, by column, in the order of `LETTERS`, as the newest has them."""
    found = {name: field for one in forms() for name, field in one.fields.items()}
    return {name: found[name] for name in LETTERS if name in found}


@lru_cache(maxsize=1)
def _column_names() -> dict[str, dict[str, str]]:
    """What columns are called in tables: of the reader, whatever the edition."""
    source = files("schemas") / "surat_phk" / "intake" / "columns.csv"
    return {row["column"]: row for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines())}


def _installed() -> Path:
    return Path(str(files("schemas"))).parent


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
