"""Rahmat signs Siti's letter: what is said of it, when, and under whose authority."""

from __future__ import annotations

import inspect
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from jendela.contracts.messages import load_messages
from jendela.letters.signing import Trust, is_signed, load_trust, profile, reading, sign, trust, verifier
from jendela.letters.xml import parse_letters
from jendela.model.errors import WrongUseError
from jendela.model.ports import Document


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_a_signed_letter_says_who_signed_it_and_when(office, rsa_signer, kind):
    signer = rsa_signer if kind == "rsa" else office.rahmat
    verdict = office.verdict(office.signed(signer))
    assert (verdict.status, verdict.reason) == ("valid", None)
    assert (verdict.subject, verdict.issuer) == ("Rahmat Hidayat", "Otoritas Uji Penerbit")
    assert verdict.signed_at == office.signed_at
    assert verdict.algorithm == f"{kind.upper()}-SHA256"
    assert int(verdict.serial, 16) == signer.certificate.serial_number


def test_what_was_signed_is_the_letter_without_its_signature(office):
    verdict = office.verdict(office.signed())
    unsigned = etree.fromstring(office.letter, etree.XMLParser(remove_comments=True))
    assert verdict.signed == etree.tostring(unsigned, method="c14n", exclusive=True)
    assert not is_signed(etree.fromstring(verdict.signed))


def test_a_signed_letter_is_still_a_letter(office):
    parsed = parse_letters([Document("surat.xml", office.signed())])
    assert parsed.unreadable == []
    assert parsed.rows["pekerja/nama_lengkap"].to_list() == ["SITI NUR AISYAH"]


def test_an_unsigned_letter_is_unsigned_and_never_valid(office):
    assert office.verdict(office.letter).status == "none"
    assert office.verdict(office.letter).reason == "signature.none"


def test_without_an_anchor_nothing_is_valid(office):
    verdict = office.verdict(office.signed(), Trust())
    assert (verdict.status, verdict.reason, verdict.subject) == ("invalid", "signature.no_trust", None)


def test_an_authority_of_the_same_name_is_another_authority(office):
    verdict = office.verdict(office.signed(office.strangers().issue("Rahmat Hidayat")))
    assert (verdict.status, verdict.reason) == ("invalid", "signature.untrusted")


def test_the_chain_must_be_in_the_letter(office):
    alone = sign(office.letter, office.rahmat.key, [office.rahmat.certificate], office.signed_at)
    assert office.verdict(alone).reason == "signature.untrusted"
    # Who trusts the lower authority itself needs no more.
    assert office.verdict(alone, Trust((office.below.certificate,))).status == "valid"


@pytest.mark.parametrize(
    ("begin", "end", "status"),
    [
        (datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), "signature.not_in_time"),
        (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC), "signature.not_in_time"),
        # Expired when the letter came, valid when it was signed: that counts.
        (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC), None),
    ],
    ids=["not yet valid", "expired before", "expired since"],
)
def test_a_certificate_counts_by_the_time_of_signing(office, begin, end, status):
    signer = office.below.issue("Rahmat Hidayat", begin=begin, end=end)
    assert office.verdict(office.signed(signer)).reason == status


def test_nobody_signs_after_the_letter_was_received(office):
    assert office.verdict(office.signed(at=office.received + timedelta(hours=1))).reason == "signature.future"
    clock_ahead = office.signed(at=office.received + timedelta(minutes=2))
    assert office.verdict(clock_ahead).status == "valid"


def test_an_authority_that_has_ended_vouches_for_nothing_later(office):
    late = datetime(2027, 3, 1, tzinfo=UTC)
    signer = office.below.issue("Rahmat Hidayat", end=datetime(2028, 1, 1, tzinfo=UTC))
    assert office.verdict(office.signed(signer, late), at=late).reason == "signature.untrusted"


@pytest.mark.parametrize("usage", [False, None], ids=["other usage", "no usage"])
def test_a_certificate_that_is_not_for_signing(office, usage):
    signer = office.below.issue("Rahmat Hidayat", usage=usage)
    assert office.verdict(office.signed(signer)).reason == "signature.usage"


def test_an_authority_does_not_sign_letters(office):
    assert office.verdict(office.signed(office.below)).reason == "signature.usage"


def test_a_holder_is_no_authority(office):
    """Rahmat's certificate cannot issue another one."""
    made_up = office.rahmat.issue("Direktur Utama")
    assert office.verdict(office.signed(made_up)).reason == "signature.untrusted"


def test_what_was_revoked_before_receipt_does_not_count_whatever_time_it_claims(office):
    day = timedelta(days=1)
    before = office.below.revoke(office.rahmat, office.received - day)
    after = office.below.revoke(office.rahmat, office.received + day)
    root = (office.root.certificate,)
    assert office.verdict(office.signed(), Trust(root, (before,))).reason == "signature.revoked"
    assert office.verdict(office.signed(), Trust(root, (after,))).status == "valid"


def test_a_revocation_list_of_a_stranger_revokes_nothing(office):
    forged = office.strangers()
    forged.certificate = office.below.certificate  # the name of our authority, with another key
    revoked = forged.revoke(office.rahmat, office.signed_at)
    assert office.verdict(office.signed(), Trust((office.root.certificate,), (revoked,))).status == "valid"


def test_an_authority_that_was_revoked_takes_its_holders_along(office):
    revoked = office.root.revoke(office.below, office.signed_at)
    verdict = office.verdict(office.signed(), Trust((office.root.certificate,), (revoked,)))
    assert verdict.reason == "signature.revoked"


def test_trust_is_a_folder_of_files(office, tmp_path):
    (tmp_path / "akar.pem").write_bytes(office.root.certificate.public_bytes(Encoding.PEM))
    revoked = office.below.revoke(office.rahmat, office.signed_at)
    (tmp_path / "dicabut.crl").write_bytes(revoked.public_bytes(Encoding.DER))
    (tmp_path / "BACA.txt").write_text("bukan sertifikat")
    trust = load_trust(tmp_path)
    assert (len(trust.anchors), len(trust.revocations)) == (1, 1)
    assert office.verdict(office.signed(), trust).reason == "signature.revoked"
    assert load_trust(None) == Trust()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"rusak", "neither"), (None, "not the certificate of an authority")],
    ids=["rubbish", "an employer's own certificate"],
)
def test_a_trust_folder_with_something_else_is_said_at_once(office, tmp_path, content, said):
    own = office.rahmat.certificate.public_bytes(Encoding.PEM)
    (tmp_path / "surat.pem").write_bytes(content or own)
    with pytest.raises(WrongUseError, match=rf"surat\.pem.*{said}"):
        load_trust(tmp_path)


def test_a_trust_folder_that_is_not_there(tmp_path):
    with pytest.raises(WrongUseError, match="missing"):
        load_trust(tmp_path / "tidak-ada")


def test_a_letter_is_signed_once(office):
    with pytest.raises(WrongUseError, match="signed already"):
        sign(office.signed(), office.rahmat.key, office.rahmat.chain)


@pytest.mark.parametrize("content", [b"<surat/>", b"bukan xml", b"<!DOCTYPE a []><a/>"])
def test_only_a_letter_can_be_signed(office, content):
    with pytest.raises(WrongUseError, match="file is not"):
        sign(content, office.rahmat.key, office.rahmat.chain)


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP192R1())],  # noqa: S505
    ids=["RSA 1024", "P-192"],
)
def test_a_weak_key_does_not_sign(office, key):
    with pytest.raises(WrongUseError, match="must be RSA of at least 2048"):
        sign(office.letter, key, office.rahmat.chain)


def test_key_and_certificate_belong_together(office, rsa_signer):
    with pytest.raises(WrongUseError, match="not that of the key"):
        sign(office.letter, office.rahmat.key, rsa_signer.chain)
    with pytest.raises(WrongUseError, match="No certificate"):
        sign(office.letter, office.rahmat.key, [])


def test_every_reason_is_said_in_both_languages():
    messages = load_messages()
    source = "".join(inspect.getsource(module) for module in (profile, reading, trust, verifier))
    reasons = set(re.findall(r'Refused\("(\w+)"\)', source))
    assert len(reasons) > 15
    for reason in reasons | {"none"}:
        assert messages.text(f"signature.{reason}").id


def test_no_letter_reaches_a_log_or_a_repr(office, caplog):
    caplog.set_level(logging.DEBUG)
    verdict = office.verdict(office.signed())
    assert verdict.status == "valid"
    assert "AISYAH" not in caplog.text
    assert "AISYAH" not in repr(verdict)
