"""The text of a return: a clerk reads what is wrong, where, how to mend it, by when and why the law asks."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.contracts.agreements import load_agreements
from jendela.contracts.messages import load_messages
from jendela.law import load_law
from jendela.letters.frame import LETTERS
from jendela.letters.returns import LINE, Wording, told
from jendela.letters.rows import as_letters, judge_rows, judgeable
from jendela.letters.rules import load_rules

ROOT = Path(__file__).parents[2]
AGREEMENTS, RULES, LAW = load_agreements(None), load_rules(), load_law(None)
CONTRACT = AGREEMENTS.contracts["termination_letter"]
WORDING = Wording(load_messages(), RULES, CONTRACT)
ITEM = {
    "item_key": "r1",
    "return_kind": "HELD",
    "letter_number": "021/HRD-PHK/IX/2026",
    "letter_date": "3 September 2026",
    "source_name": "surat_tembusan.csv",
    "source_line": 7,
    "source_key": "NO AGENDA = 117",
    "_mode": "snapshot",
    "mend_by_date": date(2026, 10, 12),
    "_days": 5,
}
SITI = {
    "_record_id": "r1",
    "nik": "3215105708899001",
    "full_name": "SITI NUR AISYAH",
    "birth_date": date(1989, 8, 17),
    "letter_type": "PHK_NOTICE",
    "letter_number": "021/HRD-PHK/IX/2026",
    "letter_date": date(2026, 9, 3),
    "employer_name": "PT MAJU JAYA TEKSTIL",
    "npp": "JJ012345",
    "workplace_region": "3215",
    "contract_type": "PKWTT",
    "start_date": date(2014, 2, 3),
    "reason_code": "R432",
    "reason_narrative": "Efisiensi",
    "notice_delivered_date": date(2026, 9, 3),
    "effective_date": date(2026, 9, 24),
    "copy_office": "3215",
    "kpj": "01234567891",
}


def line(rule, field="", **said):
    """One thing wrong with the letter r1."""
    return {**dict.fromkeys(LINE), "item_key": "r1", "entity": "termination_letter", "rule": rule,
            "field": field, **said}  # fmt: skip


def texts(*lines, **item):
    """The texts of one return, by column."""
    frame = pl.DataFrame([ITEM | item], schema_overrides={"source_line": pl.Int64()})
    return told(frame, pl.DataFrame(lines, LINE), WORDING).to_dicts()[0]


def test_the_text_in_both_languages():
    """Where, what, how, by when, and the article; each problem numbered, the field by its name and column."""
    made = texts(line("N1", "nik", column="NIK"), line("C-REQ", "letter_date", column="TGL SURAT"))
    assert made["text_id"].startswith(
        "Surat nomor 021/HRD-PHK/IX/2026, tanggal 3 September 2026 (berkas surat_tembusan.csv, baris data 7)"
        ", dikembalikan. Yang harus diperbaiki (2): (1) NIK (kolom NIK): NIK tidak terdiri atas 16 angka."
    )
    assert "(2) Tanggal surat (kolom TGL SURAT): Isian wajib kosong. Perbaikan: lengkapi" in made["text_id"]
    assert "At the latest 12 October 2026 (5 working days)" in made["text_en"]
    assert made["legal_source"].split("; ")[-1] == "Permenaker 2/2025 Pasal 9(2)h"
    assert made["legal_source"].startswith(WORDING.article("N1", "nik"))
    assert WORDING.article("C-NIK", "nik") == "Permenaker 2/2025 Pasal 9(2)e"
    assert WORDING.article("C-LEN", "letter_place") == CONTRACT.legal_basis


def test_a_sentence_of_a_rule_is_told_as_it_was_made():
    """The rules of letters say themselves how to mend it."""
    said = {"message_id": "Kalimatnya.", "message_en": "Its sentence.", "article": "PP 35/2021 Pasal 37"}
    made = texts(line("L-03", "termination.effective_date", **said), return_kind="CORRECT")
    assert "(1) Tanggal berlaku PHK: Kalimatnya. Aturan L-03; dasar: PP 35/2021 Pasal 37." in made["text_id"]
    assert "tetap digunakan" in made["text_id"]
    assert "was accepted and is used" in made["text_en"]


@pytest.mark.parametrize(
    ("item", "place"),
    [
        ({"_mode": "drop", "source_name": "a.xml", "source_line": 3}, "(berkas a.xml, pekerja urutan 3)"),
        ({"_mode": "drop", "source_name": "a.xml", "source_line": None}, "(berkas a.xml)"),
        ({"_mode": "delta", "source_name": None, "source_key": "ID = 4"}, "(catatan ID = 4)"),
        ({"_mode": "delta", "source_name": None, "source_key": None}, "(catatan di kantor Anda)"),
    ],
)
def test_the_place_is_told_as_the_sender_knows_it(item, place):
    """A worker of a file, a file, a record of a database by its own key."""
    assert place in texts(line("N1", "nik"), **item)["text_id"]


def test_a_letter_without_number_and_date_is_still_told():
    """Nothing becomes null because a value is missing."""
    made = texts(line("F-XML"), letter_number=None, letter_date=None)
    assert "Surat nomor (tidak tertulis), tanggal (tidak tertulis)" in made["text_id"]
    assert "(1) Seluruh surat: " in made["text_id"]


def test_every_rule_that_may_hold_a_letter_says_how_to_mend_it_in_both_languages():
    """And every field of the letter has a name in both."""
    rules = {rule.rule for rule in CONTRACT.rules if rule.outcome == "hold"} | {"N1"}
    documented = re.findall(r"^\| `([CDFM]-[A-Z]+)` \|", (ROOT / "docs/reference/rules.md").read_text(), re.M)
    rules |= {rule for rule in documented if not rule.startswith("D-SET")}
    known = WORDING.messages.texts
    assert sorted(rule for rule in rules if f"return.mend.{rule}" not in known) == []
    fields = {*CONTRACT.by_name, *LETTERS} - {"file", "index", "schema_version"}
    assert sorted(name for name in fields if f"return.field.{name}" not in known) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["N1", "N2", "C-REQ", "M-DATE", "D-ORDER"]), min_size=1, max_size=6))
def test_each_problem_is_told_exactly_once_and_numbered(rules):
    """However many there are."""
    made = texts(*(line(rule, f"field{place}") for place, rule in enumerate(rules)))
    numbers = [int(found) for found in re.findall(r"\((\d+)\) [a-z]", made["text_id"])]
    assert numbers == list(range(1, len(rules) + 1))
    assert f"({len(rules)}):" in made["text_en"]


def siti(**other):
    """Siti's letter as a canonical row."""
    row = dict.fromkeys(CONTRACT.by_name) | SITI | other
    return pl.DataFrame([row], {"_record_id": pl.String(), **CONTRACT.schema})


def broken(feed, **other):
    """The rules that Siti's letter breaks as this feed would tell it."""
    stated = AGREEMENTS.feed(feed).targets["termination_letter"].fields
    found = judge_rows(siti(**other), stated, LAW, RULES)
    assert set(found["file"]) <= {"r1"}
    return set(found.filter(pl.col("severity") == "error")["rule"])


def test_a_list_at_a_counter_is_not_blamed_for_what_it_has_no_column_for():
    """No address, no attachments, no size of the enterprise: none of it is asked of Karawang's clerk."""
    assert broken("dinas_3215.surat_tembusan") == set()
    assert broken("bpjs.surat_klaim") == set()


def test_what_it_does_state_is_judged_by_the_law_of_the_day():
    """A notice of eight days, a fixed term as reason for a permanent worker."""
    assert broken("dinas_3215.surat_tembusan", effective_date=date(2026, 9, 11)) == {"L-03"}
    assert "L-02" in broken("dinas_3215.surat_tembusan", reason_code="RPK3")


def test_which_checks_a_register_can_answer():
    """Those that ask for a field which it never states are left out; those of reconcile stay."""
    kept = {entry.check for entry in judgeable({"nik"}, LAW, RULES).entries if entry.where == "document"}
    assert {"N1", "N2"} <= kept
    assert not kept & {"L-03.short", "L-25.address", "L-18", "L-06.severance"}


def test_a_row_as_a_letter_has_lists_where_the_letter_has():
    """One copy, one reason."""
    made = as_letters(siti())
    assert made.select("file", "copy_offices", "reason_codes").rows() == [("r1", ["3215"], ["R432"])]
    assert made["severance_amount"].dtype == LETTERS["severance_amount"]
