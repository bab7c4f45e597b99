"""The files that receipts committed to, compared with their digests."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

from jendela.evidence.entries import Entry
from jendela.evidence.finding import Finding
from jendela.model.receipt import Digest


def check_artefacts(entries: list[Entry], state: Path, since: date | None, findings: list[Finding]) -> int:
    """The number of files looked at, from nights since `since`; each that is changed or missing is a finding.

    Where several receipts name a path, the last one says what it holds. What a later retention entry removed
    may be missing; it may not be there changed.
    """
    wanted: dict[str, tuple[Digest, Entry]] = {}
    removed: list[tuple[int, str]] = []
    for entry in entries:
        if entry.kind == "retention":
            removed += [(entry.index, str(path)) for path in entry.body.get("removed", [])]
        if entry.receipt is not None and (since is None or entry.receipt.night >= since.isoformat()):
            wanted |= {digest.path: (digest, entry) for digest in entry.receipt.artefacts}
    for path, (digest, entry) in sorted(wanted.items()):
        problem = _problem(state, digest)
        excused = any(index > entry.index and _within(path, gone) for index, gone in removed)
        if problem and not (problem == MISSING and excused):
            findings.append(replace(Finding(path, problem), **entry.whose()))
    return len(wanted)


MISSING = "The file is missing, and no retention entry removed it."


def _problem(state: Path, digest: Digest) -> str | None:
    path = PurePosixPath(digest.path)
    if path.is_absolute() or ".." in path.parts:
        return "The receipt names a file outside of the state folder."
    try:
        with (state / path).open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    except OSError as error:
        return f"The file cannot be read: {error.strerror}."
    return (
        None if actual == digest.sha256 else "The file was changed: its bytes are not those of the receipt."
    )


def _within(path: str, folder: str) -> bool:
    return PurePosixPath(path).is_relative_to(folder)
