"""What every rule holds, empties or only notices: one person, one mistake at a time."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.contracts.row_rules import RULES, Situation, _nik_part, made_once
from jendela.contracts.rows import broken_rules
from jendela.model.errors import JendelaError
from jendela.model.identifiers import NIK_PLACEHOLDER, MalformedIdentifierError, Nik, Npwp
from tests.validate.stories import CODES, CONTRACTS, NIGHT, SOUND, rows

LATE = NIGHT + timedelta(days=2)


def broken(entity: str, **difference: Any) -> set[tuple[str, str, str]]:
    """(field, rule, outcome) of one row that is sound but for the difference."""
    found = broken_rules(CONTRACTS[entity], CODES, NIGHT, rows(entity, difference))
    return set(found.select("field", "rule", "outcome").iter_rows())


@pytest.mark.parametrize("entity", sorted(CONTRACTS))
def test_a_sound_row_breaks_nothing(entity: str) -> None:
    """Every entity has a row without a finding."""
    assert broken(entity) == set()


@pytest.mark.parametrize(("nik", "rule"), [("321510570889900", "N1"), ("3275010000000000", "N2")])
def test_a_letter_with_a_malformed_nik_is_held(nik: str, rule: str) -> None:
    """Permenaker 2/2025 Pasal 9(2)e: the letter states the NIK."""
    assert broken("termination_letter", nik=nik) == {("nik", rule, "hold")}


@pytest.mark.parametrize("entity", ["employment", "pes_registration", "termination_case", "claim"])
@pytest.mark.parametrize(("nik", "rule"), [("3,21511E+15", "N1"), ("1111111111111111", "N2")])
def test_elsewhere_a_malformed_nik_is_set_aside(entity: str, nik: str, rule: str) -> None:
    """The spell, the report and the claim are real, whatever a spreadsheet did to the number."""
    assert broken(entity, nik=nik) == {("nik", rule, "set_aside")}


def test_only_a_foreigner_has_a_letter_without_nik() -> None:
    """John Smith has none; Siti must have one, and so must somebody whose citizenship nobody wrote down."""
    assert broken("termination_letter", nik=None, citizenship="WNA") == set()
    assert broken("termination_letter", nik=None) == {("nik", "C-NIK", "hold")}
    assert broken("termination_letter", nik=None, citizenship=None) == {("nik", "C-NIK", "hold")}
    assert broken("claim", nik=None) == {("nik", "C-NIK", "note")}


@pytest.mark.parametrize(
    ("nik", "rule"),
    [
        ("3215103102899001", "N3"),
        ("9915105708899001", "N4"),
        ("3215105708890000", "N5"),
        ("3215101708899001", "N6"),
        ("3215105708909001", "N7"),
    ],
)
@pytest.mark.parametrize("entity", ["employment", "termination_letter"])
def test_a_suspicious_nik_never_rejects(entity: str, nik: str, rule: str) -> None:
    """It is noticed, the row goes on, the number stays."""
    found = broken(entity, nik=nik)
    assert ("nik", rule, "note") in found
    assert {outcome for _, _, outcome in found} == {"note"}


@pytest.mark.parametrize(
    ("entity", "difference", "expected"),
    [
        ("employer", {"employer_name": None}, ("employer_name", "C-REQ", "hold")),
        ("employer", {"npp": None, "npwp": None}, ("npp", "C-ANY", "hold")),
        ("employer", {"npwp": "013000665091000"}, ("npwp", "C-NPWP", "set_aside")),
        ("employer", {"nib": "91200"}, ("nib", "C-PAT", "set_aside")),
        ("employer", {"registered_date": LATE}, ("registered_date", "D-FUTURE", "hold")),
        ("employment", {"end_date": date(2013, 1, 1)}, ("end_date", "D-ORDER", "hold")),
        ("employment", {"birth_date": date(2089, 8, 17)}, ("birth_date", "D-BIRTH", "set_aside")),
        ("employment", {"wage_reported": Decimal("-1.00")}, ("wage_reported", "C-RNG", "hold")),
        ("employment", {"phone": "021-555"}, ("phone", "C-PAT", "set_aside")),
        ("employment", {"residence_region": "9999"}, ("residence_region", "C-COD", "set_aside")),
        ("employment", {"programmes": "JHT KPR"}, ("programmes", "C-PAT", "hold")),
        ("termination_letter", {"reason_code": "R99"}, ("reason_code", "C-COD", "hold")),
        ("termination_letter", {"letter_date": LATE}, ("letter_date", "D-FUTURE", "hold")),
        ("termination_letter", {"effective_date": date(2062, 9, 24)}, ("effective_date", "D-SPAN", "hold")),
        ("termination_letter", {"letter_type": "CORRECTION"}, ("supersedes_number", "C-WHEN", "hold")),
        ("termination_letter", {"total_net": Decimal("73000000.01")}, ("total_net", "C-SUM", "hold")),
        ("termination_letter", {"birth_date": date(2089, 8, 17)}, ("birth_date", "D-BIRTH", "hold")),
        ("termination_letter", {"letter_number": "9" * 61}, ("letter_number", "C-LEN", "hold")),
        (
            "termination_case",
            {"report_receipt_date": date(2026, 9, 27)},
            ("report_receipt_date", "D-ORDER", "hold"),
        ),
        ("pes_registration", {"valid_until": date(2026, 10, 4)}, ("valid_until", "D-ORDER", "hold")),
        ("contribution", {"posted_date": None}, ("posted_date", "C-WHEN", "hold")),
        ("contribution", {"months_paid": 25}, ("months_paid", "C-RNG", "hold")),
        ("contribution", {"spell_record": None}, ("spell_record", "C-REQ", "hold")),
        ("benefit_payment", {"month_number": None}, ("month_number", "C-WHEN", "hold")),
        ("benefit_payment", {"bank_code": "14"}, ("bank_code", "C-PAT", "set_aside")),
        ("referral", {"outcome_date": date(2026, 10, 5)}, ("outcome_date", "D-ORDER", "hold")),
        ("training_attendance", {"attendance_percent": 140}, ("attendance_percent", "C-RNG", "hold")),
        ("disqualification_notice", {"action": "STOPPED"}, ("action_date", "C-WHEN", "hold")),
        ("dispute", {"result": "FOR_WORKER"}, ("decision_date", "C-WHEN", "hold")),
        (
            "settlement_agreement",
            {"registration_date": date(2026, 10, 8)},
            ("registration_date", "D-ORDER", "hold"),
        ),
        ("pes_activity", {"attendance_percent": 101}, ("attendance_percent", "C-RNG", "hold")),
        ("pes_activity", {"activity_month": "2026-13"}, ("activity_month", "C-PAT", "hold")),
        ("claim", {"decision_date": date(2026, 10, 7)}, ("decision_date", "D-ORDER", "hold")),
        ("claim", {"status": "APPROVED"}, ("decision_date", "C-WHEN", "hold")),
        ("claim", {"status": "REJECTED", "decision_date": NIGHT}, ("rejection_reason", "C-WHEN", "hold")),
    ],
)
def test_a_certain_mistake_is_found(
    entity: str, difference: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    """Each rule, by the row that breaks it."""
    assert expected in broken(entity, **difference)


NAMED = ("claim", "dispute", "employment", "pes_registration", "termination_case", "termination_letter")


@pytest.mark.parametrize("entity", NAMED)
@pytest.mark.parametrize(
    "name", ["-", "NULL", "n/a", "nihil", "Tidak Ada", "(kosong)", "...", "0", "—", "- NIHIL -"]
)
def test_a_word_for_nothing_is_nobodys_name(entity: str, name: str) -> None:
    """In every contract that names a person, whatever file it came from."""
    assert ("full_name", "N-NIL", "hold") in broken(entity, full_name=name)


@pytest.mark.parametrize(
    ("entity", "difference"),
    [
        ("employment", {"end_date": date(2014, 2, 3)}),  # one day of work
        ("employment", {"start_date": LATE}),  # registered ahead of the first day
        ("employment", {"npp": None, "wlkp_code": "00011.20190312.0004"}),
        ("employment", {"full_name": "Na"}),  # a name of two letters, not N/A
        ("termination_letter", {"full_name": "NIHILA TIDAK ADAWIYAH"}),
        ("employment", {"full_name": "SLAMET"}),  # one word is a whole name
        ("employer", {"npwp": "3215105708899001"}),  # a trader whose NIK is the tax number
        ("employer", {"region_code": "9101"}),  # Merauke before Papua Selatan
        ("termination_letter", {"letter_date": NIGHT + timedelta(days=1)}),  # already tomorrow in Jayapura
        ("termination_letter", {"letter_type": "PHK_CONFIRMATION", "letter_date": date(2026, 10, 1)}),
        (
            "termination_letter",
            {"effective_date": date(2026, 9, 5)},
        ),  # a notice too short is a breach, not a mistake
        ("termination_case", {"nik": None}),
        ("claim", {"status": "WITHDRAWN"}),
    ],
)
def test_what_is_only_unusual_goes_on(entity: str, difference: dict[str, Any]) -> None:
    """The law's own questions are for reconciliation, not for the gate."""
    assert {item for item in broken(entity, **difference) if item[2] != "note"} == set()


def test_every_broken_rule_of_every_row_is_reported() -> None:
    """Three mistakes in the first row, two in the third, none in the second."""
    worst = {"letter_number": None, "reason_code": "XX", "nik": "12"}
    bad = {"effective_date": date(2001, 1, 1), "held_at": "NOWHERE"}
    found = broken_rules(
        CONTRACTS["termination_letter"], CODES, NIGHT, rows("termination_letter", worst, {}, bad)
    )
    assert list(found.select("position", "field", "rule").iter_rows()) == [
        (0, "letter_number", "C-REQ"),
        (0, "nik", "N1"),
        (0, "reason_code", "C-COD"),
        (2, "effective_date", "D-ORDER"),
        (2, "effective_date", "D-SPAN"),
        (2, "held_at", "C-COD"),
    ]


def test_a_frame_of_the_wrong_type_is_our_own_mistake() -> None:
    """Mapping gives what the contract says, or the night stops."""
    frame = rows("claim", {}).with_columns(pl.col("filed_date").cast(pl.String))
    with pytest.raises(JendelaError, match=r"claim\.filed_date came as String"):
        broken_rules(CONTRACTS["claim"], CODES, NIGHT, frame)


def test_a_deployment_cannot_switch_the_checks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """pandera obeys its environment; we do not."""
    from pandera.config import CONFIG

    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    assert broken("claim", nik="1") == {("nik", "N1", "set_aside")}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.from_regex(r"[0-9]{14,17}", fullmatch=True),
            st.builds(
                lambda place, day, month, year, serial: f"{place}{day:02}{month:02}{year:02}{serial:04}",
                st.sampled_from(["321510", "650101", "990101"]),
                st.integers(0, 75),
                st.integers(0, 14),
                st.integers(0, 99),
                st.integers(0, 3),
            ),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_frames_and_single_values_agree_about_a_nik(niks: list[str]) -> None:
    """The rules over a column say of each number what the type says of it alone."""
    stated = SOUND["employment"]
    found = broken_rules(
        CONTRACTS["employment"], CODES, NIGHT, rows("employment", *({"nik": nik} for nik in niks))
    )
    for position, text in enumerate(niks):
        ours = set(found.filter((pl.col("position") == position) & (pl.col("field") == "nik"))["rule"])
        try:
            alone = set(
                Nik.parse(text).findings(NIGHT, CODES["region"].codes, stated["sex"], stated["birth_date"])
            )
        except MalformedIdentifierError as refused:
            alone = {refused.reason}
        assert ours == alone - {"N8"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.from_regex(r"0?[0-9]{15}", fullmatch=True), min_size=1, max_size=20))
def test_frames_and_single_values_agree_about_a_tax_number(numbers: list[str]) -> None:
    """The Luhn digit written out over a column is the library's."""
    found = broken_rules(
        CONTRACTS["employer"], CODES, NIGHT, rows("employer", *({"npwp": n} for n in numbers))
    )
    wrong = set(found.filter(pl.col("rule") == "C-NPWP")["position"])
    companies = {place for place, n in enumerate(numbers) if len(n) == 15 or n.startswith("0")}
    assert wrong == {place for place in companies if Npwp.malformed(numbers[place])}


FILLERS = ["0000", "00000000", "1234567890123456", *(16 * digit for digit in "0123456789")]
NIKS = st.text("0123456789", min_size=16, max_size=16)


@given(
    st.one_of(
        NIKS,
        st.builds(lambda nik, filler: (filler + nik)[:16], NIKS, st.sampled_from(FILLERS)),
        st.builds(lambda nik, filler: (nik + filler)[-16:], NIKS, st.sampled_from(FILLERS)),
    )
)
def test_a_filler_is_one_as_a_text_and_as_a_number(nik: str) -> None:
    """The rule divides the number where the identifier asks a pattern; both find the same."""
    rule = RULES["nik_not_placeholder"].build({"field": "nik"}, Situation(NIGHT, frozenset()))
    (sound,) = pl.DataFrame({"nik": [nik]}).select(rule).to_series()
    assert sound is (re.search(NIK_PLACEHOLDER, nik) is None)


@given(NIKS)
def test_the_parts_of_a_nik_are_those_of_its_text(nik: str) -> None:
    """Day and month, year and serial, however many zeros they begin with."""
    parts = [int(nik[start : start + 2]) for start in (6, 8, 10)]
    frame = pl.DataFrame({"nik": [nik]}).select(
        _nik_part({"field": "nik"}, start).alias(str(start)) for start in (6, 8, 10)
    )
    assert list(frame.row(0)) == parts


@given(
    st.lists(st.one_of(st.none(), NIKS, st.text(alphabet="0129x ", max_size=17)), min_size=1, max_size=6),
    st.sampled_from([name for name, kind in RULES.items() if kind.of_number]),
)
def test_a_rule_of_columns_made_once_is_the_rule_made_for_itself(niks: list[str | None], name: str) -> None:
    """What several rules of a NIK ask is found out once, and answers as before."""
    more = {"sex": ["L"] * len(niks), "birth_date": [date(1994, 5, 12)] * len(niks)}
    frame = pl.DataFrame({"nik": niks, **more}, schema_overrides={"nik": pl.String})
    params = {"field": "nik", "sex": "sex", "birth_date": "birth_date"}
    situation = Situation(NIGHT, frozenset({"3215"}))
    made = frame.lazy()
    for stage in made_once("nik"):
        made = made.with_columns(stage)
    once = made.select(RULES[name].build({**params, "made": True}, situation).alias("held")).collect()
    alone = frame.select(RULES[name].build(params, situation).alias("held"))
    assert once["held"].to_list() == alone["held"].to_list()
