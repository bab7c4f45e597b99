"""The contracts: valid ODCS, complete in two languages, and strict where somebody edits them."""

from __future__ import annotations

import json
import re
import shutil
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
import yaml

from jendela.contracts.agreement_file import read_agreement
from jendela.contracts.codes import load_codes
from jendela.contracts.odcs import PERSON_BLOCK, Contract, load_contracts
from jendela.contracts.quick_yaml import read_quickly
from jendela.model.errors import AgreementError

ROOT = Path(__file__).parents[2]
CONTRACTS = load_contracts(ROOT)
CODES = load_codes(ROOT)
ENTITIES = [
    "benefit_payment", "claim", "contribution", "dispute", "disqualification_notice", "employer",
    "employment",
    "pes_activity", "pes_registration", "referral", "settlement_agreement", "termination_case",
    "termination_letter", "training_attendance",
]  # fmt: skip
REFERRING = {  # whose they are says the record that they refer to
    "benefit_payment", "contribution", "disqualification_notice", "pes_activity", "referral",
    "settlement_agreement", "training_attendance",
}  # fmt: skip
IDENTIFYING = {
    "nik", "full_name", "birth_date", "birth_place", "mother_maiden_name", "phone", "email", "address", "kpj",
}  # fmt: skip


def test_there_are_the_fourteen_entities() -> None:
    """No more, no fewer."""
    assert list(CONTRACTS) == ENTITIES


@pytest.mark.parametrize("entity", ENTITIES)
def test_each_contract_is_valid_by_the_standard(entity: str) -> None:
    """Against the JSON Schema that the standard's own package ships."""
    import jsonschema

    schema = json.loads((files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))
    document = yaml.safe_load((ROOT / f"schemas/{entity}.odcs.yaml").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=ENTITIES)
def test_each_field_is_described_in_both_languages_and_wanted_by_somebody(contract: Contract) -> None:
    """UU 27/2022 Pasal 27: nothing without a purpose."""
    known = {"bpjs", "hi", "pes", "inspection", "jamsos", "training", "worker", "hub"}
    for field in contract.fields:
        assert field.description_en
        assert field.description_id != field.description_en
        assert set(field.needed_by) <= known
        assert field.examples


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=ENTITIES)
def test_each_example_is_one_that_the_contract_accepts(contract: Contract) -> None:
    """An example that breaks its own pattern or list would mislead."""
    for field in contract.fields:
        for example in field.examples:
            if field.codes:
                assert example in CODES[field.codes].codes, field.name
            if field.pattern:
                assert pl.Series([str(example)]).str.contains(field.pattern).all(), field.name


def test_the_person_block_is_the_same_wherever_it_is() -> None:
    """Eleven fields at the front, nine of them sealed; sex and region of residence are not."""
    for contract in CONTRACTS.values():
        assert contract.has_person == (contract.entity not in REFERRING | {"employer"})
        assert bool(contract.references) == (contract.entity in REFERRING)
        if contract.has_person:
            assert tuple(field.name for field in contract.fields[:11]) == PERSON_BLOCK
            narrative = {"reason_narrative"} if contract.entity == "termination_letter" else set()
            assert set(contract.identifying) == IDENTIFYING | narrative
        else:
            assert contract.identifying == ()


def test_pay_is_specific_data() -> None:
    """UU 27/2022 Pasal 4: financial data are specific; every amount is classified so."""
    amounts = [field for contract in CONTRACTS.values() for field in contract.fields if field.type == "money"]
    assert len(amounts) == 18
    assert {field.classification for field in amounts} == {"specific"}
    assert {field.dtype for field in amounts} == {pl.Decimal(15, 2)}


def test_every_rule_is_explained_in_the_reference() -> None:
    """docs/reference/rules.md has a line for every id that can be reported of a row or a batch."""
    documented = set(
        re.findall(r"^\| `([A-Z0-9-]+)`", (ROOT / "docs/reference/rules.md").read_text(), re.MULTILINE)
    )
    from jendela.contracts.measures import load_measures
    from jendela.contracts.transforms import TRANSFORMS

    used = {rule.rule for contract in CONTRACTS.values() for rule in contract.rules}
    used |= {field.pattern_rule for contract in CONTRACTS.values() for field in contract.fields}
    used |= {"C-REQ", "C-PAT", "C-LEN", "C-RNG", "C-COD", "M-CODE", "M-NONE", "F-KEY"}
    used |= {transform.rule for transform in TRANSFORMS.values() if transform.rule}
    used |= {expectation.id for expectation in load_measures(ROOT, CONTRACTS).expectations}
    assert used <= documented


@pytest.fixture
def agreements(tmp_path: Path) -> Path:
    """A copy of the schemas, to be spoilt."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


SPOILT = [
    ("classification: identifying", "classification: secret", "classification", "Input should be"),
    ("required: true", "required: true, colour: red", "colour", "is not a key of this kind of file"),
    ("physicalType: date", "physicalType: timestamp", "birth_date", "has no type of ours"),
    ("name: full_name", "name: nik", "nik", "is described twice"),
    (
        "{property: codes, value: sex}",
        "{property: whenBroken, value: set_aside}",
        "sex",
        "names its list under codes",
    ),
    ("value: set_aside", "value: forget", "nik", "whenBroken can only be set_aside"),
    ("^[0-9]{11}$", "^[0-9{11}$", "kpj", "is not a pattern"),
    ("{rule: nik_date, field: nik}", "{rule: nik_dat, field: nik}", "nik_date", "is not a rule"),
    ("{rule: nik_date, field: nik}", "{rule: nik_date, field: nic}", "nik_date", "nic is not a field"),
    (
        "{rule: nik_date, field: nik}",
        "{rule: nik_date, field: birth_date}",
        "nik_date",
        "judges text, not date",
    ),
    (
        "{rule: nik_date, field: nik}",
        "{rule: nik_date, field: nik, days: 1}",
        "nik_date",
        "has no parameter days",
    ),
    ("field: filed_date, grace_days: 1", "field: filed_date", "filed_date_not_future", "needs grace_days"),
    ("after: filed_date", "after: claim_number", "filed_date_decision_date", "has the wrong type"),
    ("id: nik_serial, name: N5", "id: nik_serial, name: N4", "nik_serial", "is another rule already"),
    (
        "severity: error, dimension: timeliness",
        "severity: fatal, dimension: timeliness",
        "severity",
        "Input should be",
    ),
    ("name: claim\n", "name: klaim\n", "name", "must be claim"),
    ("apiVersion: v3.1.0", "apiVersion: v9", "apiVersion", "Input should be"),
    ("neededBy, value: [bpjs, hi, pes, worker, hub]", "neededBy, value: []", "nik", "has no neededBy"),
]


@pytest.mark.parametrize(("good", "bad", "field", "problem"), SPOILT, ids=[item[1][:40] for item in SPOILT])
def test_a_spoilt_contract_is_refused_with_file_line_and_field(
    agreements: Path, good: str, bad: str, field: str, problem: str
) -> None:
    """What an editor of a contract gets wrong, and what he is told."""
    path = agreements / "schemas/claim.odcs.yaml"
    text = path.read_text(encoding="utf-8")
    assert good in text
    line = text[: text.index(good)].count("\n") + 1
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(AgreementError) as refused:
        load_contracts(agreements)
    assert refused.value.file == "schemas/claim.odcs.yaml"
    assert refused.value.field.endswith(field)
    assert problem in refused.value.problem
    assert refused.value.line is not None
    assert abs(refused.value.line - line) <= 4


def test_a_key_given_twice_is_refused(agreements: Path) -> None:
    """The quick reader notices too, and says where."""
    path = agreements / "schemas/claim.odcs.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "version: 2.0.0\n", encoding="utf-8")
    with pytest.raises(AgreementError, match=r"schemas/claim.odcs.yaml:\d+: yaml: .*duplicate"):
        load_contracts(agreements)


def test_the_quick_reader_reads_what_the_slow_one_reads() -> None:
    """All agreement files there are, value by value."""
    paths = [*sorted(ROOT.glob("schemas/**/*.yaml")), *sorted(ROOT.glob("mappings/**/*.yaml"))]
    assert len(paths) > 7
    for path in paths:
        quick, slow = read_quickly(path, ROOT), read_agreement(path, ROOT)
        assert json.dumps(quick.data, default=str) == json.dumps(slow.data, default=str), path
        assert (quick.name, quick.sha256) == (slow.name, slow.sha256)


def test_words_that_other_readers_take_for_truth_values_stay_words(tmp_path: Path) -> None:
    """N and Y are codes of an agency, `no` is a word; a date is a text until the contract says otherwise."""
    path = tmp_path / "codes.yaml"
    path.write_text("{N: 1, Y: yes, no: off, day: 2026-09-03, empty: , not: null, is: true}\n")
    assert read_quickly(path, tmp_path).data == {
        "N": 1, "Y": "yes", "no": "off", "day": "2026-09-03", "empty": None, "not": None, "is": True,
    }  # fmt: skip
