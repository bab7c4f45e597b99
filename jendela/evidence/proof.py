"""Proofs of the log that need no log: that it holds one entry, and that it only grew since a checkpoint.

In the text forms of C2SP, so that others can check them too: of an entry https://c2sp.org/tlog-proof, with
the entry itself as its extra data; of growth what a witness is sent (https://c2sp.org/tlog-witness).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jendela.evidence.checkpoint import Checkpoint, Verifier, read
from jendela.evidence.ledger import LATEST, LOG
from jendela.evidence.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from jendela.model.errors import EvidenceError, WrongUseError

HEADER = "c2sp.org/tlog-proof@v1"
EXTRA, INDEX, OLD = "extra ", "index ", "old "


@dataclass(frozen=True)
class EntryProof:
    """That the log of a checkpoint holds `entry` (the bytes of its line) at `index`, counted from 0."""

    index: int
    entry: bytes
    hashes: tuple[bytes, ...]
    note: bytes

    def text(self) -> bytes:
        """The proof as it is written to a file."""
        head = [HEADER, EXTRA + _base64(self.entry), f"{INDEX}{self.index}"]
        return _text(head, self.hashes, self.note)


@dataclass(frozen=True)
class GrowthProof:
    """That the log of a checkpoint begins with the `old` entries of an earlier one."""

    old: int
    hashes: tuple[bytes, ...]
    note: bytes

    def text(self) -> bytes:
        """The proof as it is written to a file."""
        return _text([f"{OLD}{self.old}"], self.hashes, self.note)


def prove_entry(folder: Path, index: int, note: bytes | None = None) -> EntryProof:
    """The proof that the exported log in `folder` holds an entry, for the holder of a checkpoint of it.

    Args:
        note: that checkpoint; else the one signed last.

    Raises:
        WrongUseError: there is no evidence in `folder`, or the checkpoint has no such entry.
        EvidenceError: the log is not the one that was signed.
    """
    lines, note, signed = _log(folder, note)
    if not 0 <= index < signed.size:
        raise WrongUseError(
            f"The checkpoint has no entry {index}: it is of {signed.size}, and their `index` begins with 0."
        )
    leaves = _leaves(lines, signed)
    return EntryProof(index, lines[index], tuple(inclusion_proof(leaves, index)), note)


def prove_growth(folder: Path, old: bytes) -> GrowthProof:
    """The proof that the log in `folder`, as it was signed last, begins with that of the checkpoint `old`.

    Raises:
        WrongUseError: there is no evidence in `folder`, or `old` is of no entry.
        EvidenceError: it does not, or is not the one that was signed.
    """
    lines, note, signed = _log(folder, None)
    before, _, _ = read(old)
    if before.size < 1:
        raise WrongUseError("Every log begins with a checkpoint of no entries: there is nothing to prove.")
    if before.size > signed.size:
        raise EvidenceError(
            f"{before.size} entries were signed before, and {signed.size} last: the log was cut short."
        )
    leaves = _leaves(lines, signed)
    _leaves(lines, before)
    return GrowthProof(before.size, tuple(consistency_proof(leaves, before.size)), note)


def parse(text: bytes) -> EntryProof | GrowthProof:
    """The proof in a file.

    Raises:
        WrongUseError: it is no proof.
        EvidenceError: it was one, and was changed.
    """
    if not text.startswith((f"{HEADER}\n".encode(), OLD.encode())):
        raise WrongUseError("is not a proof that `jendela verify --prove` or `--prove-growth` wrote.")
    try:
        head, note = text.split(b"\n\n", 1)
        found = _parsed(head.decode("ascii").split("\n"), note)
    except (ValueError, binascii.Error):
        raise EvidenceError("was changed: it cannot be read.") from None
    # Numbers and Base64 can be written in several ways: only the one way is accepted.
    if found.text() != text:
        raise EvidenceError("was changed: it is not written as a proof is.")
    return found


def check(proof: EntryProof | GrowthProof, key: Verifier, kept: Mapping[str, bytes]) -> Checkpoint:
    """The checkpoint for which a proof holds: signed with `key`, and no other history than what was kept.

    Args:
        kept: checkpoints that the auditor kept, by name. Of growth one of them is what it grew from; the
            proof of an entry must be for one of them, if there are any.

    Raises:
        WrongUseError: none of those kept is the one that the proof is about.
        EvidenceError: the proof does not hold, or a checkpoint is not signed with `key`.
    """
    signed = _opened(key, "Its checkpoint", proof.note)
    known = {name: _opened(key, f"Your {name}", note) for name, note in kept.items()}
    for name, other in known.items():
        if other.size == signed.size and other.root != signed.root:
            raise EvidenceError(
                f"Your {name} was signed for another log of the same size: there are two histories."
            )
    about = signed.size if isinstance(proof, EntryProof) else proof.old
    mine = next((one for one in known.values() if one.size == about), None)
    if mine is None and (known or isinstance(proof, GrowthProof)):
        raise WrongUseError(
            f"The proof is about the checkpoint of {about} entries: name it with --checkpoint."
        )
    if isinstance(proof, EntryProof):
        _check_entry(proof, signed)
    elif mine is not None and not verify_consistency(
        mine.size, signed.size, mine.root, signed.root, proof.hashes
    ):
        raise EvidenceError(f"The proof does not show that the log begins with your {mine.size} entries.")
    return signed


def _check_entry(proof: EntryProof, signed: Checkpoint) -> None:
    leaf = leaf_hash(proof.entry)
    if not verify_inclusion(leaf, proof.index, signed.size, proof.hashes, signed.root):
        raise EvidenceError(
            f"The proof does not show that the entry is entry {proof.index} of the signed log."
        )
    try:
        said = json.loads(proof.entry)["index"]
    except (ValueError, KeyError, TypeError):
        said = None
    if said != proof.index:
        raise EvidenceError(f"Entry {proof.index} is signed, but says that it is number {said}.")


def _opened(key: Verifier, name: str, note: bytes) -> Checkpoint:
    try:
        return key.open(note)
    except EvidenceError as error:
        raise EvidenceError(f"{name} {error}") from None


def _log(folder: Path, note: bytes | None) -> tuple[list[bytes], bytes, Checkpoint]:
    """The lines of the exported log, and a checkpoint of it; whose that is, is for the checker to find."""
    for name in (LOG, LATEST):
        if not (folder / name).is_file():
            raise WrongUseError(f"There is no evidence in {folder}: {name} is missing.")
    lines = (folder / LOG).read_bytes().split(b"\n")[:-1]
    try:
        note = (folder / LATEST).read_bytes() if note is None else note
        return lines, note, read(note)[0]
    except EvidenceError as error:
        raise EvidenceError(f"{LATEST} {error}") from None


def _leaves(lines: list[bytes], signed: Checkpoint) -> list[bytes]:
    leaves = [leaf_hash(line) for line in lines[: signed.size]]
    if len(leaves) < signed.size or root(leaves) != signed.root:
        raise EvidenceError(
            f"The first {signed.size} entries of {LOG} are not those that were signed: see `jendela verify`."
        )
    return leaves


def _parsed(head: list[str], note: bytes) -> EntryProof | GrowthProof:
    if head[0] != HEADER:
        return GrowthProof(int(head[0].removeprefix(OLD)), _hashes(head[1:]), note)
    _, extra, index, *hashes = head
    entry = base64.b64decode(extra.removeprefix(EXTRA), validate=True)
    return EntryProof(int(index.removeprefix(INDEX)), entry, _hashes(hashes), note)


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(line, validate=True) for line in lines)


def _text(head: list[str], hashes: tuple[bytes, ...], note: bytes) -> bytes:
    return "\n".join([*head, *map(_base64, hashes), "", ""]).encode() + note


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
