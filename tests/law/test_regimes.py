"""Law is data with validity: what held on a date, which file says so, and what a broken file says."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_series_equal

import schemas
from jendela.law import load_law
from jendela.law.reasons import codes_where, without_office_copy
from jendela.model.errors import AgreementError

LAW = load_law(None)
SCHEMAS = Path(next(iter(schemas.__path__)))
TABLES = ("severance.months", "upmk.months")
SIMPLE = sorted(
    key
    for key, entries in LAW.parameters.entries.items()
    if key not in TABLES and not isinstance(entries[0].value, dict)
)
SPAN = "valid_from: 2027-01-01\nvalid_to: null\n"
GIVEN = "parameters:\n  a.b: {value: 1, article: x, evidence: read}\n"
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.fixture
def agreements(tmp_path: Path) -> Path:
    """A copy of the shipped law to break."""
    shutil.copytree(SCHEMAS / "law", tmp_path / "schemas" / "law")
    return tmp_path


def regime(agreements: Path, name: str, text: str) -> None:
    """A regime more."""
    head = f"id: {name}\ninstrument: {name}\ntitle_id: {name}\ntitle_en: {name}\n"
    (agreements / "schemas" / "law" / "regimes" / f"{name}.yaml").write_text(head + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("parameter", "before", "from_then_on", "changed"),
    [
        ("jkp.contribution_percent", 0.46, 0.36, date(2025, 2, 7)),
        ("jkp.cash_percent", [45, 45, 45, 25, 25, 25], [60] * 6, date(2025, 2, 7)),
        ("jkp.claim_months", 3, 6, date(2025, 2, 7)),
        ("jkp.consecutive_months", 6, 0, date(2025, 2, 7)),
        ("jkp.training_value", 1_000_000, 2_400_000, date(2025, 2, 7)),
        ("severance.is_minimum", False, True, date(2024, 10, 31)),
        ("termination.final_decision_first", False, True, date(2024, 10, 31)),
        ("retirement.age", 58, 59, date(2025, 1, 1)),
        ("notice.working_days", None, 14, date(2021, 2, 2)),
        ("jkp.wage_cap", None, 5_000_000, date(2021, 2, 2)),
    ],
)
def test_what_held_on_the_day_before_and_on_the_day(parameter, before, from_then_on, changed):
    """PP 6/2025 from 7 February 2025, MK 168 from 31 October 2024, PP 35 and 37/2021 from 2 February 2021."""
    eve = date.fromordinal(changed.toordinal() - 1)
    assert [LAW.held(parameter, eve), LAW.held(parameter, changed)] == [before, from_then_on]


def test_every_value_says_where_it_stands_and_how_it_is_known():
    """Permenaker 2/2025 Pasal 9(1) was read; the seven days before it are general knowledge."""
    read = LAW.parameters.entry("report.working_days", date(2026, 1, 1))
    hearsay = LAW.parameters.entry("report.working_days", date(2024, 1, 1))
    assert (read.regime, read.article[:11], read.evidence) == ("permenaker-2-2025", "Pasal 9(1);", "read")
    assert (hearsay.regime, hearsay.evidence) == ("permenaker-15-2021", "general_knowledge")
    assert all(entry.article for entries in LAW.parameters.entries.values() for entry in entries)


@settings(deadline=None, max_examples=60)
@given(st.lists(DAYS, min_size=1, max_size=5), st.sampled_from(SIMPLE))
def test_a_column_is_answered_as_each_of_its_days(days, parameter):
    """Scalar and expression are two ways to ask one question, for values of every simple kind."""
    one_by_one = pl.Series("day", [LAW.held(parameter, day) for day in days], strict=False)
    found = pl.DataFrame({"day": days}).select(LAW.held(parameter, pl.col("day")).alias("day")).to_series()
    assert_series_equal(found, one_by_one, check_dtypes=False)


def test_no_date_has_no_law():
    """A letter without an effective date is judged by nothing."""
    days = pl.DataFrame({"day": [None, date(2026, 9, 24)]}, schema={"day": pl.Date})
    found = days.select(
        held=LAW.held("notice.working_days", pl.col("day")),
        reason=LAW.parameters.is_held("reason", pl.lit("R432"), pl.col("day")),
        times=LAW.parameters.family("reason", "severance", pl.lit("R452"), pl.col("day"), pl.Float64()),
        source=LAW.parameters.regime("report.working_days", pl.col("day")),
    )
    assert found.row(0) == (None, None, None, None)
    assert found.row(1) == (14, True, 0.75, "permenaker-2-2025")


def test_a_new_law_is_a_new_file(agreements):
    """A longer notice from 2027: nothing else is touched, and the old days keep the old law."""
    regime(
        agreements,
        "uu-new",
        "valid_from: 2027-01-01\nvalid_to: null\namends: [pp-35-2021]\n"
        "parameters:\n  notice.working_days: {value: 30, article: Pasal 1, evidence: read}\n",
    )
    law = load_law(agreements)
    assert law.held("notice.working_days", date(2026, 12, 31)) == 14
    assert law.held("notice.working_days", date(2027, 1, 1)) == 30
    assert law.held("rejection.working_days", date(2027, 1, 1)) == 7
    assert law.digest != LAW.digest


def test_two_laws_that_give_one_parameter_are_refused(agreements):
    """Nobody could say which of them judges."""
    regime(
        agreements,
        "uu-new",
        "valid_from: 2027-01-01\nvalid_to: null\n"
        "parameters:\n  notice.working_days: {value: 30, article: Pasal 1, evidence: read}\n",
    )
    with pytest.raises(AgreementError, match=r"uu-new\.yaml: notice\.working_days: overlaps"):
        load_law(agreements)


def test_days_without_any_value_between_two_laws_are_refused(agreements):
    """The old one ends at the end of 2026, the new one begins in February."""
    file = agreements / "schemas" / "law" / "regimes" / "pp-35-2021.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("article: Pasal 39(1),", "article: Pasal 39(1), valid_to: 2026-12-31,"))
    regime(
        agreements,
        "uu-new",
        "valid_from: 2027-02-01\nvalid_to: null\n"
        "parameters:\n  rejection.working_days: {value: 10, article: Pasal 1, evidence: read}\n",
    )
    with pytest.raises(AgreementError, match=r"regimes/uu-new\.yaml: rejection\.working_days: leaves a gap"):
        load_law(agreements)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SPAN + "parameters: {}\n", r"uu-new\.yaml:\d+: parameters"),
        (
            SPAN + "amends: [uu-nowhere]\n" + GIVEN,
            r"regimes/uu-new\.yaml: amends: names uu-nowhere",
        ),
        (
            SPAN + "parameters:\n  a.b: {value: 1, article: x, evidence: hearsay}\n",
            r"uu-new\.yaml:\d+: parameters\.a\.b",
        ),
        (
            SPAN.replace("null", "2026-01-01") + GIVEN,
            r"regimes/uu-new\.yaml: a\.b: ends before it begins",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named(agreements, text, problem):
    """The file, and the key in it."""
    regime(agreements, "uu-new", text)
    with pytest.raises(AgreementError, match=problem):
        load_law(agreements)


def test_a_file_is_named_as_its_regime(agreements):
    """Else an amendment of it finds nothing."""
    folder = agreements / "schemas" / "law" / "regimes"
    (folder / "mk-168-2023.yaml").rename(folder / "mk.yaml")
    with pytest.raises(AgreementError, match=r"regimes/mk\.yaml: id: must be mk"):
        load_law(agreements)


def test_a_parameter_that_nobody_gives_is_our_mistake():
    """It is said at once, with its name."""
    with pytest.raises(AgreementError, match=r"notice\.workin_days: is asked for and given by no regime"):
        LAW.held("notice.workin_days", date(2026, 1, 1))


def test_the_office_is_owed_no_letter_when_nobody_was_dismissed():
    """Resignation, end of a fixed term, retirement and death (UU 13/2003 Pasal 151A)."""
    assert set(without_office_copy(LAW.reasons.values())) == {"R50", "R56", "R57", "RPK1", "RPK2", "RPK4"}


def test_no_notice_is_owed_of_what_the_worker_the_contract_or_the_court_decided():
    """DOMAIN's column: none, or a dash; seven days on probation, fourteen for all others."""
    none = {"R48", "R49", "R50", "R51", "R522", "R544", "R545", "R552", "R55T", "R56", "R57"}
    none |= {"RPK1", "RPK2", "RPK4", "RMUT", "RUNK"}
    assert set(codes_where(LAW.reasons.values(), notice="none")) == none
    assert codes_where(LAW.reasons.values(), notice="probation") == ["RPRB"]


def test_the_reasons_of_the_law_are_those_of_the_code_list():
    """One list of codes, and for each but the unknown one the regime says what it costs."""
    with (SCHEMAS / "codes" / "reason.csv").open(encoding="utf-8") as file:
        listed = [row["code"] for row in csv.DictReader(file)]
    assert sorted(LAW.reasons) == sorted(listed)
    given_by_law = {key.partition(".")[2] for key in LAW.parameters.entries if key.startswith("reason.")}
    assert set(listed) - given_by_law == {"RUNK"}


def test_an_unknown_reading_is_refused_with_its_line(agreements: Path):
    """A mistyped key is not silently ignored."""
    file = agreements / "schemas" / "law" / "readings.yaml"
    file.write_text(file.read_text().replace("grace_days: 30", "grace_day: 30"))
    with pytest.raises(AgreementError, match=r"readings\.yaml:\d+: WRK-01"):
        load_law(agreements)


def test_an_unusable_holiday_is_refused_with_its_line(agreements: Path):
    """The third line of the calendar is named."""
    file = agreements / "schemas" / "law" / "holidays.csv"
    file.write_text(file.read_text().replace("2021-02-12", "12 February"))
    with pytest.raises(AgreementError, match=r"holidays\.csv:3: date"):
        load_law(agreements)
