"""`jendela verify --prove`, `--prove-growth` and `--proof`: what is shown to somebody who has no log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from jendela.model.errors import EvidenceError, WrongUseError


def write(evidence: Path, out: Path, index: int | None, kept: Mapping[str, bytes]) -> int:
    """The proof of entry `index`, or of growth where it is None, written to `out`; 0."""
    from jendela.evidence.proof import prove_entry, prove_growth
    from jendela.store.artefacts import write_whole

    note = next(iter(kept.values()), None)
    if index is not None:
        proof = prove_entry(evidence, index, note).text()
    else:
        if note is None:
            raise click.UsageError(
                "--prove-growth: since when? Name the earlier checkpoint with --checkpoint."
            )
        proof = prove_growth(evidence, note).text()
    try:
        write_whole(out, proof)
    except OSError as error:
        raise WrongUseError(f"{out} cannot be written: {error.strerror}. Name another file.") from None
    click.echo(str(out))
    return 0


def check(file: Path, public_key: str, kept: Mapping[str, bytes], *, as_json: bool) -> int:
    """What a proof shows, for a person or as JSON; 4 where it shows nothing."""
    from jendela.evidence import proof
    from jendela.evidence.checkpoint import Verifier

    try:
        found = proof.parse(file.read_bytes())
        signed = proof.check(found, Verifier.parse(public_key), kept)
    except WrongUseError as error:
        raise WrongUseError(f"{file}: {error}") from None
    except EvidenceError as error:
        said = f"{file}: {error}"
        click.echo(json.dumps({"findings": [said]}) if as_json else said)
        return EvidenceError.exit_code
    told: dict[str, Any] = {"entries": signed.size, "findings": []}
    if isinstance(found, proof.EntryProof):
        line = found.entry.decode()
        told |= {"index": found.index, "entry": json.loads(line)}
        text = f"{line}\nEntry {found.index} of the {signed.size} that were signed: the proof holds."
    else:
        told |= {"since": found.old}
        text = f"The {signed.size} entries that were signed begin with your {found.old}: the proof holds."
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else text)
    return 0
