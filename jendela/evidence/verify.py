"""Verification of the exported evidence, with the public key alone: no hub, no secret, no database.

The log must be the one whose checkpoints were signed, line by line; with the artefacts at hand, every file
that a receipt committed to must have the bytes it had then, and no file may be there that none names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from jendela.evidence.artefact_check import check_artefacts
from jendela.evidence.checkpoint import Checkpoint, Verifier
from jendela.evidence.entries import Entry, parse_entries
from jendela.evidence.finding import Finding, Verification
from jendela.evidence.ledger import CHECKPOINTS, HASHES, LATEST, LOG, PUBLIC_KEY
from jendela.evidence.merkle import Frontier, leaf_hash
from jendela.evidence.strays import check_strays, present
from jendela.model.errors import EvidenceError, WrongUseError


def verify(
    folder: Path,
    artefacts: Path | None = None,
    since: date | None = None,
    *,
    public_key: str | None = None,
    kept: Mapping[str, bytes] | None = None,
) -> Verification:
    """What is wrong with the evidence in `folder`; nothing, if nobody touched it.

    Args:
        artefacts: the state folder, to check landing files, step artefacts, deliveries and reports too.
        since: of which only those of nights from this date on.
        public_key: the verifier key as the auditor got it; else the folder's own, which an intruder could
            have exchanged together with everything that it signs.
        kept: checkpoints that the auditor kept, by name ("your NAME" in findings); the log must still begin
            with what they signed. Without one, a log that was set back to an earlier night cannot be told
            from one that ends there.

    Raises:
        WrongUseError: there is no evidence in `folder`.
        EvidenceError: `public_key` is not a verifier key.
    """
    if not (folder / LOG).is_file():
        raise WrongUseError(
            f"There is no evidence in {folder}: {LOG} is missing. The first night that closes makes it."
        )
    findings: list[Finding] = []
    # Looked at before the log is read: a night that closes meanwhile is in the log, not among the strays.
    there = present(artefacts) if artefacts is not None else ()
    key = _public_key(folder, public_key, findings)
    lines = _lines(folder / LOG, findings)
    hashed = [leaf_hash(line) for line in lines]
    signed = _checkpoints(folder, key, kept or {}, findings)
    vouched = _compare_roots(hashed, signed, findings)
    entries = parse_entries(lines, LOG, findings)
    _compare_hashes(folder, hashed, signed, vouched, entries, findings)
    files = check_artefacts(entries, artefacts, since, findings) if artefacts is not None else 0
    findings += check_strays(entries, there, since)
    return Verification(len(lines), files, tuple(findings))


def _public_key(folder: Path, given: str | None, findings: list[Finding]) -> Verifier | None:
    try:
        text = (folder / PUBLIC_KEY).read_bytes().decode()
        key = Verifier.parse(text.removesuffix("\n"))
    except FileNotFoundError:
        findings.append(Finding(PUBLIC_KEY, "is missing."))
    except (EvidenceError, UnicodeDecodeError):
        findings.append(Finding(PUBLIC_KEY, "is not a key that the ledger wrote, or was changed."))
    else:
        if not text.endswith("\n"):
            findings.append(Finding(PUBLIC_KEY, "was changed at its end."))
        if given is None:
            return key
        if key.text() != given.strip():
            findings.append(Finding(PUBLIC_KEY, "is not the public key that you gave."))
    return Verifier.parse(given.strip()) if given else None


def _lines(file: Path, findings: list[Finding]) -> list[bytes]:
    *lines, rest = file.read_bytes().split(b"\n")
    if rest:
        findings.append(Finding(file.name, "ends in the middle of an entry.", len(lines) + 1))
    return lines


def _checkpoints(
    folder: Path, key: Verifier | None, kept: Mapping[str, bytes], findings: list[Finding]
) -> dict[int, tuple[str, Checkpoint]]:
    """The checkpoints with a good signature, by size, each with its file name."""
    if key is None:
        findings.append(Finding(CHECKPOINTS, "cannot be checked without the public key."))
        return {}
    good: dict[int, tuple[str, Checkpoint]] = {}
    numbered = sorted((folder / CHECKPOINTS).glob("[!.]*")) if (folder / CHECKPOINTS).is_dir() else []
    notes = {f"{CHECKPOINTS}/{file.name}": file.read_bytes() for file in numbered}
    if (folder / LATEST).is_file():
        notes[LATEST] = (folder / LATEST).read_bytes()
    else:
        findings.append(Finding(LATEST, "is missing."))
    mine = {f"your {name}": note for name, note in kept.items()}
    for name, note in (notes | mine).items():
        try:
            found = key.open(note)
        except EvidenceError as error:
            findings.append(Finding(name, str(error)))
            continue
        if name.startswith(CHECKPOINTS) and name != f"{CHECKPOINTS}/{found.size}":
            findings.append(
                Finding(name, f"holds the checkpoint of {found.size} entries: the file was exchanged.")
            )
        good.setdefault(found.size, (name, found))
        if good[found.size][1] != found:
            findings.append(
                Finding(name, "was signed for another log of the same size: there are two histories.")
            )
    latest = max(good, default=None)
    if latest is not None and notes.get(LATEST, b"") != notes.get(f"{CHECKPOINTS}/{latest}", b""):
        findings.append(Finding(LATEST, f"is not the checkpoint of the {latest} entries signed last."))
    return good


def _compare_roots(
    hashed: list[bytes], signed: dict[int, tuple[str, Checkpoint]], findings: list[Finding]
) -> int:
    """The number of leading entries that a good checkpoint vouches for."""
    tree, vouched, broken = Frontier(), 0, False
    for leaf in hashed:
        tree.add(leaf)
        if tree.size not in signed:
            continue
        name, checkpoint = signed[tree.size]
        if checkpoint.root == tree.root:
            vouched = tree.size
        elif not broken:
            broken = True
            span = f"Entries {vouched + 1} to {tree.size}"
            findings.append(Finding(LOG, f"{span} are not all as they were signed ({name}).", vouched + 1))
    for size in sorted(signed):
        if size > len(hashed):
            text = f"has {len(hashed)} entries, but {size} were signed ({signed[size][0]}): it was cut short."
            findings.append(Finding(LOG, text))
    if signed and max(signed) < len(hashed):
        beyond = (
            f"The {len(hashed) - max(signed)} entries from here on are not signed: the export did not finish."
        )
        findings.append(Finding(LOG, beyond, max(signed) + 1))
    return vouched


def _compare_hashes(
    folder: Path,
    hashed: list[bytes],
    signed: dict[int, tuple[str, Checkpoint]],
    vouched: int,
    entries: list[Entry],
    findings: list[Finding],
) -> None:
    """Name the very lines that were changed: the leaf hashes lie beside the log, the checkpoints judge."""
    if not (folder / HASHES).is_file():
        findings.append(Finding(HASHES, "is missing; the log itself was checked against its checkpoints."))
        return
    stored = _lines(folder / HASHES, findings)
    expected = [leaf.hex().encode() for leaf in hashed]
    if len(stored) != len(expected):
        findings.append(Finding(HASHES, f"has {len(stored)} lines, {LOG} has {len(expected)}."))
    # Where the log broke its signature, the hashes may still keep it: then they tell which line is wrong.
    trusted = _vouched_hashes(stored, signed)
    shifted = len(stored) != len(expected)
    for number, (there, now) in enumerate(zip(stored, expected, strict=False), start=1):
        if there == now:
            continue
        if number <= vouched:
            findings.append(
                Finding(HASHES, "is not the hash of this entry, which is as it was signed.", number)
            )
        else:
            what = (
                "was changed: it is not the entry that was signed"
                if number <= trusted
                else "does not fit its hash"
            )
            where = entries[number - 1].whose() if number <= len(entries) else {}
            findings.append(replace(Finding(LOG, f"This entry {what}.", number), **where))
        if shifted:
            return


def _vouched_hashes(stored: list[bytes], signed: dict[int, tuple[str, Checkpoint]]) -> int:
    tree, vouched = Frontier(), 0
    for text in stored:
        try:
            tree.add(bytes.fromhex(text.decode()))
        except ValueError:
            return vouched
        if tree.size in signed and signed[tree.size][1].root == tree.root:
            vouched = tree.size
    return vouched
