"""`jendela letter render` and `verify-copy`: the worker's copy of a letter, and whether one is genuine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jendela.cli.evidence import EVIDENCE_EXIT
from jendela.cli.options import hub_of, writable
from jendela.model.errors import EvidenceError, WrongUseError

if TYPE_CHECKING:
    from jendela.evidence.landed import Landed
    from jendela.letters.rendering import Copy, LedgerPlace

OPEN_EXIT = 1
_file = click.Path(path_type=Path, dir_okay=False, exists=True)
_folder = click.Path(path_type=Path, file_okay=False, exists=True)
_hub = click.option("--hub", type=_file, help="The configuration of the hub that received the letter.")


@click.command()
@click.argument("file", type=_file)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    callback=writable,
    help="Where the PDF goes.",
)
@click.option(
    "--worker",
    type=click.IntRange(min=1),
    help="Of a letter about several workers the copy of this one, without the others' data.",
)
@_hub
def render(file: Path, out: Path, worker: int | None, hub: Path | None) -> None:
    """Draw the letter in FILE (XML) as a PDF for the worker, with the letter inside and a code to check it.

    With --hub the code also says where the hub's ledger has the letter.
    """
    from jendela.letters.rendering import render as drawn

    xml = file.read_bytes()
    out.write_bytes(drawn(xml, worker=worker, place=_place(hub, xml)))
    click.echo(str(out))


@click.command("verify-copy")
@click.argument("file", type=_file, required=False)
@click.option("--qr", "scanned", help="What a telephone read from the printed code.")
@click.option("--letter", type=_file, help="The letter's XML, for a copy that does not carry it.")
@click.option("--trust", envvar="JENDELA_TRUST", type=_folder, help="Folder of trusted authorities (PEM).")
@click.option("--ledger", type=_folder, help="The evidence folder of the hub.")
@_hub
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", envvar="JENDELA_LANG", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify_copy(
    file: Path | None,
    scanned: str | None,
    letter: Path | None,
    trust: Path | None,
    ledger: Path | None,
    hub: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> int:
    """Check a worker's copy (FILE, a PDF) or the code of a printed one (--qr).

    Exit code 0: genuine; 1: nothing wrong, but not all could be checked; 4: not genuine.
    """
    from jendela.contracts.messages import load_messages
    from jendela.letters.rendering import verify_copy as check
    from jendela.letters.signing import load_trust

    if file is None and scanned is None:
        raise click.UsageError("Name the copy (a PDF) or what its code says (--qr TEXT).")
    found = check(
        file.read_bytes() if file else None,
        load_trust(trust),
        scanned=scanned,
        letter=letter.read_bytes() if letter else None,
    )
    problems, open_points = list(found.problems), list(found.open_points)
    notes: list[str] = []
    if ledger is not None or hub is not None:
        _in_ledger(found, ledger, hub, problems, open_points, notes)
    elif found.payload is not None and found.payload.place is not None:
        open_points.append("render.copy.ledger_unchecked")
    code = EVIDENCE_EXIT if problems else (OPEN_EXIT if open_points else 0)
    if as_json:
        click.echo(json.dumps(_as_json(found, problems, open_points, notes)))
        return code
    texts = load_messages()
    for key in problems or open_points or ["render.copy.genuine"]:
        click.echo(getattr(texts.text(key), lang))
    if found.signature is not None:
        click.echo(getattr(texts.text(found.signature.reason or "signature.valid"), lang))
    for note in notes:
        click.echo(note)
    return code


def _place(hub: Path | None, xml: bytes) -> LedgerPlace | None:
    """Where the hub's ledger has the letter; null without a hub."""
    import hashlib

    from jendela.letters.rendering import LedgerPlace

    if hub is None:
        return None
    landed = _located(hub, hashlib.sha256(xml).hexdigest())
    if landed is None:
        raise WrongUseError(
            "The hub's ledger does not have this letter: it did not come in as this file, or its night is "
            "not closed yet. Draw the copy without --hub, or when it is."
        )
    return LedgerPlace(landed.leaf, landed.size, landed.root)


def _located(hub: Path, sha256: str) -> Landed | None:
    from jendela.evidence.landed import locate

    with hub_of(hub) as opened:
        try:
            return locate(opened, sha256)
        except FileNotFoundError:
            raise EvidenceError("The file in which the letter came in is past its retention.") from None


def _in_ledger(
    found: Copy,
    ledger: Path | None,
    hub: Path | None,
    problems: list[str],
    open_points: list[str],
    notes: list[str],
) -> None:
    """What the evidence folder and the hub say of the place in the code."""
    from jendela.evidence.landed import check_place

    place = found.payload.place if found.payload else None
    if ledger is not None and place is None:
        open_points.append("render.copy.no_place")
    if ledger is not None and place is not None:
        findings = check_place(ledger, place.leaf, place.size, place.root)
        notes += [str(finding) for finding in findings]
        if findings:
            problems.append("render.copy.not_in_ledger")
        elif hub is None:
            open_points.append("render.copy.landing_sealed")
    sha256 = found.sha256 or (found.payload.sha256 if found.payload else None)
    if hub is not None and sha256 is not None:
        landed = _located(hub, sha256)
        if landed is None or (place is not None and landed.leaf != place.leaf):
            problems.append("render.copy.not_in_ledger")
        else:
            notes.append(f"ledger {landed.leaf}: {landed.night}, {landed.office}")


def _as_json(found: Copy, problems: list[str], open_points: list[str], notes: list[str]) -> dict[str, object]:
    signature = found.signature
    return {
        "genuine": not problems and not open_points,
        "problems": problems,
        "open": open_points,
        "page": found.page,
        "sha256": found.sha256,
        "code": found.payload.text() if found.payload else None,
        "signature": signature.status if signature else None,
        "signature_reason": signature.reason if signature else None,
        "signed_at": signature.signed_at.isoformat() if signature and signature.signed_at else None,
        "ledger": notes,
    }
