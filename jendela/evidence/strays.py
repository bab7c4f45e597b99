"""Files of the nights that no receipt names: put there, or left when the log was set back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Set
from datetime import date
from pathlib import Path, PurePosixPath

from jendela.evidence.entries import Entry
from jendela.evidence.finding import Finding
from jendela.model.receipt import Receipt, night_label, parse_label

FOLDERS = ("landing", "nights", "reports")
CLOSE, PULL, DELIVER = "close", "pull", "deliver"
AFTER_PULL = ("map", "validate")
PARTIAL = (".part", ".partial")  # what an attempt that was killed had not finished writing

NO_NIGHT = "This belongs to no night: no receipt names it."
NO_RECEIPT = "No receipt of this night names this file: it was put there after its step."
UNKNOWN = (
    "The log has nothing of this night, and a later one began: it was set back, or these were put there."
)
NOT_CLOSED = (
    "This night has its report, but the log does not close it: it does not balance, its close was "
    "interrupted, or the log was set back."
)


def present(state: Path) -> tuple[PurePosixPath, ...]:
    """Every file of the nights below the state folder, by its path there; links count as files."""
    found = []
    for top in FOLDERS:
        for folder, inner, files in os.walk(state / top):
            at = Path(folder)
            linked = [name for name in inner if (at / name).is_symlink()]
            found += [PurePosixPath((at / name).relative_to(state).as_posix()) for name in (*files, *linked)]
    return tuple(sorted(found))


def check_strays(
    entries: Iterable[Entry], there: Iterable[PurePosixPath], since: date | None
) -> list[Finding]:
    """What no receipt names, of nights since `since`: each file, or each folder of a night that is unknown.

    The newest night may be open: what its steps write is not in the log before it closes, but then it has
    no report yet. A step that broke off at one office, or one feed of it, may have left what it had written.
    """
    receipts = [entry.receipt for entry in entries if entry.receipt is not None]
    named = {digest.path for receipt in receipts for digest in receipt.artefacts}
    left = frozenset(_left(receipts))
    strays: dict[str, list[PurePosixPath]] = {}
    nights = {receipt.night for receipt in receipts}
    newest = max((when for label in nights if (when := _when(label))), default=(date.min, 0))
    for path in there:
        if (when := _when(path.parts[1])) is not None:
            newest = max(newest, when)
            if since is not None and when[0] < since:
                continue
        if str(path) not in named and not _unfinished(path) and not _broken_off(path, left):
            strays.setdefault(path.parts[1], []).append(path)
    findings = []
    for label, paths in sorted(strays.items()):
        findings += _of_night(label, paths, _when(label) == newest, receipts)
    return findings


def _of_night(
    label: str, paths: list[PurePosixPath], is_newest: bool, receipts: list[Receipt]
) -> list[Finding]:
    steps = {receipt.step for receipt in receipts if receipt.night == label}
    if _when(label) is None:
        return [Finding(str(path), NO_NIGHT) for path in paths]
    if CLOSE not in steps and is_newest:
        return [Finding(str(path), NOT_CLOSED) for path in paths if _is_report(path)]
    if not steps:
        folders = sorted({"/".join(path.parts[:2]) for path in paths})
        return [Finding(folder, UNKNOWN) for folder in folders]
    return [Finding(str(path), NO_RECEIPT) for path in paths]


def _when(label: str) -> tuple[date, int] | None:
    """Day and supplement, in the order in which nights are opened; None for what is no night's name."""
    try:
        when = parse_label(label)
    except ValueError:
        return None
    return when if night_label(*when) == label else None


def _is_report(path: PurePosixPath) -> bool:
    """A file that only the close writes: Data Docs, in a folder beside it, come before."""
    return path.parts[0] == "reports" and len(path.parts) == len(("reports", "night", "file"))


def _unfinished(path: PurePosixPath) -> bool:
    return path.name.startswith(".") and path.suffix in PARTIAL


def _left(receipts: Iterable[Receipt]) -> Iterator[tuple[str, str, str]]:
    """Night, step and feed (or delivery) of what broke off: missing, or a step of the office never ended."""
    known = list(receipts)
    ended = {(receipt.night, receipt.step, receipt.scope) for receipt in known}
    for receipt in known:
        if receipt.step in (PULL, DELIVER):
            gone = (item for item in receipt.missing if receipt.step == PULL or item.lost)
            yield from ((receipt.night, receipt.step, item.feed) for item in gone)
        if receipt.step == PULL:
            for step in AFTER_PULL:
                if (receipt.night, step, receipt.scope) not in ended:
                    yield from ((receipt.night, step, feed) for feed in receipt.counts)


def _broken_off(path: PurePosixPath, left: Set[tuple[str, str, str]]) -> bool:
    """Whether this is of something that broke off on this night."""
    step = {"landing": PULL, "nights": "".join(path.parts[2:3])}.get(path.parts[0])
    return any(
        (night, of) == (path.parts[1], step) and path.name.startswith(f"{name}.") for night, of, name in left
    )
