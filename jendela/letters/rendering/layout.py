"""What a worker's copy shows, in which order and under which name: `schemas/surat_phk/rendering`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

SECTIONS = ("money", "termination", "employment", "worker", "employer", "letter", "office")
"""The sections in the order of the page: what concerns the worker most stands first."""
OTHER = "other"


@dataclass(frozen=True)
class Line:
    """One field: its section, its path below the root of the letter, how its value is written, its labels.

    `kind` is text, date, money, times, yes, region, or code of the list `codes`.
    """

    section: str
    path: str
    kind: str
    codes: str
    id: str
    en: str


@lru_cache(maxsize=1)
def layout() -> dict[str, Line]:
    """The lines by path, in the order of the file."""
    file = files("schemas") / "surat_phk" / "rendering" / "worker_copy.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {row["path"]: Line(**row) for row in rows}


def line_of(path: str) -> Line:
    """The line of a path; one that the layout does not know yet goes under its own name, never unseen."""
    name = path.rsplit("/", 1)[-1].lstrip("@").replace("_", " ")
    return layout().get(path) or Line(OTHER, path, "text", "", name, name)
