"""The law that the agreement cites, and how far each text was verified: `schemas/surat_phk/sources.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jendela.contracts.codes import CodeList
from jendela.letters.agreement.contract import Contract
from jendela.model.errors import AgreementError

FILE = "schemas/surat_phk/sources.csv"
EVIDENCE = ("agreed", "text", "secondary", "unverified")
# A list of more codes than this is named, not printed: the regions are the annex of the decree itself.
PRINTED = 100


@dataclass(frozen=True)
class Source:
    """One instrument as cited. `evidence`: read in its text, known from others, or from general knowledge."""

    name: str
    title_id: str
    title_en: str
    evidence: str
    note_id: str
    note_en: str


@lru_cache(maxsize=4)
def load_sources(folder: Path | None = None) -> tuple[Source, ...]:
    """The instruments in the order of the file.

    Raises:
        AgreementError: a line lacks its title, or has an evidence mark that is not one of ours; the line is
        named.
    """
    root = folder if folder is not None else Path(str(files("schemas"))).parent
    found = []
    with (root / FILE).open(encoding="utf-8", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream, strict=True), start=2):
            if row["evidence"] not in EVIDENCE or not (row["title_id"] and row["title_en"]):
                raise AgreementError(
                    FILE, line, row["source"], "needs its title in both languages and its evidence."
                )
            found.append(Source(row["source"], *(row[name] for name in list(row)[1:])))
    return tuple(found)


def instrument(citation: str, known: tuple[Source, ...]) -> Source | None:
    """The instrument that one citation ("PP 35/2021 Pasal 37") is of; None if the file does not have it."""
    fitting = [one for one in known if citation == one.name or citation.startswith(f"{one.name} ")]
    return max(fitting, key=lambda one: len(one.name), default=None)


def printed(contract: Contract) -> list[CodeList]:
    """The code lists that the readable edition prints in full."""
    return [codes for codes in contract.codes.values() if len(codes.entries) <= PRINTED]


def citations(contract: Contract) -> set[str]:
    """Every citation in the contract and in the code lists it prints, one by one."""
    said = {contract.schema_version}
    for part in contract.parts:
        said |= {field.source for field in part.walk()} | {one.source for one in part.requirements}
    for codes in printed(contract):
        said |= {code.source for code in codes.entries}
    return {one.strip() for text in said for one in text.split(";") if one.strip()}
