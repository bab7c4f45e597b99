"""Siti's letter, signed by Rahmat, and what a PDF says."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jendela.letters.signing import Trust, sign

EXAMPLE = (Path(__file__).parents[3] / "docs" / "examples" / "surat_phk.xml").read_bytes()


@dataclass
class Sheet:
    """A PDF as a person and as a program sees it."""

    raw: bytes

    @property
    def reader(self) -> pypdf.PdfReader:
        return pypdf.PdfReader(io.BytesIO(self.raw))

    @property
    def text(self) -> str:
        """All its words, one blank between them."""
        return " ".join(" ".join(page.extract_text() for page in self.reader.pages).split())

    @property
    def attachments(self) -> dict[str, list[bytes]]:
        return {name: list(files) for name, files in self.reader.attachments.items()}


@pytest.fixture(scope="session")
def sheet():
    return Sheet


@pytest.fixture(scope="session")
def letter() -> bytes:
    return EXAMPLE


@pytest.fixture(scope="session")
def two_workers() -> bytes:
    """The same letter about Siti and Budi."""
    start, end = EXAMPLE.index(b"  <pekerja"), EXAMPLE.index(b"</pekerja>") + len(b"</pekerja>\n")
    budi = (
        EXAMPLE[start:end]
        .replace(b'urut="1"', b'urut="2"')
        .replace(b"SITI NUR AISYAH", b"BUDI SANTOSO")
        .replace(b"6471055708899001", b"6471051708899002")
    )
    return EXAMPLE[:end] + budi + EXAMPLE[end:]


@dataclass
class Signer:
    key: Any
    certificate: x509.Certificate
    trust: Trust

    def sign(self, xml: bytes) -> bytes:
        return sign(xml, self.key, [self.certificate], datetime(2026, 7, 1, tzinfo=UTC))


def _certificate(name: str, key: Any, issuer: str, by: Any, *, ca: bool) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), critical=True)
        .sign(by, hashes.SHA256())
    )


@pytest.fixture(scope="session")
def signer() -> Signer:
    above, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    anchor = _certificate("Otoritas Uji", above, "Otoritas Uji", above, ca=True)
    certificate = _certificate("Rahmat Hidayat", own, "Otoritas Uji", above, ca=False)
    return Signer(own, certificate, Trust((anchor,)))
