"""A private authority for servers on the loopback address: for the demo's offices and for tests only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LASTS = timedelta(days=3650)


@dataclass(frozen=True)
class Certificates:
    """PEM files: the authority, a server at 127.0.0.1 and localhost, and a client, each with its key."""

    ca: Path
    server: Path
    server_key: Path
    client: Path
    client_key: Path


def make_certificates(folder: Path) -> Certificates:
    """The certificates in `folder`, made there if it has none yet. The authority's own key is not kept."""
    made = Certificates(
        folder / "ca.pem",
        folder / "server.pem",
        folder / "server.key",
        folder / "client.pem",
        folder / "client.key",
    )
    if all(path.is_file() for path in vars(made).values()):
        return made
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    authority = _name("Jendela demo authority")
    _write(made.ca, _certificate(authority, authority, key.public_key(), key, None))
    for name, usage, pem, private in (
        ("localhost", ExtendedKeyUsageOID.SERVER_AUTH, made.server, made.server_key),
        ("jendela", ExtendedKeyUsageOID.CLIENT_AUTH, made.client, made.client_key),
    ):
        own = ec.generate_private_key(ec.SECP256R1())
        _write(pem, _certificate(_name(name), authority, own.public_key(), key, usage))
        secret = own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        private.touch(mode=0o600)
        private.write_bytes(secret)
    return made


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    key: ec.EllipticCurvePrivateKey,
    usage: x509.ObjectIdentifier | None,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.BasicConstraints(ca=usage is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    if usage is None:
        signs = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        return builder.add_extension(signs, critical=True).sign(key, hashes.SHA256())
    here = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
    return (
        builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(x509.SubjectAlternativeName(here), critical=False)
        .sign(key, hashes.SHA256())
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
