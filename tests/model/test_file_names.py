"""What names of files say: as agreed, or plainly; which of several is the last is never guessed."""

from __future__ import annotations

import pytest

from jendela.model.file_names import UnorderedError, last_of, problem_of, said

DMY = "{DD}-{MM}-{YYYY}"
MONTHLY = "{BULAN} {YYYY}[ rev{N}]"


@pytest.mark.parametrize(
    ("names", "last"),
    [
        (["lap 9.csv", "lap 10.csv"], "lap 10.csv"),
        (["LAP_10.CSV", "lap 9.csv"], "LAP_10.CSV"),
        (["phk_2026-09-30.csv", "phk_2026-10-01.csv"], "phk_2026-10-01.csv"),
        (["phk_20260930.csv", "phk_20261001.csv"], "phk_20261001.csv"),
        (
            ["20260901 lap rev1.xlsx", "20260901 lap rev10.xlsx", "20260901 lap rev9.xlsx"],
            "20260901 lap rev10.xlsx",
        ),
        (["a 20260930 final.csv", "b 20261001.csv"], "b 20261001.csv"),
        (["rekap 2026_9.csv", "rekap 2026_10.csv", "rekap 2025_12.csv"], "rekap 2026_10.csv"),
        (["rekap 202612.csv", "rekap 202701.csv"], "rekap 202701.csv"),
        (["000123.csv", "000124.csv"], "000124.csv"),
        (["2026/lap.csv", "2025/lap.csv"], "2026/lap.csv"),
        (["lap 01-09-2026.csv", "lap 12-09-2026.csv"], "lap 12-09-2026.csv"),
    ],
)
def test_plain_names_order_themselves(names, last):
    """ISO days, years before months, and one number that counts; case and underscores are nothing."""
    assert last_of(names) == last == last_of(names[::-1])


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["lap 30-09-2026.csv", "lap 01-10-2026.csv"], "before a year|none before them is a year"),
        (["lap 30092026.csv", "lap 01102026.csv"], "may begin with the day"),
        (["lap 300926.csv", "lap 011026.csv"], "may begin with the day"),
        (["lap 30-09-26.csv", "lap 01-10-26.csv"], "none before them is a year"),
        (["Agustus 2026.csv", "September 2026.csv"], "differ in words"),
        (["Sept 2026 rev2.xlsx", "Sept 2026.xlsx"], "differ in words"),
        (["lap.csv", "lap (1).csv"], "differ in words"),
        (["lap final.csv", "lap final benar.csv"], "differ in words"),
        (["lap_20260901.csv", "lap_20260931.csv"], "lap_20260931.csv says no day that a calendar has"),
        (["lap_20260901.csv", "lap_terbaru.csv"], "lap_terbaru.csv says no day"),
        (["lap_20260901.csv", "lap_20260901_ulang.csv"], "differ in words"),
        (["lap 1.csv", "LAP_01.csv"], "say the same"),
    ],
)
def test_an_order_that_names_do_not_say_is_an_error(names, reason):
    """The alphabet would take September before October, and the thirtieth before the first."""
    with pytest.raises(UnorderedError, match=reason):
        last_of(names)
    with pytest.raises(UnorderedError, match=reason):
        last_of(names[::-1])


@pytest.mark.parametrize(
    ("named", "names", "last"),
    [
        (DMY, ["lap 30-09-2026.csv", "lap 01-10-2026.csv", "lap 31-12-2025.csv"], "lap 01-10-2026.csv"),
        (DMY, ["lap 9-9-2026.csv", "lap 10-9-2026.csv"], "lap 10-9-2026.csv"),
        ("{DD}{MM}{YYYY}", ["lap30092026.csv", "lap01102026.csv"], "lap01102026.csv"),
        ("{DD}.{MM}.{YY}", ["lap 30.09.26.csv", "lap 01.10.26.csv"], "lap 01.10.26.csv"),
        (
            MONTHLY,
            ["Rekap Agustus 2026.xlsx", "Rekap Sept 2026.xlsx", "Rekap Des 2025.xlsx"],
            "Rekap Sept 2026.xlsx",
        ),
        (MONTHLY, ["Sept 2026.xlsx", "SEPT_2026_REV2.xlsx", "Sept 2026 rev10.xlsx"], "Sept 2026 rev10.xlsx"),
        (
            "{DD} {BULAN} {YYYY}",
            ["phk 30 September 2026.csv", "phk 1 Oktober 2026.csv"],
            "phk 1 Oktober 2026.csv",
        ),
        ("lap {N} bagian {N}", ["lap 2 bagian 1.csv", "lap 1 bagian 9.csv"], "lap 2 bagian 1.csv"),
        (
            "{DD}-{MM}-{YYYY}",
            ["2025/lap 02-01-2026.csv", "2026/lap 01-01-2026.csv"],
            "2025/lap 02-01-2026.csv",
        ),
    ],
)
def test_an_agreed_pattern_orders_what_people_write(named, names, last):
    """Days before months, months in words, revisions."""
    assert problem_of(named) is None
    assert last_of(names, named) == last == last_of(names[::-1], named)


@pytest.mark.parametrize(
    ("named", "names", "reason"),
    [
        (DMY, ["lap 01-10-2026.csv", "lap 2026-10-02.csv"], "lap 2026-10-02.csv says no day as"),
        (DMY, ["lap 01-10-2026.csv", "lap 31-09-2026.csv"], "lap 31-09-2026.csv says no day as"),
        (MONTHLY, ["Sept 2026.xlsx", "Sipt 2026.xlsx"], "Sipt 2026.xlsx says no day as"),
        (MONTHLY, ["a Sept 2026.xlsx", "b September 2026.xlsx"], "say the same"),
        ("{DD}{MM}{YYYY}", ["lap01102026.csv", "lap011020261.csv"], "lap011020261.csv says no day"),
    ],
)
def test_a_name_that_breaks_the_agreement_is_an_error(named, names, reason):
    """It may be the newest of all."""
    with pytest.raises(UnorderedError, match=reason):
        last_of(names, named)


def test_a_pattern_gives_the_files_day_where_it_has_one():
    """A month's name orders files and is no day; a plain name says its day as ISO."""
    assert said("lap 01-10-2026.csv", DMY).day == "2026-10-01"
    assert said("Sept 2026 rev2.xlsx", MONTHLY).day is None
    assert said("lap_20261001.csv").day == "2026-10-01"
    assert said("lap_20260931.csv") is None
    assert said("lap 01-10-2026.csv") is None


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("{DD}-{MM}-{JJJJ}", "which is none of"),
        ("{DD}-{YYYY}", "a day its month"),
        ("{MM}", "a month needs its year"),
        ("lap", "has no order"),
        ("{YYYY}-{YY}", "twice"),
        ("{BULAN} {MM} {YYYY}", "twice"),
        ("{YYYY}[ rev{N}", "bracket"),
        ("{YYYY}[ [rev{N}]]", "bracket"),
        ("]{YYYY}[", "bracket"),
    ],
)
def test_a_pattern_without_an_order_is_refused(named, problem):
    """When agreements load, not in the night."""
    assert problem in problem_of(named)
