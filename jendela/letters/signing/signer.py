"""Signing a letter: XAdES-BES, enveloped, exclusive canonicalisation, SHA-256."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from jendela.letters.signing.profile import signatures
from jendela.letters.signing.reading import parse
from jendela.letters.signing.trust import CURVES, MIN_RSA_BITS
from jendela.letters.signing.verdict import Refused
from jendela.letters.signing.whole import EXCLUSIVE, canonical
from jendela.model.errors import WrongUseError

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
ROOT = "{urn:id:jendela:surat-phk:1.0}berkas_phk"


def sign(
    xml: bytes, key: PrivateKey, certificates: Sequence[x509.Certificate], at: datetime | None = None
) -> bytes:
    """The letter with its signature as last child of the root.

    Comments are left out: they are no part of a letter, and a signature does not cover them.

    Args:
        xml: an unsigned letter.
        key: RSA of at least 2048 bits, or ECDSA on P-256, P-384 or P-521.
        certificates: the signer's own first, then those between it and the trust anchor.
        at: the time of signing to claim (with a zone), by default now.

    Raises:
        WrongUseError: it is not a letter, is signed already, or key and certificate do not fit.
    """
    from lxml import etree

    from jendela.letters.signing.library import xades

    try:
        root = parse(xml, keep_comments=False)
    except Refused:
        raise WrongUseError(
            "The file is not XML that can be signed. Check it with `jendela letter check`."
        ) from None
    if root.tag != ROOT:
        raise WrongUseError("The file is not a termination letter in the agreed XML.")
    if signatures(root):
        raise WrongUseError(
            "The letter is signed already. To change it, issue a correction with its own number."
        )
    _check(key, certificates)
    signer = _signer()(
        signature_algorithm="ecdsa-sha256" if isinstance(key, ec.EllipticCurvePrivateKey) else "rsa-sha256",
        digest_algorithm="sha256",
        c14n_algorithm=EXCLUSIVE,
        data_object_format=xades().XAdESDataObjectFormat(Description="Surat PHK", MimeType="text/xml"),
    )
    signer.signed = canonical(root, EXCLUSIVE)
    signer.at = (at if at is not None else datetime.now(UTC)).astimezone(UTC)
    # The signature is made around an empty letter of the same name: nothing in it depends on its place.
    outline = etree.Element(ROOT, nsmap=root.nsmap)
    made = signer.sign(outline, key=key, cert=list(certificates), always_add_key_value=False)
    root.append(made[-1])
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8"))


def load_key(pem: bytes, passphrase: bytes | None = None) -> PrivateKey:
    """The private key of a PEM file.

    Raises:
        ValueError: it is not RSA or ECDSA, the passphrase is wrong, or one is given or missing.
    """
    try:
        key = load_pem_private_key(pem, passphrase)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("not a private key that can be opened") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("not an RSA or ECDSA key")
    return key


def _check(key: PrivateKey, certificates: Sequence[x509.Certificate]) -> None:
    if not certificates:
        raise WrongUseError("No certificate was given: it says who signs.")
    strong = key.key_size >= MIN_RSA_BITS if isinstance(key, rsa.RSAPrivateKey) else key.curve.name in CURVES
    if not strong:
        raise WrongUseError(f"The key must be RSA of at least {MIN_RSA_BITS} bits, or ECDSA on P-256.")
    if _public(key.public_key()) != _public(certificates[0].public_key()):
        raise WrongUseError("The first certificate is not that of the key.")


def _public(key: Any) -> bytes:
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@lru_cache(maxsize=1)
def _signer() -> Any:
    """signxml's XAdES signer with three things put right.

    It takes the time it is given, and the letter's canonical bytes as they are, without copying the letter
    thrice. And it says how it canonicalised its own parts: without a transform every other verifier takes
    Canonical XML 1.0 (XMLDSig 4.4.3.2), and finds another digest than the one written.
    """
    from lxml.etree import SubElement

    from jendela.letters.signing.library import signxml, xades

    base: Any = xades().XAdESSigner
    tags: Any = signxml().util

    def add_signing_time(self: Any, signed_signature_properties: Any, **_: Any) -> None:
        tag = tags.xades_tag("SigningTime")
        element = SubElement(signed_signature_properties, tag, nsmap=self.namespaces)
        element.text = self.at.isoformat(timespec="seconds")

    def add_reference(self: Any, sig_root: Any, node_to_reference: Any, **attributes: str) -> None:
        base._add_reference_to_signed_info(self, sig_root, node_to_reference, **attributes)
        transforms = SubElement(self._find(sig_root, "SignedInfo")[-1], tags.ds_tag("Transforms"))
        SubElement(transforms, tags.ds_tag("Transform"), Algorithm=EXCLUSIVE)
        transforms.getparent().insert(0, transforms)

    def canonical_part(self: Any, nodes: Any, algorithm: Any, inclusive_ns_prefixes: Any = None) -> Any:
        if nodes.tag == ROOT:
            return self.signed
        return base._c14n(self, nodes, algorithm, inclusive_ns_prefixes)

    own = {
        "add_signing_time": add_signing_time,
        "_add_reference_to_signed_info": add_reference,
        "_c14n": canonical_part,
    }
    return type("Signer", (base,), own)
