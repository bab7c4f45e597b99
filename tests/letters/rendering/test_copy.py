"""A copy is brought to the counter: is it the letter that the employer wrote?"""

from __future__ import annotations

import hashlib
import io

import pypdf
import pytest

from jendela.letters.rendering import LedgerPlace, render, verify_copy
from jendela.letters.rendering.payload import Payload
from jendela.letters.signing import Trust

NOBODY = Trust()


def _found(pdf, trust=NOBODY, **given):
    copy = verify_copy(pdf, trust, **given)
    return [key.removeprefix("render.copy.") for key in (*copy.problems, *copy.open_points)], copy


def test_an_unsigned_copy_that_nobody_touched(letter):
    said, copy = _found(render(letter))
    assert said == []
    assert copy.page == "same"
    assert copy.sha256 == hashlib.sha256(letter).hexdigest()
    assert copy.signature.status == "none"


def test_a_signed_copy(letter, signer):
    said, copy = _found(render(signer.sign(letter)), signer.trust)
    assert said == []
    assert (copy.signature.status, copy.signature.subject) == ("valid", "Rahmat Hidayat")


def test_a_signature_that_cannot_be_judged_is_an_open_point(letter, signer):
    said, copy = _found(render(signer.sign(letter)))
    assert said == ["no_trust"]
    assert copy.problems == ()


def test_a_letter_that_was_changed_after_signing(letter, signer):
    changed = signer.sign(letter).replace(b"<pesangon>45000000", b"<pesangon>15000000")
    said, copy = _found(render(changed), signer.trust)
    assert said == ["signature"]
    assert copy.signature.reason == "signature.changed"


def test_a_page_that_says_something_else_than_the_letter(letter):
    """The letter inside is genuine, the paper promises more: drawn again from the letter, it differs."""
    assert render(letter).count(b"Rp71.200.000") > 1
    said, copy = _found(render(letter).replace(b"Rp71.200.000", b"Rp91.200.000"))
    assert said == ["page"]
    assert copy.page == "differs"


def test_a_letter_that_was_exchanged_inside(letter):
    said, _ = _found(render(letter).replace(b"<pesangon>45000000", b"<pesangon>15000000"))
    assert said == ["other_letter", "page"]


def test_the_code_of_another_letter(letter):
    other = letter.replace(b"SITI NUR AISYAH", b"SITI NUR AISYAN")
    own, others = (Payload(hashlib.sha256(one).hexdigest()).text().encode() for one in (letter, other))
    said, _ = _found(render(letter).replace(own, others))
    assert said == ["other_letter", "page"]


def test_paper_and_file_of_two_copies(letter):
    elsewhere = Payload(hashlib.sha256(letter).hexdigest(), LedgerPlace(1, 2, "00" * 32))
    said, _ = _found(render(letter), scanned=elsewhere.text())
    assert said[0] == "other_code"
    said, _ = _found(render(letter), scanned=Payload(hashlib.sha256(letter).hexdigest()).text())
    assert said == []
    said, _ = _found(render(letter), scanned="https://contoh.invalid/")
    assert said == ["not_our_code"]


def test_paper_alone(letter):
    code = Payload(hashlib.sha256(letter).hexdigest()).text()
    assert _found(None, scanned=code)[0] == ["no_letter"]
    assert _found(None, scanned=code, letter=letter)[0] == []
    assert _found(None, scanned=code, letter=letter + b" ")[0] == ["other_letter"]


def test_a_copy_that_another_version_drew(letter):
    said, copy = _found(render(letter).replace(b"jendela-render/1", b"jendela-render/0"))
    assert said == ["other_maker"]
    assert copy.problems == ()


def test_a_copy_without_the_letter(two_workers):
    copy = render(two_workers, worker=2)
    assert _found(copy)[0] == ["no_letter"]
    said, found = _found(copy, letter=two_workers)
    assert (said, found.page) == ([], "same")
    # Budi's sheet is not Siti's.
    assert _found(copy.replace(b"worker/2", b"worker/1"), letter=two_workers)[0] == ["page"]
    assert _found(copy.replace(b"worker/2", b"worker/9"), letter=two_workers)[0] == ["page"]


def test_a_pdf_that_is_not_ours(letter):
    from fpdf import FPDF

    stranger = FPDF()
    stranger.add_page()
    assert _found(bytes(stranger.output()))[0] == ["no_code", "no_letter"]


def test_two_letters_of_one_name(letter):
    """Which of them would be meant? Neither."""
    twice = pypdf.PdfWriter(io.BytesIO(render(letter)))
    twice.add_attachment("surat_phk.xml", letter.replace(b"45000000", b"15000000"))
    out = io.BytesIO()
    twice.write(out)
    assert "unreadable" in _found(out.getvalue())[0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"<berkas_phk/>"])
def test_what_is_no_pdf(content):
    assert "unreadable" in _found(content)[0]


def test_a_pdf_that_was_cut_short_anywhere(letter):
    whole = render(letter)
    for end in range(0, len(whole) - 1, 997):
        said, _ = _found(whole[:end])
        assert said != []
