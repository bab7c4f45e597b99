"""Whom we believe: certificate authorities and revocation lists, as files in one folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import verification

from jendela.letters.signing.verdict import Refused
from jendela.model.errors import WrongUseError

MIN_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")
_CERTIFICATE, _CRL = b"-----BEGIN CERTIFICATE-----", b"-----BEGIN X509 CRL-----"


@dataclass(frozen=True)
class Trust:
    """Trust anchors and revocation lists. Without an anchor no signature is valid, and the verdict says so.

    Anchors are certificate authorities: an employer's own certificate is not one.
    """

    anchors: tuple[x509.Certificate, ...] = ()
    revocations: tuple[x509.CertificateRevocationList, ...] = ()

    def check(
        self, leaf: x509.Certificate, others: Sequence[x509.Certificate], signed: datetime, received: datetime
    ) -> None:
        """Nothing, if `leaf` could sign a letter at `signed` and was not revoked when it was `received`.

        Raises:
            Refused: no anchor is configured, the chain does not end in one, a certificate of it was not
                valid at that time, may not be used so, or is revoked.
        """
        if not self.anchors:
            raise Refused("no_trust")
        _check_key(leaf)
        chain = self._chain(leaf, others, signed)
        # By the time of receipt, not of signing: who has stolen a key can claim any time of signing.
        for certificate, issuer in pairwise(chain):
            self._check_revoked(certificate, issuer, received)

    def _chain(
        self, leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime
    ) -> list[x509.Certificate]:
        _check_usage(leaf)
        try:
            return self._build(leaf, others, at)
        except verification.VerificationError:
            pass
        if not _in_time(leaf, at):
            raise Refused("not_in_time")
        raise Refused("untrusted")

    def _build(
        self, leaf: x509.Certificate, others: Sequence[x509.Certificate], at: datetime
    ) -> list[x509.Certificate]:
        policies = verification.ExtensionPolicy
        builder = (
            verification.PolicyBuilder()
            .store(self._store)
            .time(at)
            .extension_policies(ee_policy=policies.permit_all(), ca_policy=policies.webpki_defaults_ca())
        )
        return builder.build_client_verifier().verify(leaf, list(others)).chain

    @cached_property
    def _store(self) -> verification.Store:
        return verification.Store(list(self.anchors))

    def _check_revoked(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> None:
        for revoked in self.revocations:
            if revoked.issuer != issuer.subject:
                continue
            key: Any = issuer.public_key()
            entry = revoked.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and entry.revocation_date_utc <= at and _signed_by(revoked, key):
                raise Refused("revoked")


def load_trust(folder: Path | None) -> Trust:
    """The certificates (`.pem`, `.crt`, `.cer`) and revocation lists (`.crl`, `.pem`) of a folder.

    Null or an empty folder trusts nobody.

    Raises:
        WrongUseError: the folder is missing, or a file in it is neither; its name is said.
    """
    if folder is None:
        return Trust()
    if not folder.is_dir():
        raise WrongUseError(
            f"The folder of trust anchors {folder} is missing. Correct --trust or JENDELA_TRUST."
        )
    anchors: list[x509.Certificate] = []
    revocations: list[x509.CertificateRevocationList] = []
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in (".pem", ".crt", ".cer", ".crl"):
            continue
        try:
            certificates, lists = _read(file.read_bytes(), file.suffix.lower())
        except (ValueError, OSError, UnsupportedAlgorithm):
            raise WrongUseError(
                f"{file.name} in the folder of trust anchors is neither a certificate nor a revocation list: "
                "replace or remove it."
            ) from None
        _check_anchors(file.name, certificates)
        _check_lists(file.name, lists)
        anchors += certificates
        revocations += lists
    return Trust(tuple(anchors), tuple(revocations))


def load_certificates(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file, in order.

    Raises:
        ValueError: there is none, or one cannot be read.
    """
    return x509.load_pem_x509_certificates(pem)


def common_name(name: x509.Name) -> str | None:
    """The CN of a subject or issuer; null without one."""
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else None


def _read(raw: bytes, suffix: str) -> tuple[list[x509.Certificate], list[x509.CertificateRevocationList]]:
    if _CERTIFICATE in raw:
        return x509.load_pem_x509_certificates(raw), []
    if _CRL in raw:
        return [], [x509.load_pem_x509_crl(raw)]
    if suffix == ".crl":
        return [], [x509.load_der_x509_crl(raw)]
    return [x509.load_der_x509_certificate(raw)], []


def _check_anchors(file: str, certificates: Iterable[x509.Certificate]) -> None:
    for certificate in certificates:
        try:
            authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
            usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
            if authority and usage.key_cert_sign:
                continue
        except (x509.ExtensionNotFound, ValueError):
            pass
        raise WrongUseError(
            f"{file} in the folder of trust anchors is not the certificate of an authority (CA:TRUE, "
            "keyCertSign): put there that of the authority that issued it."
        )


def _check_lists(file: str, lists: Iterable[x509.CertificateRevocationList]) -> None:
    partial = (x509.DeltaCRLIndicator, x509.IssuingDistributionPoint)
    for one in lists:
        if any(isinstance(extension.value, partial) for extension in one.extensions):
            raise WrongUseError(
                f"{file} in the folder of trust anchors is only a part of a revocation list (delta, or for "
                "one distribution point): put the full list there."
            )


def _check_key(leaf: x509.Certificate) -> None:
    try:
        key = leaf.public_key()
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        raise Refused("weak_key") from None
    strong = (isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES
    )
    if not strong:
        raise Refused("weak_key")


def _check_usage(leaf: x509.Certificate) -> None:
    """A certificate for signatures, and not one of an authority (RFC 5280, 4.2.1.3 and 4.2.1.9)."""
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise Refused("usage") from None
    try:
        authority = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    if authority or not (usage.digital_signature or usage.content_commitment):
        raise Refused("usage")


def _signed_by(revoked: x509.CertificateRevocationList, key: Any) -> bool:
    try:
        return revoked.is_signature_valid(key)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False  # signed with a key of another kind: not by this authority


def _in_time(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
