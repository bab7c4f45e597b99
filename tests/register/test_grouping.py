"""Which records are about one thing: named stories, and what must hold for all."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.law import load_law
from jendela.register.grouping import components, employments, group, papers

READINGS = load_law(None).readings.facts
LETTER = {"person_id": "siti", "employer_id": "maju", "letter_type": "PHK_NOTICE"}


def spells(*rows):
    """Employments as (record, person, employer, start, end)."""
    names = ("record_id", "person_id", "employer_id", "start_date", "end_date")
    types = [pl.String, pl.String, pl.String, pl.Date, pl.Date]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")


def letters(**each):
    """Letters by record: (number, effective date) and what differs from LETTER."""
    rows = [
        {
            "record_id": name,
            "letter_number": told[0],
            "effective_date": told[1],
            **LETTER,
            **(told[2] if told[2:] else {}),
        }
        for name, told in each.items()
    ]
    types = dict.fromkeys(("record_id", "letter_number", *LETTER), pl.String)
    return pl.DataFrame(rows, schema={**types, "effective_date": pl.Date})


def together(groups, *records):
    """Whether these records are in one group."""
    chosen = groups.filter(pl.col("record_id").is_in(records))
    assert chosen.height == len(records)
    return chosen["group"].n_unique() == 1


@pytest.mark.parametrize(
    ("other", "one"),
    [
        ((date(2020, 2, 15), date(2020, 3, 1)), True),  # 45 days after, though the first had ended
        ((date(2020, 2, 16), date(2020, 3, 1)), False),  # 46 days
        ((date(2019, 6, 1), None), True),  # running: overlaps
        ((None, date(2020, 1, 10)), True),  # its beginning is unknown, its end is within
        ((None, date(2019, 12, 31)), False),  # it ended before
    ],
)
def test_spells_of_one_employment(other, one):
    """BPJS has Siti from 1 to 20 January 2020; the other side has the same employment or an earlier or later
    one."""
    known = spells(
        ("bpjs", "siti", "maju", date(2020, 1, 1), date(2020, 1, 20)), ("wlkp", "siti", "maju", *other)
    )
    assert together(employments(known, READINGS), "bpjs", "wlkp") is one


def test_a_rehire_is_another_employment_and_another_firm_too():
    """Two spells at BPJS with a gap, and a third with another employer, are three employments."""
    known = spells(
        ("first", "siti", "maju", date(2015, 1, 1), date(2018, 1, 1)),
        ("again", "siti", "maju", date(2018, 6, 1), None),
        ("other", "siti", "jaya", date(2018, 6, 1), None),
    )
    assert employments(known, READINGS)["group"].n_unique() == 3


def test_a_long_spell_before_a_short_one_still_reaches_the_third():
    """The reach of a chain is its longest spell, not its last."""
    known = spells(
        ("long", "siti", "maju", date(2010, 1, 1), date(2020, 1, 1)),
        ("short", "siti", "maju", date(2011, 1, 1), date(2011, 2, 1)),
        ("late", "siti", "maju", date(2019, 1, 1), date(2021, 1, 1)),
    )
    assert together(employments(known, READINGS), "long", "short", "late")


def test_nobody_is_grouped_with_nobody():
    """Two records without a person or an employer stay alone."""
    known = spells(
        ("a", None, "maju", date(2020, 1, 1), None),
        ("b", None, "maju", date(2020, 1, 1), None),
        ("c", "siti", None, date(2020, 1, 1), None),
        ("d", "siti", None, date(2020, 1, 1), None),
    )
    assert employments(known, READINGS)["group"].n_unique() == 4


def test_copies_of_one_letter():
    """The same number however it is written, whatever the copy says about the date."""
    known = letters(
        office=("021/HRD-PHK/IX/2026", date(2026, 9, 24)), bpjs=("021 hrd phk ix 2026", date(2026, 10, 8))
    )
    assert together(papers(known, READINGS, ["letter_type"]), "office", "bpjs")


@pytest.mark.parametrize(("day", "one"), [(date(2026, 10, 1), True), (date(2026, 10, 2), False)])
def test_another_number_within_seven_days(day, one):
    """Rule L-13: seven days apart is one termination, eight is not."""
    known = letters(office=("021/HRD", date(2026, 9, 24)), bpjs=("021/PHK", day))
    assert together(papers(known, READINGS, ["letter_type"]), "office", "bpjs") is one


def test_a_correction_is_another_letter():
    """It has its own number and type; a report has no type and follows dates alone."""
    known = letters(
        notice=("021/HRD", date(2026, 9, 24)),
        correction=("022/RALAT", date(2026, 9, 24), {"letter_type": "CORRECTION"}),
    )
    assert not together(papers(known, READINGS, ["letter_type"]), "notice", "correction")
    assert together(papers(known, READINGS, []), "notice", "correction")


def test_a_copy_without_an_employer_joins_the_only_one():
    """The counter did not note the NPP; the person has one employer among these letters, so it is that
    one."""
    known = letters(
        bpjs=("021/HRD", date(2026, 9, 24)), office=("021/HRD", date(2026, 9, 24), {"employer_id": None})
    )
    assert together(papers(known, READINGS, ["letter_type"]), "bpjs", "office")


def test_two_workers_in_one_letter_are_two_letters():
    """One number, two people: each has a letter of their own."""
    known = letters(a=("021/HRD", date(2026, 9, 24)), b=("021/HRD", date(2026, 9, 24), {"person_id": "budi"}))
    assert not together(papers(known, READINGS, ["letter_type"]), "a", "b")


def test_a_job_seeker_registered_twice_is_one_by_card_number():
    """The centre and the counter have numbers of their own; the card's number joins them."""
    known = pl.DataFrame(
        {
            "record_id": ["central", "counter", "old"],
            "person_id": ["siti"] * 3,
            "employer_id": [None] * 3,
            "registration_no": ["PK1", None, "PK0"],
            "ak1_number": ["AK9", "AK9", None],
        },
    )
    groups = group("pes_registration", known, READINGS)
    assert together(groups, "central", "counter")
    assert not together(groups, "central", "old")


days = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 12, 31)))
numbers = st.sampled_from([None, "1/A", "2/A", "3/A"])
written = st.lists(
    st.tuples(numbers, days, st.sampled_from(["PHK_NOTICE", "CORRECTION"])), min_size=1, max_size=12
)


@settings(deadline=None, max_examples=60)
@given(written, st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(rows, shuffler):
    """The partition is the same whatever order records come in, and equal numbers are always together."""
    known = letters(
        **{f"r{at:02d}": (number, day, {"letter_type": kind}) for at, (number, day, kind) in enumerate(rows)}
    )
    order = list(range(len(rows)))
    shuffler.shuffle(order)

    def partition(frame):
        groups = papers(frame, READINGS, ["letter_type"])
        return {frozenset(part) for part in groups.group_by("group").agg("record_id")["record_id"].to_list()}

    found = partition(known)
    assert found == partition(known[order])
    for number in known["letter_number"].drop_nulls().unique():
        same = set(known.filter(pl.col("letter_number") == number)["record_id"])
        assert any(same <= part for part in found)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=20))
def test_components_are_those_of_the_graph(pairs):
    """Joined through either key, transitively: against a plain union of sets."""
    frame = pl.DataFrame(
        {
            "record_id": [f"r{at}" for at in range(len(pairs))],
            "x": [x for x, _ in pairs],
            "y": [y for _, y in pairs],
        }
    )
    expected = []
    for at, (x, y) in enumerate(pairs):
        joined = [part for part in expected if ("x", x) in part or ("y", y) in part]
        expected = [part for part in expected if part not in joined]
        expected.append({at, ("x", x), ("y", y)}.union(*joined))
    wanted = {frozenset(item for item in part if isinstance(item, int)) for part in expected}
    found = components(frame, [["x"], ["y"]]).group_by("group").agg("record_id")["record_id"].to_list()
    assert {frozenset(int(name[1:]) for name in part) for part in found} == wanted
