"""`jendela letter sign`: the employer's electronic signature on a letter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jendela.cli.options import writable
from jendela.model.errors import WrongUseError

if TYPE_CHECKING:
    from jendela.letters.signing.signer import PrivateKey

PASSPHRASE = "JENDELA_SIGNING_PASSPHRASE"  # noqa: S105  the name of the variable
_file = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("file", type=_file)
@click.option("--key", required=True, type=_file, help=f"Private key (PEM); its passphrase in {PASSPHRASE}.")
@click.option(
    "--cert", required=True, type=_file, help="The signer's certificate, then those above it (PEM)."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=writable,
    help="Where the signed letter goes; else beside FILE as NAME.signed.xml.",
)
def sign(file: Path, key: Path, cert: Path, out: Path | None) -> None:
    """Sign the letter in FILE (XAdES-BES, inside the XML). Sign last: any later change breaks it."""
    from jendela.letters.signing.signer import sign as signed
    from jendela.letters.signing.trust import load_certificates

    target = out or file.with_suffix(".signed.xml")
    if target.exists() and target.samefile(file):
        raise WrongUseError("--out is the letter itself: keep the unsigned file, and name another.")
    try:
        certificates = load_certificates(cert.read_bytes())
    except ValueError:
        raise WrongUseError(f"{cert.name} holds no certificate in PEM.") from None
    target.write_bytes(signed(file.read_bytes(), _key(key), certificates))
    click.echo(str(target))


def _key(file: Path) -> PrivateKey:
    """The private key of a PEM file, opened with the passphrase of the environment if it has one."""
    from jendela.letters.signing.signer import load_key

    passphrase = os.environ.get(PASSPHRASE)
    try:
        return load_key(file.read_bytes(), passphrase.encode() if passphrase else None)
    except ValueError:
        raise WrongUseError(
            f"{file.name} does not open as a private key in PEM. If it has a passphrase, put that into "
            f"{PASSPHRASE}; if it has none, leave that empty."
        ) from None
