"""The contract of the letter: valid by the standard, complete in two languages, a property per column."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
import yaml

from jendela.law import load_law
from jendela.letters.agreement import contract
from jendela.letters.agreement.generated import stale
from jendela.letters.agreement.json_form import check
from jendela.letters.agreement.sources import citations, instrument, load_sources
from jendela.letters.frame import LETTERS, MONEY, PLACE, SECTIONS
from jendela.model.errors import AgreementError
from tests.letters.agreement.letters_of import copy_agreements

ROOT = Path(__file__).parents[3]
FILE = ROOT / "schemas/surat_phk/1.0/surat_phk.odcs.yaml"
AGREED = contract()
FIELDS = [field for part in AGREED.parts for field in part.walk()]
TYPES = {
    "text": pl.String(),
    "code": pl.String(),
    "date": pl.Date(),
    "money": MONEY,
    "times": pl.Decimal(5, 2),
    "count": pl.Int64(),
    "yes": pl.Boolean(),
}


def test_it_is_valid_by_the_standard() -> None:
    """Against the JSON Schema of the standard's own package, level by level: the whole takes half a minute.

    A property is valid by itself with those inside taken out, and those inside are properties themselves.
    """
    import jsonschema

    standard = json.loads((files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(standard)
    whole = kind(standard)
    one = kind({"$schema": standard["$schema"], "$defs": standard["$defs"], "$ref": "#/$defs/SchemaProperty"})
    document = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    properties = [item for table in document["schema"] for item in table.pop("properties")]
    assert [error.message for error in whole.iter_errors(document)] == []
    judged = 0
    while properties:
        item = properties.pop()
        properties += item.pop("properties", []) + item.get("items", {}).pop("properties", [])
        assert [error.message for error in one.iter_errors(item)] == [], item["name"]
        judged += 1
    assert judged == len(FIELDS)


@pytest.mark.slow
def test_all_shipped_contracts_pass_the_lint_of_datacontract() -> None:
    """The checker of the standard's community, offline, over every contract there is."""
    from datacontract.data_contract import DataContract

    schema = str(files("open_data_contract_standard") / "schema.json")
    shipped = sorted((ROOT / "schemas").rglob("*.odcs.yaml"))
    assert FILE in shipped
    assert len(shipped) > 7
    for path in shipped:
        run = DataContract(data_contract_file=str(path), schema_location=schema).lint()
        assert run.result == "passed", (path.name, [one.reason for one in run.checks])


def test_every_column_is_one_property_of_the_right_type() -> None:
    """The frame of letters has what the contract says, no more and no less; where a row stands is ours."""
    columns = {name: dtype for section in SECTIONS.values() for name, dtype in section.items()}
    assert set(columns) | set(PLACE) == set(LETTERS)
    filled = [field for field in AGREED.letter.walk() if field.column]
    assert sorted(field.column or "" for field in filled) == sorted(columns)
    for field in filled:
        dtype = columns[field.column or ""]
        if field.takes == "list":
            assert dtype == pl.List(TYPES[field.kind])
        elif field.takes == "primary":
            assert dtype == pl.String()
        else:
            assert dtype == TYPES[field.kind], field.column


def test_every_column_is_in_the_section_of_its_block() -> None:
    """The document's with the document, a worker's wage with the employment."""
    blocks = (
        "employer",
        "workers.worker",
        "workers.employment",
        "workers.termination",
        "workers.compensation",
    )
    for field in AGREED.letter.walk():
        if field.column:
            block = next((one for one in blocks if field.path.startswith(f"{one}.")), "document")
            assert field.column in SECTIONS[block.removeprefix("workers.")], field.path


def test_every_field_says_what_it_is_in_both_languages_and_who_needs_it() -> None:
    """UU 27/2022 Pasal 27: nothing without a purpose. Each has its place in XML, its source and its class."""
    known = {"bpjs", "hi", "pes", "training", "inspection", "worker", "hub"}
    for field in FIELDS:
        assert field.description_en
        assert field.description_id
        assert field.description_id != field.description_en, field.path
        if field.leaf:
            assert field.needed_by, field.path
            assert set(field.needed_by) <= known
            assert field.classification in ("identifying", "specific", "public")
    for part in AGREED.parts:
        assert all(rule.description_id and rule.description_en and rule.source for rule in part.requirements)


def test_pay_is_specific_and_hidden_from_the_employment_service() -> None:
    """UU 27/2022 Pasal 4: financial data are specific; neither PES nor training providers see them."""
    amounts = [field for field in FIELDS if field.kind == "money"]
    assert len(amounts) == 17
    for field in amounts:
        assert field.classification == "specific"
        assert not {"pes", "training"} & set(field.needed_by), field.path
    mother = next(field for field in FIELDS if field.path == "workers.worker.mother_maiden_name")
    assert mother.needed_by == ("hub",)


def test_the_worker_s_bank_account_is_not_in_the_letter() -> None:
    """It belongs to the claim (data minimisation)."""
    assert not [field.path for field in FIELDS if "bank" in field.name or "rekening" in field.xml]


def test_the_examples_make_a_letter_that_the_contract_accepts() -> None:
    """An example that breaks its own pattern or list would mislead."""

    def example(fields: object) -> dict[str, object]:
        made: dict[str, object] = {}
        for field in fields:  # type: ignore[attr-defined]
            if field.inline:
                made |= example(field.fields)
            else:
                inside = example(field.fields)
                made[field.name] = [inside] if field.kind == "list" else inside or field.examples[0]
        return made

    assert check(example(AGREED.letter.fields) | {"case": example(AGREED.case.fields)}) == []
    for field in FIELDS:
        if field.codes:
            assert set(field.examples) <= AGREED.codes[field.codes].codes, field.path


def test_what_happened_after_the_letter_is_apart() -> None:
    """Receipt, response, evidence and dispute are the case: no field of the letter has their names."""
    assert [part.name for part in AGREED.parts] == [
        "termination_letter",
        "termination_case",
        "letter_signature",
    ]
    after = {
        "report_receipt_no",
        "worker_response",
        "evidence_kind",
        "dispute_stage",
        "pb_number",
        "decision_no",
    }
    assert after <= {field.name for field in AGREED.case.walk()}
    assert not after & {field.name for field in AGREED.letter.walk()}


def test_the_codes_of_a_kind_of_letter_are_those_of_the_law() -> None:
    """Which reason belongs to which kind of letter is said once more in the law's list: both say the same."""
    reasons = load_law(ROOT).reasons
    said = {
        kind: set(rule.values)
        for rule in AGREED.letter.requirements
        if rule.kind == "one_of_when" and rule.field.endswith("reason_code.primary")
        for kind in rule.when["letter_type"]
    }
    for kind, codes in said.items():
        by_law = {code for code, reason in reasons.items() if kind in reason.letter_types}
        unmapped = {"RUNK"} if kind.startswith("PHK_") else set()
        assert codes == by_law | unmapped, kind


def test_a_notice_is_dated_where_the_law_owes_one() -> None:
    """PP 35/2021 Pasal 37(3)-(4): the same reasons as in the law's list."""
    reasons = load_law(ROOT).reasons
    rule = next(one for one in AGREED.letter.requirements if one.id == "delivery_of_the_notice")
    assert set(rule.when["reason_code"]) == {code for code, one in reasons.items() if one.notice != "none"}


def test_every_list_has_labels_dates_and_an_article() -> None:
    """So that what a code means, and since when, can be looked up without us."""
    for codes in AGREED.codes.values():
        for code in codes.entries:
            assert code.label_id
            assert code.label_en
            assert code.source
    assert AGREED.codes["reason"].by_code["R432"].valid_from is not None


def test_every_source_is_listed_with_how_far_it_was_verified() -> None:
    """Nothing is cited that the readable edition does not list, and nothing is listed that is not cited."""
    known = load_sources(ROOT)
    cited = {one: instrument(one, known) for one in citations(AGREED)}
    assert [one for one, source in cited.items() if source is None] == []
    assert {source.name for source in cited.values() if source} == {source.name for source in known}
    with (ROOT / "schemas/surat_phk/sources.csv").open(encoding="utf-8", newline="") as stream:
        assert len(known) == sum(1 for _ in csv.DictReader(stream))


def test_what_is_written_from_the_contract_is_up_to_date() -> None:
    """If this fails: python -m jendela.letters.agreement."""
    assert stale(ROOT) == []


SPOILT = [
    ("physicalType: 'decimal(17,2)'", "physicalType: float", "has no type of ours"),
    ("{property: codes, value: sex}", "{property: codes, value: gender}", "a code names its list"),
    ("{property: descriptionId, value: Tempat ", "{property: keterangan, value: Tempat ", "Input should be"),
    (
        "{property: part, value: case}",
        "{property: part, value: letter}",
        "the parts are letter, case and signature",
    ),
    ("version: 1.0.0", "version: 3.0.0", "must be 1.x.y"),
    ("field: workers.worker.nik", "field: workers.nik", "is no rule of ours about a field of this part"),
    ("classification: identifying,", "colour: red,", "is not a key of this kind of file"),
    ("  - {property: xmlRoot, value: berkas_phk}\n", "", "is missing: add it"),
]


@pytest.mark.parametrize(("old", "new", "problem"), SPOILT, ids=[problem for _, _, problem in SPOILT])
def test_a_contract_that_somebody_spoilt_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    """What an editor of the contract gets wrong."""
    copy_agreements(tmp_path)
    path = tmp_path / FILE.relative_to(ROOT)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AgreementError, match=problem) as refused:
        contract("1.0", tmp_path)
    assert refused.value.file == "schemas/surat_phk/1.0/surat_phk.odcs.yaml"
    assert refused.value.line is not None
