"""Letters beside each other, another law, and what a message may and may not say."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from jendela.law import load_law
from jendela.letters.frame import LETTERS
from jendela.letters.rules import judge, judge_cases, load_rules
from tests.letters.rules import stories
from tests.letters.rules.letter import SOUND, frame, reason

ROOT = Path(__file__).parents[3]
LAW = load_law(None)
RULES = load_rules()
OTHER_NIK = "3215105708899002"


def rules_of(found: pl.DataFrame, index: int = 1) -> set[str]:
    """The rules that the worker at that place breaks."""
    return set(found.filter(pl.col("index") == index)["rule"])


def told(rule: str, **changes: object) -> tuple[str, str]:
    """The message of a rule in both languages."""
    found = judge(frame(changes), LAW, RULES).filter(pl.col("rule") == rule)
    return found["message_id"].item(), found["message_en"].item()


def test_one_bad_row_of_a_mass_lay_off_holds_only_itself():
    """The second of three workers is paid too little."""
    event = {"mass_layoff_id": "PHK-2026-1", "mass_layoff_count": 3}
    workers = [event | {"nik": f"321510570889900{place}"} for place in (1, 2, 3)]
    workers[1] |= {"severance_amount": 1, "total_gross": 25_000_001, "total_net": 25_000_001}
    found = judge(frame(*workers), LAW, RULES)
    assert found.select("index", "rule").rows() == [(2, "L-06")]


def test_a_worker_who_stands_twice_in_a_file():
    """L-29 on both rows; the same NIK in another file is another letter."""
    found = judge(frame({}, {}, {"nik": OTHER_NIK}, {"file": "other.xml"}), LAW, RULES)
    assert found.select("index", "rule").rows() == [(1, "L-29"), (2, "L-29")]


def test_more_workers_than_the_mass_lay_off_says():
    """L-30 counts those of the event in the file."""
    event = {"mass_layoff_id": "PHK-2026-1", "mass_layoff_count": 1}
    found = judge(frame(event, event | {"nik": OTHER_NIK}), LAW, RULES)
    assert {rule for place in (1, 2) for rule in rules_of(found, place)} == {"L-30"}


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"letter_number": "022/HRD-PHK/IX/2026", "effective_date": date(2026, 10, 1)}, True),  # 7 days
        ({"letter_number": "022/HRD-PHK/IX/2026", "effective_date": date(2026, 10, 2)}, False),
        ({"letter_number": "021 HRD PHK IX 2026"}, False),  # the same number, typed otherwise
        ({"letter_number": "022/HRD-PHK/IX/2026", "nik": OTHER_NIK}, False),
        ({"letter_number": "022/HRD-PHK/IX/2026", "npp": "KK012345"}, False),
        (
            {
                "letter_number": "022/HRD-PHK/IX/2026",
                "letter_type": "CORRECTION",
                "supersedes_number": "021/HRD-PHK/IX/2026",
            },
            False,
        ),
    ],
)
def test_two_letters_of_one_termination(other, found):
    """L-13: same worker and employer, seven days apart at most, another number that names not the first."""
    assert ("L-13" in rules_of(judge_cases(frame({}, other), LAW, RULES))) == found


def test_a_filler_makes_nobody_one_worker():
    """Two workers with the NIK 1111… are not two letters of one termination."""
    filler = {"nik": "1111111111111111"}
    found = judge_cases(frame(filler, filler | {"letter_number": "022"}), LAW, RULES)
    assert "L-13" not in rules_of(found)


def test_the_register_knows_better_who_is_who():
    """Two NIKs, one person: the person_id decides."""
    one, two = {"person_id": "p1"}, {"person_id": "p1", "nik": OTHER_NIK, "letter_number": "022"}
    assert "L-13" in rules_of(judge_cases(frame(one, two), LAW, RULES))


def test_a_letter_number_that_is_used_again():
    """L-14: another worker and another date; a mass lay-off has one number and one date."""
    mass = [{"nik": f"321510570889900{place}"} for place in (1, 2, 3)]
    assert judge_cases(frame(*mass), LAW, RULES).is_empty()
    mass[2]["effective_date"] = date(2026, 9, 25)
    found = judge_cases(frame(*mass), LAW, RULES).filter(pl.col("rule") == "L-14")
    assert found["index"].to_list() == [1, 2, 3]
    assert [text.split(" untuk ")[1][:1] for text in found["message_id"]] == ["1", "1", "2"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=6))
def test_reuse_is_counted_as_by_comparing_every_two(pairs):
    """Workers and days in any mixture, one worker with two dates among them: against the plain definition."""
    letters = [
        {"nik": f"321510570889900{worker}", "effective_date": date(2026, 9, 23 + day)}
        for worker, day in pairs
    ]
    found = judge_cases(frame(*letters), LAW, RULES).filter(pl.col("rule") == "L-14")
    counts = dict(zip(found["index"], found["message_en"].str.extract(r"for (\d+) other"), strict=True))
    for place, (worker, day) in enumerate(pairs, start=1):
        others = {other for other, its_day in pairs if other != worker and its_day != day}
        assert int(counts.get(place, 0)) == len(others)


def test_a_reason_that_the_law_no_longer_has(tmp_path):
    """L-01: R432 is struck from the law at the end of 2025; letters from then on cannot use it."""
    shutil.copytree(ROOT / "schemas" / "law", tmp_path / "schemas" / "law")
    file = tmp_path / "schemas" / "law" / "regimes" / "pp-35-2021.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("article: Pasal 43(2),", "article: Pasal 43(2), valid_to: 2025-12-31,"))
    law = load_law(tmp_path)
    assert rules_of(judge(frame({}), law, RULES)) == {"L-01"}
    assert "L-01" not in rules_of(judge(frame({"effective_date": date(2025, 12, 31)}), law, RULES))


def test_a_rule_of_the_catalogue_has_its_time():
    """A rule that is agreed from 2027 does not judge letters of 2026."""
    later = [
        entry if entry.rule != "L-12" else entry.__class__(**vars(entry) | {"valid_from": date(2027, 1, 1)})
        for entry in RULES.entries
    ]
    rules = RULES.__class__(tuple(later), RULES.messages, RULES.regions, RULES.digest)
    assert "L-12" in rules_of(judge(frame({"copy_offices": None}), LAW, RULES))
    assert "L-12" not in rules_of(judge(frame({"copy_offices": None}), LAW, rules))
    from_then_on = {"copy_offices": None, "effective_date": date(2027, 1, 1)}
    assert "L-12" in rules_of(judge(frame(from_then_on), LAW, rules))


def test_before_the_law_began_nothing_is_judged_by_it():
    """A letter of 2020 is told that no law is known (L-17), not that its amounts are wrong."""
    old = {"effective_date": date(2020, 6, 30), "severance_amount": 0, "notice_delivered_date": None}
    found = rules_of(judge(frame(old), LAW, RULES))
    assert "L-17" in found
    assert not found & {"L-01", "L-03", "L-06", "L-20"}


def test_a_message_says_what_would_be_enough():
    """Days given and needed, the earliest date, the minimum: in the sender's own language."""
    indonesian, english = told("L-03", effective_date=date(2026, 9, 22))
    assert "hanya 13 hari kerja" in indonesian
    assert "paling awal 23 September 2026" in indonesian
    assert "only 13 working days" in english
    assert "earliest effective date is 23 September 2026" in english
    indonesian, english = told("L-06", severance_amount=1)
    assert indonesian.endswith("Rp45.000.000.")
    assert english.endswith("Rp45,000,000.")
    indonesian, english = told("L-20", severance_multiplier=0.75)
    assert "0,75 lebih kecil" in indonesian
    assert "0.75 is lower" in english
    assert "(tanggal, bulan)" in told("N7", birth_date=date(1989, 7, 18))[0]
    assert "(year)" in told("N7", birth_date=date(1988, 8, 17))[1]


def test_no_message_says_who_it_is():
    """Names, numbers and addresses of the worker stay out, whatever is wrong."""
    letters = frame(*(story.changes for story in [*stories.DOCUMENT, *stories.RECONCILE]))
    found = pl.concat([judge(letters, LAW, RULES), judge_cases(letters, LAW, RULES)])
    said = " ".join([*found["message_id"], *found["message_en"]])
    assert len(said) > 10_000
    for column in ("nik", "full_name", "kpj", "address", "employer_name", "letter_number", "passport_no"):
        for value in letters[column].drop_nulls().unique():
            assert value not in said, column
    assert "1989" not in said


def test_what_a_frame_lacks_is_empty():
    """Rows of a database have few columns: they are judged by what they have."""
    few = pl.DataFrame([{name: SOUND[name] for name in ("file", "index", "nik", "effective_date")}])
    found = judge(few, LAW, RULES)
    assert {"L-24", "L-25"} == set(found.filter(pl.col("severity") == "error")["rule"])
    assert judge(pl.DataFrame(schema=LETTERS), LAW, RULES).is_empty()
    assert judge_cases(pl.DataFrame(schema=LETTERS), LAW, RULES).is_empty()


@settings(deadline=None, max_examples=15)
@given(st.lists(st.sampled_from(stories.DOCUMENT), min_size=1, max_size=6))
def test_a_letter_is_judged_alone_as_in_a_batch(several):
    """Of letters in files of their own, none changes what is said of another."""
    letters = frame(*({"file": str(place)} | story.changes for place, story in enumerate(several)))
    batch = judge(letters, LAW, RULES)
    alone = pl.concat([judge(letters[place : place + 1], LAW, RULES) for place in range(len(several))])
    assert_frame_equal(batch, alone)


@settings(deadline=None, max_examples=40)
@given(st.dates(date(2021, 3, 1), date(2026, 11, 1)), st.integers(0, 25))
def test_more_notice_never_breaks_what_less_notice_kept(delivered, days):
    """From the earliest date that the message names, every later date is late enough."""
    short = {
        "notice_delivered_date": delivered,
        "effective_date": date.fromordinal(delivered.toordinal() + days),
    }
    longer = short | {"effective_date": date.fromordinal(delivered.toordinal() + days + 1)}
    found = judge(frame(short | {"file": "1"}, longer | {"file": "2"}), LAW, RULES)
    errors = set(found.filter((pl.col("rule") == "L-03") & (pl.col("severity") == "error"))["file"])
    assert errors in (set(), {"1"}, {"1", "2"})


def test_the_amounts_of_every_reason_that_has_a_minimum():
    """Paid nothing, a letter breaks L-06 exactly where the law multiplies its tables by more than nought."""
    codes = list(LAW.reasons)
    nothing = {"severance_amount": 0, "upmk_amount": 0}
    found = judge(frame(*(reason(code) | nothing for code in codes)), LAW, RULES)
    short = set(found.filter((pl.col("rule") == "L-06") & (pl.col("severity") == "error"))["index"])
    held = {code: LAW.held(f"reason.{code}", date(2026, 9, 24)) for code in codes if code != "RUNK"}
    due = {code for code, value in held.items() if value["severance"] or value["upmk"]}
    assert {codes[place - 1] for place in short} == due


def test_a_number_that_is_nobodys_is_not_compared():
    """A clerk typed his own NIK into the letters of sixty workers: their letters are not one termination."""
    letters = [{"letter_number": f"{place}/HRD/2026"} for place in range(60)]
    assert "L-13" not in set(judge_cases(frame(*letters), LAW, RULES)["rule"])
    assert "L-13" in set(judge_cases(frame(*letters[:50]), LAW, RULES)["rule"])
