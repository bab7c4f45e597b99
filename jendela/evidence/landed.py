"""Where the ledger has a letter that landed: the receipt of the night it came commits to the file it lies in.

A letter's digest is not in the log itself. The log names the landing file, sealed, with its digest; the hub
opens that file and finds the letter in it. So an auditor with the log alone can say that the entry is there
and was signed, and the hub, or an auditor whom the hub shows the file, that the letter is in it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlalchemy import select

from jendela.evidence.checkpoint import Checkpoint, Verifier, verifier
from jendela.evidence.entries import Entry, parse_entries
from jendela.evidence.finding import Finding
from jendela.evidence.ledger import CHECKPOINTS, LATEST, LOG, PUBLIC_KEY
from jendela.evidence.verify import verify
from jendela.model.errors import EvidenceError
from jendela.model.receipt import Receipt
from jendela.store.hub import Hub
from jendela.store.tables import batch, landed_file, night, receipt

PULL = "pull"


@dataclass(frozen=True)
class Landed:
    """A letter's entry: `leaf` of the log whose first `size` entries have the signed root `root` (hex)."""

    leaf: int
    size: int
    root: str
    night: str
    office: str


def locate(hub: Hub, sha256: str) -> Landed | None:
    """The entry of the night on which a letter first came; null if it did not, or that night is still open.

    Args:
        sha256: of the letter's file, hex.

    Raises:
        EvidenceError: the landing file is not the one that the ledger committed to, or lacks the letter.
        FileNotFoundError: the landing file is past its retention.
    """
    query = (
        select(night.c.day, batch.c.office, batch.c.landing, receipt.c.leaf, receipt.c.body)
        .select_from(landed_file)
        .join(batch, batch.c.batch_id == landed_file.c.batch_id)
        .join(night, night.c.seq == batch.c.seq)
        .join(
            receipt,
            (receipt.c.day == night.c.day)
            & (receipt.c.supplement == night.c.supplement)
            & (receipt.c.scope == batch.c.office),
        )
        .where(landed_file.c.sha256 == sha256, receipt.c.step == PULL)
        .order_by(receipt.c.leaf)
    )
    with hub.reading() as conn:
        found = conn.execute(query).first()
    signed = _latest(hub)
    if found is None or signed is None or found.leaf >= signed.size:
        return None
    _check_landing(hub, found.landing, Receipt.from_json(found.body), sha256)
    return Landed(found.leaf, signed.size, signed.root.hex(), str(found.day), found.office)


def check_place(folder: Path, leaf: int, size: int, root: str) -> tuple[Finding, ...]:
    """What is wrong with a place in the exported evidence; nothing if it is an entry of a pull, and signed.

    Raises:
        WrongUseError: there is no evidence in `folder`.
    """
    findings = list(verify(folder).findings)
    name = f"{CHECKPOINTS}/{size}"
    note = folder / CHECKPOINTS / str(size)
    if not note.is_file():
        return (*findings, Finding(name, "There is no checkpoint of this size: it is not from this ledger."))
    key = (folder / PUBLIC_KEY).read_text(encoding="utf-8").strip() if (folder / PUBLIC_KEY).is_file() else ""
    try:
        if Verifier.parse(key).open(note.read_bytes()).root.hex() != root:
            findings.append(Finding(name, "The root is another one: it is not from this ledger."))
    except EvidenceError as error:
        findings.append(Finding(name, str(error)))
    entry = _entry(folder, leaf) if leaf < size else None
    landed = entry is not None and entry.receipt is not None and entry.receipt.step == PULL
    if not landed:
        findings.append(Finding(LOG, "This entry is not that of files that came in.", leaf + 1))
    return tuple(findings)


def _entry(folder: Path, leaf: int) -> Entry | None:
    with (folder / LOG).open("rb") as log:
        line = next((line for number, line in enumerate(log) if number == leaf), None)
    if line is None:
        return None
    ignored: list[Finding] = []
    index = json.loads(line).get("index") if line.startswith(b"{") else None
    entries = parse_entries([line.rstrip(b"\n")], LOG, ignored)
    return entries[0] if index == leaf else None


def _latest(hub: Hub) -> Checkpoint | None:
    file = hub.state / "evidence" / LATEST
    return verifier(hub.keyring).open(file.read_bytes()) if file.is_file() else None


def _check_landing(hub: Hub, path: str, pulled: Receipt, sha256: str) -> None:
    committed = {digest.path: digest.sha256 for digest in pulled.artefacts}
    with (hub.state / path).open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if committed.get(path) != actual:
        raise EvidenceError(f"{path} is not the file that the ledger committed to.")
    rows = hub.artefacts.read_landing(path).filter(pl.col("sha256") == sha256)
    if not any(hashlib.sha256(content).hexdigest() == sha256 for content in rows["content"]):
        raise EvidenceError(f"{path} does not hold the letter.")
