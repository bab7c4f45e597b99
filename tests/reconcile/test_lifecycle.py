"""Discrepancies and obligations over the nights: opened, aged, closed by evidence, opened again."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.crypto.keyring import Keyring
from jendela.law import load_law
from jendela.letters.rules import load_rules
from jendela.reconcile import obligations, owed
from jendela.reconcile.duties import load_duties
from jendela.reconcile.finding import COLUMNS
from jendela.reconcile.lifecycle import Tonight, identified, settle
from jendela.store.frames import schema
from jendela.store.tables import discrepancy, obligation

FIRST = date(2026, 9, 1)  # a Tuesday
KEYRING = Keyring((b"k" * 32,), "the test")
LAW, DUTIES, RULES = load_law(None), load_duties(None), load_rules()


def tonight(seq):
    """The night with this number."""
    return Tonight(FIRST + timedelta(days=seq - 1), seq, LAW, DUTIES, RULES)


def case(*records, found=True, may_open=True, code="WRK-01", closing=None):
    """What a rule says about one case."""
    return {
        "code": code,
        "records": list(records),
        "found": found,
        "may_open": may_open,
        "person_id": "budi",
        "side_a": "{}",
        "side_b": "{}",
        "closing": closing,
    }


def findings(*cases):
    """The cases of a night."""
    return identified(pl.DataFrame(list(cases), schema=COLUMNS), KEYRING)


class Table:
    """The rows kept over the nights, as the step keeps them."""

    def __init__(self):
        self.rows = {}

    def night(self, seq, *cases, alive=("w1", "b1")):
        """One night; what it did."""
        existing = pl.DataFrame(list(self.rows.values()), schema=schema(discrepancy))
        done = settle(findings(*cases), existing, pl.Series(alive), tonight(seq))
        for row in done.opened.to_dicts():
            self.rows[row["discrepancy_id"]] = row
        for frame in (done.kept, done.reopened, done.closed):
            for row in frame.to_dicts():
                self.rows[row["discrepancy_id"]].update(row)
        return done

    @property
    def one(self):
        """The only row."""
        (row,) = self.rows.values()
        return row


def test_a_case_may_be_graver_or_milder_than_its_code():
    """A decree decides the holidays that a notice depended on: the same case and id, another severity."""
    table = Table()
    table.night(1, {**case("w1", code="LET-03"), "severity": "warn"})
    assert table.one["severity"] == "warn"
    table.night(2, {**case("w1", code="LET-03"), "severity": "high"})
    assert (table.one["severity"], table.one["first_seq"]) == ("high", 1)
    table.night(3, case("w1", code="LET-03"))  # says nothing of its own: as it was
    assert table.one["severity"] == "high"
    table.night(4, {**case("w1", code="LET-03", found=False), "severity": "info"})
    assert (table.one["state"], table.one["severity"]) == ("closed", "high")
    table.night(5, {**case("w1", code="LET-03"), "severity": "info"})
    assert (table.one["state"], table.one["severity"], table.one["times_opened"]) == ("open", "info", 2)


def test_opened_once_and_ageing():
    """First seen stays, last seen moves; due in ten working days from the night it was opened."""
    table = Table()
    table.night(1, case("w1"))
    table.night(2, case("w1"))
    row = table.one
    assert (row["first_seq"], row["last_seq"], row["first_day"]) == (1, 2, FIRST)
    assert row["due_date"] == date(2026, 9, 15)
    assert (row["owner"], row["severity"], row["state"]) == ("bpjs_compliance", "high", "open")
    assert row["records"] == '["w1"]'
    assert row["times_opened"] == 1


def test_closed_by_what_arrived():
    """The rule says what it found instead; the last night it was seen stays."""
    table = Table()
    table.night(1, case("w1"))
    table.night(2, case("w1", found=False, closing="a spell at BPJS, record b1"))
    row = table.one
    assert (row["state"], row["closed_seq"], row["last_seq"]) == ("closed", 2, 1)
    assert row["closing_evidence"] == "a spell at BPJS, record b1"


def test_closed_because_a_source_deleted_the_row():
    """The case is not looked at any more, and its record is gone."""
    table = Table()
    table.night(1, case("w1"))
    table.night(2, alive=["b1"])
    assert table.one["closing_evidence"] == "deleted at its source: record w1"


def test_closed_because_the_record_says_something_else():
    """The record is there, but no rule looks at it any more: a cause was corrected, a claim withdrawn."""
    table = Table()
    table.night(1, case("w1"))
    table.night(2)
    assert table.one["closing_evidence"] == "the records say something else now"


def test_opened_again_is_counted():
    """The same id, its first night kept, due anew."""
    table = Table()
    table.night(1, case("w1"))
    table.night(2)
    table.night(3, case("w1"))
    row = table.one
    assert (row["state"], row["times_opened"], row["closed_seq"], row["closing_evidence"]) == (
        "open",
        2,
        None,
        None,
    )
    assert (row["first_seq"], row["due_date"]) == (1, date(2026, 9, 17))


def test_silence_opens_nothing_and_closes_nothing():
    """What may not be concluded tonight is withheld; what is open stays open, through silence and review."""
    table = Table()
    done = table.night(1, case("w1", may_open=False))
    assert (table.rows, done.withheld.height) == ({}, 1)
    table.night(2, case("w1"))
    done = table.night(3, case("w1", may_open=False))
    assert (table.one["state"], table.one["last_seq"], done.withheld.height) == ("open", 3, 0)


def test_the_list_and_the_law_that_judged_are_recorded():
    """Rule version, law, readings and list, by digest."""
    table = Table()
    table.night(1, case("w1"))
    assert f'"law":"{LAW.digest[:16]}"' in table.one["versions"]
    assert '"rule":"1.0.0"' in table.one["versions"]


records = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=3, unique=True)


@settings(deadline=None, max_examples=30)
@given(records, st.randoms(use_true_random=False))
def test_same_input_same_id(ids, shuffler):
    """The id is of the code and the records, in whatever order a rule gives them sorted."""
    shuffled = list(ids)
    shuffler.shuffle(shuffled)
    first = findings(case(*sorted(ids)))["discrepancy_id"].item()
    assert first == findings(case(*sorted(shuffled)))["discrepancy_id"].item()
    assert first != findings(case(*sorted(ids), code="PHK-02"))["discrepancy_id"].item()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["found", "withheld", "otherwise", "gone"]), min_size=1, max_size=12))
def test_over_any_nights_the_row_tells_its_story(nights):
    """Open exactly when it was found since it could be opened; opened one time more than closed, or equally
    often."""
    table, is_open, opened = Table(), False, 0
    for seq, what in enumerate(nights, 1):
        cases = {
            "found": [case("w1")],
            "withheld": [case("w1", may_open=False)],
            "otherwise": [case("w1", found=False, closing="it is there")],
            "gone": [],
        }[what]
        table.night(seq, *cases)
        opened += what == "found" and not is_open
        is_open = what == "found" or (what == "withheld" and is_open)
    assert bool(table.rows) is (opened > 0)
    if opened:
        assert (table.one["state"] == "open") is is_open
        assert table.one["times_opened"] == opened


@pytest.fixture
def resigned(register):
    """Dewi resigned at the end of August; BPJS has the cause, not the employer's statement."""
    return register.add(
        "bpjs", "employment", "b1", person="dewi", end_cause="RESIGNATION", end_date=date(2026, 8, 28)
    )


def statement(**fields):
    """The employer's statement at BPJS."""
    told = {
        "office": "bpjs",
        "entity": "termination_letter",
        "record": "l1",
        "person": "dewi",
        "letter_type": "RESIGNATION_STATEMENT",
        "effective_date": date(2026, 8, 28),
    }
    return {**told, **fields}


def debts(register, seq, existing=()):
    """What becomes of the obligations on a night."""
    ends = owed.identified(obligations.find(register.known(tonight(seq).day)), KEYRING)
    return owed.settle(ends, pl.DataFrame(list(existing), schema=schema(obligation)), tonight(seq))


def test_a_statement_is_owed_until_it_arrives(resigned):
    """Opened, due in seven working days, still owed the next night, met when the letter comes."""
    (row,) = debts(resigned, 1).opened.to_dicts()
    assert (row["kind"], row["state"], row["fact_id"]) == ("resignation_statement", "open", "b1")
    assert row["due_date"] == date(2026, 9, 10)
    done = debts(resigned, 2, [row])
    assert (done.opened.height, done.kept.height, done.ended.height) == (0, 1, 0)
    resigned.add(**statement())
    (ended,) = debts(resigned, 3, [row]).ended.to_dicts()
    assert (ended["state"], ended["closed_seq"]) == ("met", 3)


def test_it_lapses_when_nobody_resigned_after_all(resigned):
    """BPJS corrects the cause to a dismissal; later back again, and it is owed again."""
    (row,) = debts(resigned, 1).opened.to_dicts()
    resigned.rows["employment"][0]["end_cause"] = "TERMINATION"
    (ended,) = debts(resigned, 2, [row]).ended.to_dicts()
    assert ended["state"] == "lapsed"
    resigned.rows["employment"][0]["end_cause"] = "RESIGNATION"
    (again,) = debts(resigned, 3, [{**row, **ended}]).kept.to_dicts()
    assert (again["state"], again["closed_seq"]) == ("open", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"letter_type": "PHK_NOTICE"},
        {"firm": "jaya"},
        {"person": "ani"},
        {"effective_date": date(2024, 8, 28)},
    ],
)
def test_which_letter_is_no_statement_of_it(resigned, fields):
    """Another kind, employer, person or time."""
    resigned.add(**statement(**fields))
    assert debts(resigned, 1).opened.height == 1


def test_a_silent_bpjs_owes_nothing_new(resigned):
    """Its letters did not come tonight: the statement may be among them."""
    resigned.silent = {("bpjs", "termination_letter")}
    assert debts(resigned, 1).opened.is_empty()
