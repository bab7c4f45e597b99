"""`jendela letter sign`: files in, a file out, and a passphrase that no process list shows."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from jendela.cli.letter_sign import sign
from jendela.model.errors import WrongUseError


@pytest.fixture
def files(office, tmp_path):
    key, certificates = office.rahmat.pem(tmp_path)
    letter = tmp_path / "surat.xml"
    letter.write_bytes(office.letter)
    return letter, key, certificates


def _sign(*arguments, environment=None):
    return CliRunner(env={"JENDELA_SIGNING_PASSPHRASE": ""} | (environment or {})).invoke(
        sign, [str(one) for one in arguments], standalone_mode=False, catch_exceptions=False
    )


def test_a_letter_is_signed_beside_the_first(office, files):
    letter, key, certificates = files
    done = _sign(letter, "--key", key, "--cert", certificates)
    signed = letter.with_name("surat.signed.xml")
    assert done.output == f"{signed}\n"
    assert letter.read_bytes() == office.letter
    # Signed just now: after the certificate of the test has ended or before, so only its form is judged here.
    assert office.verdict(signed.read_bytes()).reason in (None, "signature.future", "signature.not_in_time")


def test_the_passphrase_comes_from_the_environment(office, files, tmp_path):
    letter, key, certificates = files
    secret = BestAvailableEncryption(b"rahasia")
    key.write_bytes(office.rahmat.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))
    out = tmp_path / "hasil.xml"
    arguments = (letter, "--key", key, "--cert", certificates, "--out", out)
    for wrong in ({}, {"JENDELA_SIGNING_PASSPHRASE": "salah"}):
        with pytest.raises(WrongUseError, match=r"key\.pem does not open.*JENDELA_SIGNING_PASSPHRASE"):
            _sign(*arguments, environment=wrong)
        assert not out.exists()
    done = _sign(*arguments, environment={"JENDELA_SIGNING_PASSPHRASE": "rahasia"})
    assert out.exists()
    assert "rahasia" not in done.output


def test_the_unsigned_letter_is_not_overwritten(files):
    letter, key, certificates = files
    with pytest.raises(WrongUseError, match="keep the unsigned file"):
        _sign(letter, "--key", key, "--cert", certificates, "--out", letter)


def test_a_file_of_the_wrong_kind(files):
    letter, key, certificates = files
    with pytest.raises(WrongUseError, match=r"key\.pem holds no certificate"):
        _sign(letter, "--key", key, "--cert", key)
    with pytest.raises(WrongUseError, match=r"cert\.pem does not open as a private key"):
        _sign(letter, "--key", certificates, "--cert", certificates)
