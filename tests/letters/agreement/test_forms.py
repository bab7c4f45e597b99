"""A letter is the same letter as data and as XML, and the two schemas agree about every one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from jendela.letters.agreement import FormError, contract, from_xml, json_schema, to_xml, xsd
from jendela.letters.agreement.json_form import check, read_json, write_json
from tests.letters.agreement.letters_of import spoilt, valid

ROOT = Path(__file__).parents[3]
AGREED = contract()
XSD = etree.XMLSchema(etree.fromstring(xsd(AGREED)))
FIRST = etree.XMLSchema(etree.parse(Path(__file__).parent / "first_1.0.xsd"))
SITI = etree.parse(ROOT / "docs/examples/surat_phk.xml", etree.XMLParser(remove_comments=True)).getroot()
SLOW = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


def _letter_of_siti() -> dict[str, Any]:
    return from_xml(SITI)


def test_the_letter_of_siti_as_data() -> None:
    """Nested as agreed: the document's own fields beside the employer, each worker in four blocks."""
    siti = _letter_of_siti()
    assert (siti["schema_version"], siti["letter_number"]) == ("surat-phk/1.0", "021/HRD-BMK/VII/2026")
    (worker,) = siti["workers"]
    assert worker["sequence"] == 1
    assert worker["worker"]["full_name"] == "SITI NUR AISYAH"
    assert worker["termination"]["reason_code"] == ["R432"]
    assert worker["compensation"]["uph_items"] == [{"kind": "ANNUAL_LEAVE", "amount": 1200000}]
    assert siti["case"]["evidence_kind"] == "E1"
    assert check(siti) == []


def test_the_letter_of_siti_comes_back_element_by_element() -> None:
    """Only the blanks between the elements are not kept."""
    tight = etree.XMLParser(remove_blank_text=True, remove_comments=True)
    before = etree.fromstring(etree.tostring(SITI), tight)
    assert etree.tostring(to_xml(from_xml(before)), method="c14n") == etree.tostring(before, method="c14n")


@given(letter=valid(AGREED))
@SLOW
def test_nothing_is_lost_between_the_forms(letter: dict[str, Any]) -> None:
    """Data to XML and back, through bytes; data to JSON text and back; and both schemas accept it."""
    assert check(letter) == []
    root = etree.fromstring(etree.tostring(to_xml(letter)))
    assert XSD.validate(root), XSD.error_log
    assert from_xml(root) == letter
    assert read_json(write_json(letter)) == letter


@given(letter=spoilt(AGREED))
@settings(SLOW, max_examples=120)
def test_the_two_schemas_agree_about_every_letter(letter: dict[str, Any]) -> None:
    """JSON Schema (and no number twice) accepts the data if and only if the XSD accepts their XML."""
    try:
        accepted = XSD.validate(etree.fromstring(etree.tostring(to_xml(letter, AGREED))))
    except FormError:
        accepted = False
    assert (check(letter, AGREED) == []) == accepted


def _without_what_was_a_mistake(text: str) -> bool:
    """The first form took digits of any script, and counts without end."""
    return text.isascii()


@given(letter=spoilt(AGREED))
@SLOW
def test_what_the_first_form_accepted_is_still_accepted(letter: dict[str, Any]) -> None:
    """The XSD that was written by hand, kept beside this test: a letter of its time is valid today."""
    try:
        root = etree.fromstring(etree.tostring(to_xml(letter, AGREED)))
    except FormError:
        return
    text = etree.tostring(root, encoding="unicode")
    if FIRST.validate(root) and _without_what_was_a_mistake(text) and "1000000000000000" not in text:
        assert XSD.validate(root), XSD.error_log


def test_the_first_form_and_today_s_have_the_same_elements_in_the_same_order() -> None:
    """Elements may have been added, all optional; none is gone, moved or of a narrower kind."""
    space = "{http://www.w3.org/2001/XMLSchema}"

    def elements(schema: Any) -> dict[str, list[tuple[str, bool, bool]]]:
        return {
            kind.get("name"): [
                (one.get("name"), one.get("minOccurs") == "0", one.get("maxOccurs") == "unbounded")
                for one in kind.iterfind(f"{space}sequence/{space}element")
            ]
            for kind in schema.iterfind(f"{space}complexType")
        }

    first = elements(etree.parse(Path(__file__).parent / "first_1.0.xsd").getroot())
    today = elements(etree.fromstring(xsd(AGREED)))
    assert set(first) == set(today)
    for kind, before in first.items():
        names = [name for name, _, _ in before]
        kept = [one for one in today[kind] if one[0] in names]
        assert [name for name, _, _ in kept] == names
        for (_, optional, many), (name, optional_now, many_now) in zip(before, kept, strict=True):
            assert (optional_now or not optional, many_now) == (True, many), name
        assert all(optional for name, optional, _ in today[kind] if name not in names)


def test_a_statement_of_resignation_has_no_compensation() -> None:
    """The law gives nothing to state; the letter is valid without the block, and comes back without it."""
    letter = _letter_of_siti() | {"letter_type": "RESIGNATION_STATEMENT"}
    worker = letter["workers"][0]
    worker["termination"] |= {
        "reason_code": ["R50"],
        "initiated_by": "WORKER",
        "resignation_request_date": "2026-06-01",
    }
    del worker["compensation"]
    assert check(letter) == []
    root = to_xml(letter)
    assert XSD.validate(root)
    assert from_xml(root) == letter


def test_the_primary_of_several_reasons_is_kept() -> None:
    """A bare code is a reason with nothing more; a mark, even a false one, is data."""
    letter = _letter_of_siti()
    reasons = [
        "R431",
        {"code": "R48", "primary": True, "employer_act": "G3"},
        {"code": "R432", "primary": False},
    ]
    letter["workers"][0]["termination"]["reason_code"] = reasons
    root = to_xml(letter)
    assert XSD.validate(root)
    assert from_xml(root) == letter


def test_a_signature_is_not_part_of_the_data() -> None:
    """The XSD has a place for it; the data have none: the proof is the file."""
    signed = etree.fromstring(etree.tostring(SITI))
    etree.SubElement(signed, "{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert XSD.validate(signed)
    assert from_xml(signed) == _letter_of_siti()


def test_two_workers_with_one_number() -> None:
    """What JSON Schema cannot say is said beside it, as the XSD says it."""
    letter = _letter_of_siti()
    letter["workers"] = letter["workers"] * 2
    assert [(fault.path, fault.keyword) for fault in check(letter)] == [("workers[1].sequence", "unique")]
    assert not XSD.validate(to_xml(letter))


def test_one_worker_may_stand_beside_the_employer() -> None:
    """The short form of a letter about one worker becomes the long one."""
    letter = _letter_of_siti()
    (worker,) = letter.pop("workers")
    short = letter | {key: worker[key] for key in worker if key != "sequence"}
    assert read_json(write_json(short)) == _letter_of_siti()


def test_amounts_are_exact_and_need_no_decimals() -> None:
    """Sen are kept to the last digit; whole rupiah pass a validator that reckons in binary fractions."""
    letter = _letter_of_siti()
    letter["workers"][0]["compensation"]["total_gross"] = Decimal("999999999999.29")
    assert read_json(write_json(letter)) == letter
    assert check(letter) == []
    letter["workers"][0]["compensation"]["total_gross"] = 0.29
    assert check(letter) == []
    letter["workers"][0]["compensation"]["total_gross"] = float("nan")
    assert [fault.keyword for fault in check(letter)] == ["type"]
    import jsonschema

    plain = json.loads(json.dumps(json_schema(AGREED), default=float))
    assert list(jsonschema.Draft202012Validator(plain).iter_errors(_letter_of_siti())) == []


FAULTS = {
    "a reason nobody agreed": (["R999"], "workers[0].termination.reason_code[0]", "enum"),
    "the same in full": ([{"code": "R999"}], "workers[0].termination.reason_code[0].code", "enum"),
    "no reason": ([], "workers[0].termination.reason_code", "minItems"),
    "not a list": ("R432", "workers[0].termination.reason_code", "type"),
    "a reason with more than there is": (
        [{"code": "R432", "why": "x"}],
        "workers[0].termination.reason_code[0]",
        "additionalProperties",
    ),
}


@pytest.mark.parametrize(("reasons", "path", "keyword"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_names_its_place_and_what_is_wrong(reasons: Any, path: str, keyword: str) -> None:
    """Of two ways to write a reason, the one that was meant."""
    letter = _letter_of_siti()
    letter["workers"][0]["termination"]["reason_code"] = reasons
    assert [(fault.path, fault.keyword) for fault in check(letter)] == [(path, keyword)]


BAD = {
    "not UTF-8": (b"\xff\xfe{}", "is not UTF-8 text."),
    "not JSON": (b"{", "is not JSON: line 1, column 2."),
    "a list": (b"[]", "is not an object."),
    "a name twice": (b'{"a": 1, "a": 2}', "has a name twice in one object."),
    "no number": (b'{"a": NaN}', "has a number that is none (NaN or Infinity)."),
    "a number of 5000 digits": (b'{"a": ' + b"9" * 5000 + b"}", "has a number with too many digits."),
    "a deep nest": (b"[" * 100_000, "is nested too deeply."),
}


@pytest.mark.parametrize(("content", "problem"), BAD.values(), ids=BAD.keys())
def test_json_that_is_no_letter(content: bytes, problem: str) -> None:
    """Refused with what is wrong, never with what it says."""
    with pytest.raises(FormError) as refused:
        read_json(content)
    assert refused.value.problem == problem


@given(name=st.text(min_size=1), value=st.text())
@example(name="nik", value="6471055708899001")
@settings(deadline=None)
def test_an_error_never_repeats_the_letter(name: str, value: str) -> None:
    """Neither a value nor a name that the form does not have."""
    letter = _letter_of_siti()
    letter["workers"][0]["worker"] = {"full_name": 7, f"secret {name}": f"secret {value}"}
    with pytest.raises(FormError) as refused:
        to_xml(letter)
    assert "secret" not in str(refused.value)
    assert all("secret" not in fault.path for fault in check(letter))
