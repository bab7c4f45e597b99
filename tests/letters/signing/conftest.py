"""An authority that exists for one test run, those who have certificates of it, and the letter of Siti."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jendela.letters.signing import Trust, sign, verify

EXAMPLE = (Path(__file__).parents[3] / "docs" / "examples" / "surat_phk.xml").read_bytes()
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
SIGNED, RECEIVED = datetime(2026, 7, 1, 3, tzinfo=UTC), datetime(2026, 7, 20, 3, tzinfo=UTC)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


@dataclass
class Holder:
    """Somebody with a key and a certificate; `chain` are the certificates up to, without, the anchor."""

    key: Any
    certificate: x509.Certificate
    above: list[x509.Certificate] = field(default_factory=list)

    @property
    def chain(self) -> list[x509.Certificate]:
        return [self.certificate, *self.above]

    def issue(
        self,
        name: str,
        key: Any = None,
        *,
        ca: bool = False,
        usage: bool | None = True,
        begin: datetime = BEGIN,
        end: datetime = END,
    ) -> Holder:
        """A certificate of this authority; `usage` says whether it may sign, null leaves it out."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, key, self, ca=ca, usage=usage, begin=begin, end=end)
        above = self.chain if self.certificate.issuer != self.certificate.subject else []
        return Holder(key, certificate, above)

    def revoke(self, revoked: Holder, at: datetime) -> x509.CertificateRevocationList:
        entry = x509.RevokedCertificateBuilder().serial_number(revoked.certificate.serial_number)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at)
            .next_update(at + timedelta(days=7))
            .add_revoked_certificate(entry.revocation_date(at).build())
        )
        return builder.sign(self.key, hashes.SHA256())

    def pem(self, folder: Path) -> tuple[Path, Path]:
        """The key's file and the file of the certificates."""
        key, certificates = folder / "key.pem", folder / "cert.pem"
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificates.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in self.chain))
        return key, certificates


def _certificate(
    name: str,
    key: Any,
    by: Holder | None,
    *,
    ca: bool,
    usage: bool | None,
    begin: datetime,
    end: datetime,
) -> x509.Certificate:
    issuer_key = by.key if by else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(by.certificate.subject if by else _name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if usage is not None:
        signs = usage and not ca
        builder = builder.add_extension(
            x509.KeyUsage(signs, signs, False, False, not usage, ca, ca, False, False), critical=True
        )
    return builder.sign(issuer_key, hashes.SHA256())


def authority(name: str) -> Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    return Holder(key, _certificate(name, key, None, ca=True, usage=True, begin=BEGIN, end=END))


@dataclass
class Office:
    """The anchor, the authority below it, and Rahmat, who signs for PT Borneo Mitra Karya."""

    root: Holder
    below: Holder
    rahmat: Holder
    signed_at: datetime = SIGNED
    received: datetime = RECEIVED
    letter: bytes = EXAMPLE

    @property
    def trust(self) -> Trust:
        return Trust((self.root.certificate,))

    def signed(self, by: Holder | None = None, at: datetime = SIGNED) -> bytes:
        by = by or self.rahmat
        return sign(self.letter, by.key, by.chain, at)

    def verdict(self, xml: bytes, trust: Trust | None = None, at: datetime = RECEIVED) -> Any:
        return verify(xml, trust or self.trust, at)

    def strangers(self) -> Holder:
        """A new authority of the same name as ours, which is not ours."""
        return authority("Otoritas Uji")


@pytest.fixture(scope="session")
def office() -> Office:
    root = authority("Otoritas Uji")
    below = root.issue("Otoritas Uji Penerbit", ca=True)
    return Office(root, below, below.issue("Rahmat Hidayat"))


@pytest.fixture(scope="session")
def rsa_signer(office) -> Holder:
    return office.below.issue("Rahmat Hidayat", rsa.generate_private_key(65537, 2048))
