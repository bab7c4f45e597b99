"""Signatures that a careless verifier would accept, each refused with its reason.

Where it matters the forgery is truly signed with Rahmat's own key and certificate: the digests fit, and only
the rules of the profile stand between it and a letter that nobody signed.
"""

from __future__ import annotations

import copy
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner

DS, NS = "http://www.w3.org/2000/09/xmldsig#", "urn:id:jendela:surat-phk:1.0"
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"


class Lenient(XMLSigner):
    """A signer that signs with what is long broken, too."""

    def check_deprecated_methods(self):
        pass


def _forged(office, by=None, data=None, **options):
    """The letter truly signed, in a way that we do not accept."""
    by = by or office.rahmat
    asked = {name: options.pop(name) for name in list(options) if name.endswith(("_algorithm", "method"))}
    rsa_key = isinstance(by.key, rsa.RSAPrivateKey)
    asked.setdefault("signature_algorithm", f"{'rsa' if rsa_key else 'ecdsa'}-sha256")
    asked.setdefault("c14n_algorithm", EXCLUSIVE)
    root = data if data is not None else etree.fromstring(office.letter)
    options.setdefault("cert", by.chain)
    options.setdefault("key", by.key)
    return etree.tostring(Lenient(**asked).sign(root, **options))


def _edited(xml, edit):
    root = etree.fromstring(xml)
    edit(root, root.find(f"{{{DS}}}Signature"))
    return etree.tostring(root)


def _q(name):
    return f"{{{DS}}}{name}"


def _transforms(signature):
    return signature.find(f".//{_q('Transforms')}")


def test_plain_xmldsig_is_accepted(office):
    """The forger's tool makes good signatures too: what follows is refused for its form alone."""
    verdict = office.verdict(_forged(office))
    assert (verdict.status, verdict.subject, verdict.signed_at) == ("valid", "Rahmat Hidayat", None)


@pytest.mark.parametrize(
    "method", [CanonicalizationMethod.CANONICAL_XML_1_0, CanonicalizationMethod.CANONICAL_XML_1_1, EXCLUSIVE]
)
def test_the_agreed_canonicalisations(office, method):
    assert office.verdict(_forged(office, c14n_algorithm=method)).status == "valid"


def test_pss_and_sha_512(office, rsa_signer):
    forged = _forged(
        office,
        rsa_signer,
        signature_algorithm=SignatureMethod.SHA512_RSA_MGF1,
        digest_algorithm=DigestAlgorithm.SHA512,
    )
    assert office.verdict(forged).algorithm == "RSA-PSS-SHA512"


# ------------------------------------------------------------------ weak algorithms


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"digest_algorithm": DigestAlgorithm.SHA1}, "algorithm"),
        ({"digest_algorithm": DigestAlgorithm.SHA224}, "algorithm"),
        ({"signature_algorithm": SignatureMethod.ECDSA_SHA1}, "algorithm"),
        ({"signature_algorithm": SignatureMethod.ECDSA_SHA224}, "algorithm"),
        ({"c14n_algorithm": CanonicalizationMethod.CANONICAL_XML_1_0_WITH_COMMENTS}, "canonicalisation"),
        (
            {"c14n_algorithm": CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS},
            "canonicalisation",
        ),
        ({"inclusive_ns_prefixes": ["ds"]}, "parameters"),
    ],
)
def test_truly_signed_and_not_agreed(office, options, reason):
    assert office.verdict(_forged(office, **options)).reason == f"signature.{reason}"


def test_rsa_with_sha_1(office, rsa_signer):
    forged = _forged(office, rsa_signer, signature_algorithm=SignatureMethod.RSA_SHA1)
    assert office.verdict(forged).reason == "signature.algorithm"


def test_md5_and_hmac(office):
    md5 = office.signed().replace(
        b"http://www.w3.org/2001/04/xmlenc#sha256", b"http://www.w3.org/2001/04/xmldsig-more#md5"
    )
    assert office.verdict(md5).reason == "signature.algorithm"
    # The key of an HMAC would be the public certificate, which everybody has.
    secret = office.rahmat.certificate.public_bytes(Encoding.PEM)
    hmac = _forged(office, signature_algorithm=SignatureMethod.HMAC_SHA256, key=secret)
    assert office.verdict(hmac).reason == "signature.algorithm"


def test_a_key_of_1024_bits_that_an_authority_certified(office):
    weak = office.below.issue("Rahmat Hidayat", rsa.generate_private_key(65537, 1024))  # noqa: S505
    assert office.verdict(_forged(office, weak)).reason == "signature.weak_key"


# ------------------------------------------------------------------ what is covered


def _with_id(office):
    root = etree.fromstring(office.letter)
    root.find(f"{{{NS}}}surat").set("Id", "surat")
    return root


def test_a_signature_over_one_element_only(office):
    forged = _forged(office, data=_with_id(office), reference_uri="#surat")
    assert office.verdict(forged).reason == "signature.coverage"


def test_a_second_reference_to_another_element(office):
    forged = _forged(office, data=_with_id(office), reference_uri=["#surat", "#surat"])
    doubled = forged.replace(b'URI="#surat"', b'URI=""', 1)
    assert office.verdict(doubled).reason == "signature.reference"


@pytest.mark.parametrize(
    "uri",
    ["http://jendela.invalid/surat.xml", "file:///etc/passwd", "#xpointer(/)", "#xpointer(id('a'))", "##"],
)
def test_a_reference_that_leads_elsewhere(office, uri):
    def redirect(_, signature):
        signature.find(f".//{_q('Reference')}").set("URI", uri)

    assert office.verdict(_edited(_forged(office), redirect)).reason == "signature.coverage"

    def add(_, signature):
        reference = signature.find(f".//{_q('Reference')}")
        second = copy.deepcopy(reference)
        second.set("URI", uri)
        reference.addnext(second)

    assert office.verdict(_edited(_forged(office), add)).reason == "signature.reference"


def test_no_reference_to_a_uri_at_all(office):
    def unnamed(_, signature):
        del signature.find(f".//{_q('Reference')}").attrib["URI"]

    assert office.verdict(_edited(_forged(office), unnamed)).reason == "signature.coverage"


def test_wrapping_the_signed_letter_in_another(office):
    """The signed letter hides in the signature; its digest fits, and what is read is the forger's."""
    original = etree.fromstring(office.letter)
    original.set("Id", "asli")
    original = etree.fromstring(_forged(office, data=original, reference_uri="#asli"))
    signature = original.find(_q("Signature"))
    original.remove(signature)
    evil = etree.fromstring(office.letter.replace(b"SITI NUR AISYAH", b"BUDI SANTOSO"))
    evil.append(signature)
    etree.SubElement(signature, _q("Object")).append(original)
    assert office.verdict(etree.tostring(evil)).reason == "signature.objects"
    # The same beside the signature: its reference is to the hidden letter, not to what is read.
    evil.insert(0, original)
    signature.remove(signature[-1])
    assert office.verdict(etree.tostring(evil)).reason == "signature.coverage"


def test_a_letter_wrapped_around_a_signed_one(office):
    """A valid signature deep inside is no signature of what stands around it."""
    outer = etree.fromstring(office.letter)
    outer.append(etree.fromstring(office.signed()))
    assert office.verdict(etree.tostring(outer)).reason == "signature.place"


def test_anything_may_hide_in_an_object(office):
    def manifest(_, signature):
        etree.SubElement(etree.SubElement(signature, _q("Object")), _q("Manifest"))

    assert office.verdict(_edited(office.signed(), manifest)).reason == "signature.objects"
    assert office.verdict(_edited(_forged(office), manifest)).reason == "signature.objects"


# ------------------------------------------------------------------ where it stands


def test_two_signatures(office):
    def double(root, signature):
        root.append(copy.deepcopy(signature))

    assert office.verdict(_edited(office.signed(), double)).reason == "signature.several"


def test_a_signature_that_is_not_the_last_child(office):
    def first(root, signature):
        root.insert(0, signature)

    def inside(root, signature):
        root.find(f"{{{NS}}}surat").append(signature)

    def as_root(xml):
        return etree.tostring(etree.fromstring(xml).find(_q("Signature")))

    assert office.verdict(_edited(office.signed(), first)).reason == "signature.place"
    assert office.verdict(_edited(office.signed(), inside)).reason == "signature.place"
    assert office.verdict(as_root(office.signed())).reason == "signature.place"


def test_something_added_behind_the_signature(office):
    def behind(root, _):
        etree.SubElement(root, f"{{{NS}}}penerimaan")

    assert office.verdict(_edited(office.signed(), behind)).reason == "signature.place"


def test_two_elements_with_one_id(office):
    def doubled(root, signature):
        root.find(f"{{{NS}}}surat").set("ID", signature.get("Id"))

    assert office.verdict(_edited(office.signed(), doubled)).reason == "signature.duplicate_id"


# ------------------------------------------------------------------ transforms


@pytest.mark.parametrize("algorithm", [XSLT, XPATH, FILTER, f"{DS}base64"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_transform_that_chooses_what_is_signed(office, algorithm, place):
    def add(_, signature):
        transform = etree.Element(_q("Transform"), Algorithm=algorithm)
        _transforms(signature).insert(place, transform)

    assert office.verdict(_edited(_forged(office), add)).reason == "signature.transforms"


def test_transforms_that_are_missing_or_doubled(office):
    def without_enveloped(_, signature):
        _transforms(signature).remove(_transforms(signature)[0])

    def without_any(_, signature):
        _transforms(signature).getparent().remove(_transforms(signature))

    def twice(_, signature):
        _transforms(signature).append(copy.deepcopy(_transforms(signature)[1]))

    for edit in (without_enveloped, without_any, twice):
        assert office.verdict(_edited(_forged(office), edit)).reason == "signature.transforms"


def test_a_transform_with_a_program_in_it(office):
    def program(_, signature):
        etree.SubElement(_transforms(signature)[1], f"{{{XSLT}}}stylesheet")

    assert office.verdict(_edited(_forged(office), program)).reason == "signature.transforms"


def test_xslt_for_the_properties(office):
    def add(_, signature):
        found = signature.findall(f".//{_q('Transforms')}")[1]
        etree.SubElement(found, _q("Transform"), Algorithm=XSLT)

    assert office.verdict(_edited(office.signed(), add)).reason == "signature.transforms"


# ------------------------------------------------------------------ comments


@pytest.mark.parametrize("inserted", [b"<!-- -->", b"<?x y?>"])
def test_a_name_that_is_cut_by_a_comment(office, inserted):
    """Signed as SITI NUR AISYAH; a reader that stops at the comment would see SITI."""
    cut = office.signed().replace(b"SITI NUR", b"SITI" + inserted + b" NUR")
    assert office.verdict(cut).reason == "signature.comment"
    in_signature = office.signed().replace(b"<ds:SignedInfo>", b"<ds:SignedInfo>" + inserted)
    assert office.verdict(in_signature).reason == "signature.comment"


def test_a_comment_between_elements_is_nobodys(office):
    signed = office.signed()
    noted = signed.replace(b"<pengusaha>", b"<!-- disalin oleh HRD --><pengusaha>")
    assert office.verdict(noted).signed == office.verdict(signed).signed


# ------------------------------------------------------------------ keys and certificates


def test_a_key_without_a_certificate(office):
    """The signature holds, and anybody could have made it."""
    key_only = _forged(office, cert=None)
    assert b"KeyValue" in key_only
    assert office.verdict(key_only).reason == "signature.no_certificate"


def test_a_key_beside_a_certificate_that_is_not_its_own(office, rsa_signer):
    other = etree.fromstring(_forged(office, rsa_signer, cert=None)).find(f".//{_q('KeyValue')}")

    def add(_, signature):
        signature.find(_q("KeyInfo")).insert(0, other)

    assert office.verdict(_edited(_forged(office), add)).reason == "signature.malformed"


def test_the_certificate_of_somebody_else(office):
    budi = office.below.issue("Budi Santoso")
    assert office.verdict(_forged(office, cert=budi.chain)).reason == "signature.changed"


def test_a_second_certificate_for_the_same_key(office):
    """XAdES names the certificate that was used: it cannot be exchanged for a better one."""
    director = office.below.issue("Direktur Utama", office.rahmat.key)

    def exchange(_, signature):
        der = director.certificate.public_bytes(Encoding.DER)
        signature.find(f".//{_q('X509Certificate')}").text = b64encode(der).decode()

    assert office.verdict(_edited(office.signed(), exchange)).reason == "signature.changed"


def test_two_certificates_and_no_saying_whose(office):
    budi = office.below.issue("Budi Santoso")
    both = [office.rahmat.certificate, budi.certificate, *office.rahmat.above]
    assert office.verdict(_forged(office, cert=both)).reason == "signature.no_certificate"


@pytest.mark.parametrize("text", ["", "AAAA", "***", None])
def test_a_certificate_that_is_none(office, text):
    def spoil(_, signature):
        signature.find(f".//{_q('X509Certificate')}").text = text

    assert office.verdict(_edited(_forged(office), spoil)).reason == "signature.no_certificate"


def test_an_authority_that_is_sent_along_is_not_trusted_for_it(office):
    authority = office.strangers()
    stranger = authority.issue("Rahmat Hidayat")
    sent = _forged(office, stranger, cert=[stranger.certificate, authority.certificate])
    assert office.verdict(sent).reason == "signature.untrusted"


# ------------------------------------------------------------------ XAdES


def test_a_time_of_signing_that_nobody_signed(office):
    """Properties of the right form in a plain signature: the digests fit, the time is the forger's."""
    properties = etree.fromstring(office.signed()).find(f".//{_q('Object')}")

    def add(_, signature):
        signature.append(properties)
        signature.set("Id", properties[0].get("Target")[1:])

    assert office.verdict(_edited(_forged(office), add)).reason == "signature.properties"


def test_properties_of_another_signature(office):
    def redirect(_, signature):
        signature.find(_q("Object"))[0].set("Target", "#lain")

    assert office.verdict(_edited(office.signed(), redirect)).reason == "signature.objects"


# ------------------------------------------------------------------ not XML, or worse


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0",
        b"bukan xml",
        b"<a><b></a>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a []><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="tidak-ada"?><a/>',
        b"<a>&tidak;</a>",
        b"<a>" * 300 + b"</a>" * 300,
    ],
)
def test_what_cannot_be_read_safely_is_not_looked_at(office, content):
    verdict = office.verdict(content)
    assert (verdict.status, verdict.reason) == ("invalid", "signature.unreadable")


@pytest.mark.parametrize("missing", ["SignedInfo", "SignatureValue", "KeyInfo"])
def test_half_a_signature(office, missing):
    def drop(_, signature):
        signature.remove(signature.find(_q(missing)))

    verdict = office.verdict(_edited(office.signed(), drop))
    assert verdict.status == "invalid"
    assert verdict.reason in ("signature.malformed", "signature.no_certificate", "signature.reference")


@pytest.mark.parametrize("value", ["", "AAAA", "@@", "A" * 88])
def test_a_signature_value_that_is_none(office, value):
    def spoil(_, signature):
        signature.find(_q("SignatureValue")).text = value

    verdict = office.verdict(_edited(office.signed(), spoil))
    assert verdict.reason in ("signature.changed", "signature.malformed")


def test_an_empty_signature(office):
    root = etree.fromstring(office.letter)
    etree.SubElement(root, _q("Signature"))
    assert office.verdict(etree.tostring(root)).reason == "signature.malformed"
