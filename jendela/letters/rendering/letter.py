"""A letter for one worker, as lines to show and as facts to speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from jendela.letters.rendering.layout import Line, line_of
from jendela.letters.signing.profile import DS
from jendela.letters.signing.reading import parse
from jendela.letters.signing.verdict import Refused
from jendela.letters.signing.verifier import is_signed
from jendela.model.errors import WrongUseError

NAMESPACE = "urn:id:jendela:surat-phk:1.0"
WORKER = "pekerja"


@dataclass(frozen=True)
class Shown:
    """One value to show. `group` numbers repeated elements (instalments, copies) from 0.

    `primary` is the reason that the letter marks as such among several.
    """

    line: Line
    value: str
    group: int = 0
    primary: bool = False


@dataclass(frozen=True)
class Letter:
    """The letter of one worker of a file; `workers` is how many the file names, `place` which one it is."""

    shown: tuple[Shown, ...]
    workers: int
    place: int
    signed: bool

    def get(self, path: str) -> str | None:
        """The value at a path, of several the primary or else the first; null without one."""
        found = [one for one in self.shown if one.line.path == path]
        return next((one.value for one in sorted(found, key=lambda one: not one.primary)), None)

    def day(self, path: str) -> date | None:
        """The same as a date; null where it is none."""
        try:
            return date.fromisoformat(self.get(path) or "")
        except ValueError:
            return None

    def of(self, section: str) -> list[Shown]:
        """What a section shows."""
        return [one for one in self.shown if one.line.section == section]


def read_letters(xml: bytes, worker: int | None = None) -> list[Letter]:
    """The letter of every worker in a file, in order, or of one of them (from 1).

    Raises:
        WrongUseError: it is not a letter in the agreed XML, or names no such worker.
    """
    try:
        root = parse(xml, keep_comments=False)
    except Refused:
        root = None
    if root is None or root.tag != f"{{{NAMESPACE}}}berkas_phk":
        raise WrongUseError(
            "The file is not a termination letter in XML. Check it with `jendela letter check`."
        )
    workers = root.findall(f"{{{NAMESPACE}}}{WORKER}")
    if not workers:
        raise WrongUseError("The letter names no worker. Check it with `jendela letter check`.")
    if worker is not None and not 1 <= worker <= len(workers):
        raise WrongUseError(f"The letter names {len(workers)} workers: --worker must be one of them.")
    signed = is_signed(root)
    common: list[Shown] = []
    for child in root:
        if child.tag != workers[0].tag and not child.tag.startswith(f"{{{DS}}}"):
            common += _walk(child, _name(child), 0)
    return [
        Letter((*common, *_walk(one, WORKER, 0)), len(workers), place, signed)
        for place, one in enumerate(workers, start=1)
        if worker in (None, place)
    ]


def _walk(element: Any, path: str, group: int) -> Iterator[Shown]:
    for name, value in element.attrib.items():
        if value.strip() and name != "utama":
            yield Shown(line_of(f"{path}/@{name}"), value.strip(), group)
    if not len(element):
        if text := " ".join((element.text or "").split()):
            yield Shown(line_of(path), text, group, element.get("utama", "").strip() in ("true", "1"))
        return
    seen: dict[str, int] = {}
    for child in element:
        name = _name(child)
        seen[name] = seen.get(name, 0) + 1
        yield from _walk(child, f"{path}/{name}", seen[name] - 1 if len(child) else group)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
