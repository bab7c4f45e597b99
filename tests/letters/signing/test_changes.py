"""Whatever is changed in a signed letter, it is not found valid."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

DS = "{http://www.w3.org/2000/09/xmldsig#}"


@pytest.fixture(scope="module")
def signed(office):
    return office.signed()


def _texts(root):
    """Every element of the letter that holds a text, the signature's own apart."""
    return [
        element
        for child in root
        if child.tag != f"{DS}Signature"
        for element in child.iter(etree.Element)
        if not len(element)
    ]


# What XML can carry; a carriage return is read as a line feed.
characters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 200), text=st.text(characters, max_size=30))
def test_any_text_of_the_letter(office, signed, place, text):
    root = etree.fromstring(signed)
    elements = _texts(root)
    element = elements[place % len(elements)]
    same = (element.text or "") == text
    element.text = text
    assert office.verdict(etree.tostring(root)).reason == (None if same else "signature.changed")


def test_every_single_text_of_the_letter(office, signed):
    count = len(_texts(etree.fromstring(signed)))
    assert count > 60
    for place in range(count):
        root = etree.fromstring(signed)
        element = _texts(root)[place]
        element.text = f"{element.text}0"
        assert office.verdict(etree.tostring(root)).reason == "signature.changed", element.tag


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
@example(place=5_491, bit=0)  # a name in a certificate that is not ASN.1
def test_any_bit_of_the_file(office, signed, place, bit):
    """Base64 and unsigned spellings have bits without meaning: what was signed is never another letter."""
    changed = bytearray(signed)
    changed[place % len(signed)] ^= 1 << bit
    verdict = office.verdict(bytes(changed))
    if verdict.status == "valid":
        assert verdict.signed == office.verdict(signed).signed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'urut="1"', b'urut="2"'),
        (b'version="1.0">', b'version="1.1">'),
        (b"2026-07-01T03:00:00+00:00", b"2026-06-01T03:00:00+00:00"),
        (b"</pekerja>", b"</pekerja> "),
    ],
    ids=["an attribute", "the root's attribute", "the time of signing", "a blank"],
)
def test_what_is_not_a_text_counts_too(office, signed, old, new):
    changed = signed.replace(old, new)
    assert changed != signed
    assert office.verdict(changed).reason == "signature.changed"


def test_another_spelling_of_the_same_xml_is_the_same_letter(office, signed):
    """UTF-16, other quotes and empty elements are not changes: canonicalisation sees through them."""
    root = etree.fromstring(signed)
    respelt = etree.tostring(root, encoding="UTF-16", xml_declaration=True)
    verdict = office.verdict(respelt)
    assert verdict.status == "valid"
    assert verdict.signed == office.verdict(signed).signed
