"""Law is data with validity: which regime judges a date, and what a broken file says."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import schemas
from jendela.law import load_law
from jendela.law.reasons import without_office_copy
from jendela.law.regimes import regime_column, regime_on
from jendela.model.errors import AgreementError

LAW = load_law(None)


@pytest.fixture
def agreements(tmp_path: Path) -> Path:
    """A copy of the shipped law to break."""
    shutil.copytree(Path(next(iter(schemas.__path__))) / "law", tmp_path / "schemas" / "law")
    return tmp_path


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        (date(2020, 12, 31), None),
        (date(2025, 2, 6), "pp35-2021"),
        (date(2025, 2, 7), "permenaker-2-2025"),
        (date(2026, 9, 24), "permenaker-2-2025"),
    ],
)
def test_the_regime_of_the_effective_date(day: date, regime: str | None):
    """Permenaker 2/2025 applies from 7 February 2025; before PP 35/2021 no regime is loaded."""
    found = regime_on(LAW.regimes, day)
    assert (found.id if found else None) == regime
    assert pl.DataFrame({"day": [day]}).select(regime_column(LAW.regimes, pl.col("day"))).item() == regime


def test_the_office_is_owed_no_letter_when_nobody_was_dismissed():
    """Resignation, end of a fixed term, retirement and death (UU 13/2003 Pasal 151A)."""
    assert set(without_office_copy(LAW.reasons.values())) == {"R50", "R56", "R57", "RPK1", "RPK2", "RPK4"}


def test_a_gap_between_regimes_is_refused(agreements: Path):
    """Two regimes that do not touch name the later one."""
    file = agreements / "schemas" / "law" / "regimes.yaml"
    file.write_text(file.read_text().replace("valid_to: 2025-02-06", "valid_to: 2025-02-01"))
    with pytest.raises(AgreementError, match=r"regimes\.yaml: permenaker-2-2025: must begin the day after"):
        load_law(agreements)


def test_an_unknown_reading_is_refused_with_its_line(agreements: Path):
    """A mistyped key is not silently ignored."""
    file = agreements / "schemas" / "law" / "readings.yaml"
    file.write_text(file.read_text().replace("grace_days: 30", "grace_day: 30"))
    with pytest.raises(AgreementError, match=r"readings\.yaml:\d+: WRK-01"):
        load_law(agreements)


def test_an_unusable_holiday_is_refused_with_its_line(agreements: Path):
    """The third line of the calendar is named."""
    file = agreements / "schemas" / "law" / "holidays.csv"
    file.write_text(file.read_text().replace("2025-01-27", "27 January"))
    with pytest.raises(AgreementError, match=r"holidays\.csv:3: date"):
        load_law(agreements)
