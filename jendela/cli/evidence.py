"""`jendela report` and `jendela verify`: what an auditor reads, and how it is checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from jendela.cli import proofs
from jendela.cli.options import config_option, hub_of, night_option, settings_of, writable
from jendela.model.errors import EvidenceError, WrongUseError

EVIDENCE_EXIT = 4

_kept = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@config_option
@night_option("The night's Jakarta date.", required=True)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["html", "xlsx", "csv", "json"]),
    default="html",
    show_default=True,
    help="XLSX: all tables, a sheet each; CSV: the discrepancies.",
)
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="HTML carries both."
)
@click.option("--supplement", type=click.IntRange(min=0), default=0, help="That of a catch-up, by number.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def report(config: Path, day: date, fmt: str, lang: str, supplement: int, out: Path) -> None:
    """The report of a closed night, written to a file.

    Exit code 2 where there is none, or the file cannot be written.
    """
    from jendela.report import render

    with hub_of(config) as hub:
        try:
            render(hub, day, fmt, lang, out, supplement)
        except OSError as error:
            problem = f"{out} cannot be written: {error.strerror}. Name another file with --out."
            raise WrongUseError(problem) from None
    click.echo(str(out))


@click.command()
@click.option("--config", envvar="JENDELA_CONFIG", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--evidence", type=click.Path(path_type=Path, file_okay=False), help="The evidence folder itself."
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Check artefacts of nights from this date on."
)
@click.option(
    "--artefacts",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The state folder: landing files, deliveries and reports are checked too.",
)
@click.option(
    "--public-key",
    type=_kept,
    help="The `ledger.pub` that you were given at the start; else the one beside the log is believed.",
)
@click.option(
    "--checkpoint",
    "checkpoints",
    type=_kept,
    multiple=True,
    help="A copy of `checkpoint` that you kept; as many as you have. The log must still begin with each.",
)
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@click.option(
    "--prove",
    type=click.IntRange(min=0),
    help="Write the proof that the log holds the entry of this `index`, for the holder of a checkpoint.",
)
@click.option(
    "--prove-growth",
    is_flag=True,
    help="Write the proof that the log of today begins with that of --checkpoint.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=writable,
    help="Where to write the proof.",
)
@click.option("--proof", type=_kept, help="Check such a proof, with --public-key and no log at all.")
def verify(
    config: Path | None,
    evidence: Path | None,
    since: object,
    artefacts: Path | None,
    public_key: Path | None,
    checkpoints: Sequence[Path],
    as_json: bool,
    prove: int | None,
    prove_growth: bool,
    out: Path | None,
    proof: Path | None,
) -> int:
    """Check the log with the public key alone; with --artefacts also every file beside it.

    With --prove or --prove-growth: write a proof out of the log; with --proof: check one without it.
    """
    from jendela.evidence import verify as check

    if sum((prove is not None, prove_growth, proof is not None)) > 1:
        raise click.UsageError("One at a time: --prove, --prove-growth or --proof.")
    key = _public_key(public_key) if public_key else None
    kept = {str(file): _checkpoint(file) for file in checkpoints}
    if proof is not None:
        if key is None:
            raise click.UsageError("--proof: by whose key? Name your copy of ledger.pub with --public-key.")
        return proofs.check(proof, key, kept, as_json=as_json)
    folder = evidence or (settings_of(config).state / "evidence" if config else None)
    if folder is None:
        raise click.UsageError("Name the evidence: --evidence FOLDER, --config FILE or JENDELA_CONFIG.")
    if prove is not None or prove_growth:
        if out is None or len(kept) > 1:
            raise click.UsageError(
                "A proof needs one file to write to (--out), and one --checkpoint at most."
            )
        return proofs.write(folder, out, prove, kept)
    day = since.date() if hasattr(since, "date") else None
    result = check.verify(folder, artefacts, day, public_key=key, kept=kept)
    if as_json:
        findings = [str(finding) for finding in result.findings]
        click.echo(json.dumps({"entries": result.entries, "files": result.files, "findings": findings}))
    else:
        for finding in result.findings:
            click.echo(str(finding))
        verdict = "does NOT verify" if result.findings else "verifies"
        click.echo(f"{folder}: {result.entries} entries, {result.files} files: {verdict}")
    return EVIDENCE_EXIT if result.findings else 0


def _public_key(file: Path) -> str:
    """The line in a file that the auditor kept."""
    from jendela.evidence.checkpoint import Verifier

    try:
        return Verifier.parse(file.read_bytes().decode().strip()).text()
    except (EvidenceError, UnicodeDecodeError):
        raise click.BadParameter(
            f"{file} is not the public key of a ledger: keep evidence/ledger.pub as it is.",
            param_hint="--public-key",
        ) from None


def _checkpoint(file: Path) -> bytes:
    """The note in a file that the auditor kept; whether the ledger signed it is for `verify` to find."""
    from jendela.evidence.checkpoint import read

    note = file.read_bytes()
    try:
        read(note)
    except EvidenceError:
        raise click.BadParameter(
            f"{file} is not a checkpoint: keep evidence/checkpoint as it is, byte by byte.",
            param_hint="--checkpoint",
        ) from None
    return note
