"""Is a letter signed, by whom, and is it what was signed?"""

from __future__ import annotations

import warnings
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

from jendela.letters.signing.profile import DIGESTS, METHODS, XADES, Profile, check_profile, signatures
from jendela.letters.signing.reading import hardened, parse
from jendela.letters.signing.trust import Trust, common_name
from jendela.letters.signing.verdict import Refused, Verdict
from jendela.letters.signing.whole import cut

MOST_CERTIFICATES = 10
CLOCKS = timedelta(minutes=5)  # how far the signer's clock may be ahead of ours
# What cryptography raises over a certificate, and with signxml and lxml over a signature, that is none.
_NO_CERTIFICATE = (
    ValueError,
    TypeError,
    CryptographyDeprecationWarning,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_BROKEN = (ValueError, TypeError, AttributeError, LookupError, AssertionError, NotImplementedError)


def is_signed(root: Any) -> bool:
    """True where a parsed letter has a signature anywhere: then only `verify` may say what it is worth."""
    return bool(signatures(root))


def verify(xml: bytes, trust: Trust, at: datetime | None = None) -> Verdict:
    """The judgement of a letter's signature; a letter without one is `none`, never valid.

    Args:
        xml: the file as it came.
        trust: the anchors; without any no signature is valid.
        at: when the hub received the letter (with a zone), by default now. No signature is made later, and
            what was revoked by then does not count.
    """
    received = (at if at is not None else datetime.now(UTC)).astimezone(UTC)
    try:
        root = parse(xml)
        if not is_signed(root):
            return Verdict("none", "signature.none")
        return _judge(root, trust, received)
    except Refused as refused:
        return Verdict("invalid", refused.reason)


def _judge(root: Any, trust: Trust, received: datetime) -> Verdict:
    profile = check_profile(root)
    leaf, others = _leaf(profile)
    signed, signed_at = _check_digests(root, profile, leaf)
    if signed_at is not None and signed_at > received + CLOCKS:
        raise Refused("future")
    trust.check(leaf, others, signed_at or received, received)
    return Verdict(
        "valid",
        subject=common_name(leaf.subject),
        issuer=common_name(leaf.issuer),
        serial=f"{leaf.serial_number:x}",
        signed_at=signed_at,
        algorithm=profile.algorithm,
        signed=signed,
    )


def _leaf(profile: Profile) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """The signer's certificate, that issued none of the others, and the others."""
    if len(profile.certificates) > MOST_CERTIFICATES:
        raise Refused("no_certificate")
    try:
        found = [_certificate(text) for text in profile.certificates]
    except _NO_CERTIFICATE:
        raise Refused("no_certificate") from None
    issuers = {one.issuer for one in found if one.issuer != one.subject}
    leaves = [one for one in found if one.subject not in issuers]
    if len(leaves) != 1:
        raise Refused("no_certificate")
    return leaves[0], [one for one in found if one is not leaves[0]]


def _certificate(text: str) -> x509.Certificate:
    """One certificate. It is parsed as it is asked, so everything that will be asked is asked here."""
    with warnings.catch_warnings():
        # What cryptography only warns of today (a serial number below one) is no certificate by RFC 5280.
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        found = x509.load_der_x509_certificate(b64decode(text))
    for name in ("subject", "issuer", "extensions", "not_valid_before_utc", "not_valid_after_utc"):
        getattr(found, name)
    return found


def _check_digests(root: Any, profile: Profile, leaf: x509.Certificate) -> tuple[bytes, datetime | None]:
    """The bytes signed with the key of `leaf`, and when the signer says so; `root` loses its signature.

    Whether `leaf` is to be believed is another question, asked of what is returned here and nothing else.
    """
    from lxml import etree

    from jendela.letters.signing.library import signxml, verifier

    library = signxml()
    config = library.SignatureConfiguration(
        location="./",
        expect_references=False,
        signature_methods=frozenset(library.SignatureMethod(uri) for uri in METHODS),
        digest_algorithms=frozenset(library.DigestAlgorithm(uri) for uri in DIGESTS),
        # Validity is judged later, at the time that the signature itself vouches for.
        verification_time=leaf.not_valid_before_utc,
        default_reference_c14n_method=library.CanonicalizationMethod.CANONICAL_XML_1_0,
    )
    checker = verifier(with_properties=profile.xades)()
    checker.letter = root
    signature = cut(signatures(root)[0])
    try:
        results: Any = checker.verify(signature, x509_cert=leaf, expect_config=config, parser=hardened())
    except InvalidSignature:
        raise Refused("changed") from None
    except (*_BROKEN, UnsupportedAlgorithm, etree.LxmlError, library.exceptions.SignXMLException):
        raise Refused("malformed") from None
    if checker.signed is None:
        raise Refused("coverage")
    return checker.signed, _signing_time(results) if profile.xades else None


def _signing_time(results: Any) -> datetime:
    """The SigningTime of the properties that were signed."""
    found = [
        one.signed_xml.find(f"{{{XADES}}}SignedSignatureProperties/{{{XADES}}}SigningTime")
        for one in results
        if one.signed_xml is not None and one.signed_xml.tag == f"{{{XADES}}}SignedProperties"
    ]
    if len(found) != 1 or found[0] is None:
        raise Refused("properties")
    try:
        moment = datetime.fromisoformat((found[0].text or "").strip())
    except ValueError:
        raise Refused("properties") from None
    if moment.tzinfo is None:
        raise Refused("properties")
    return moment.astimezone(UTC)
