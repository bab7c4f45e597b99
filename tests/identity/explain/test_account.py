"""The steps of an account add up to the weight that decided; those against a stranger are Splink's own."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jendela.identity.compare.evidence import GRADES, SHARES
from jendela.identity.explain.account import Account, accounts, strongest_first
from jendela.identity.explain.explained import Explained, notes_on
from jendela.identity.frequencies import Frequencies
from jendela.identity.judge.contributions import STRANGER
from jendela.identity.judge.judge import CERTAIN
from jendela.identity.judge.model import BY_COMMONNESS, LEVELS
from jendela.identity.policy import load_policy
from jendela.identity.resolve import APART, LINK, REVIEW, Fit
from tests.identity.explain.people import POLICY, judged

EXACT = 1e-6


def patterns() -> st.SearchStrategy[dict[str, int | None]]:
    """Any evidence that two records can show."""
    grades = {f"{name}_grade": st.sampled_from([None, *grades]) for name, (_, grades) in LEVELS.items()}
    return st.fixed_dictionaries({**grades, **{name: st.integers(0, 22) for name in SHARES}})


def sums_up(account: Account) -> None:
    """Both ways: to what one explanation is outweighed by, and to the weight of all."""
    for other, total in account.totals.items():
        fields = sum(line.bits[other] for line in account.lines)
        assert account.before[other] + fields == pytest.approx(total, abs=EXACT)
        assert sum(bits for _, bits in account.steps(other)) == pytest.approx(account.weight, abs=EXACT)


def test_the_steps_add_up_to_the_weight() -> None:
    """For people, by the test's own model."""
    found, _ = judged()
    assert {account.tier for account in found} == {"certain", "probabilistic"}
    for account in found:
        sums_up(account)
        assert account.against == min(account.totals, key=account.totals.__getitem__)


@given(rows=st.lists(patterns(), min_size=1, max_size=20))
@settings(max_examples=15, deadline=None)
def test_the_steps_add_up_for_any_evidence_and_the_shipped_model(rows: list[dict[str, int | None]]) -> None:
    """Whatever two records show, the account is that of the judgement itself."""
    policy = load_policy()
    fit = Fit(Frequencies(1_000_000), policy.probabilities, policy.rivals, 0.3)
    schema = dict.fromkeys((*GRADES, *SHARES), pl.Int8)
    shown = fit.judged(pl.DataFrame(rows, schema=schema))
    ids = [(f"l{row}", f"r{row}") for row in range(len(rows))]
    for account in accounts(ids, shown, [APART] * len(rows), fit):
        sums_up(account)
        if account.tier != CERTAIN:
            assert account.weight == pytest.approx(account.together, abs=EXACT)
        assert account.totals[account.against] == pytest.approx(min(account.totals.values()), abs=EXACT)


def test_against_a_stranger_the_steps_are_splinks_own() -> None:
    """Splink's bars of a field, m/u and term frequency, are that field's step; first and last agree too."""
    found, fit = judged()
    falls = Explained(fit, tuple(found)).waterfalls(len(found))
    assert len(falls.bars) == len(found)
    for account, bars in zip(found, falls.bars, strict=True):
        splinks = {bar["column_name"]: bar["log2_bayes_factor"] for bar in bars}
        assert splinks["Prior"] == pytest.approx(account.before[STRANGER], abs=EXACT)
        assert splinks["Final score"] == pytest.approx(account.totals[STRANGER], abs=EXACT)
        for line in account.lines:
            both = splinks[line.field] + splinks.get(f"tf_{line.field}", 0.0)
            assert both == pytest.approx(line.bits[STRANGER], abs=EXACT)


def test_how_common_a_finding_is() -> None:
    """Bearers of a name by its bits; strangers who look so by u; records of one person that do by m."""
    found, fit = judged()
    certain, _, _, _, borrowed = found
    lines = {line.field: line for line in certain.lines}
    assert lines["name"].common is not None
    assert lines["name"].common.one_in == 2.0 ** (certain.evidence["name_bits"] or 0)
    assert lines["nik"].common is not None
    assert (lines["nik"].common.kind, lines["nik"].common.one_in) == ("strangers", pytest.approx(1e8))
    assert lines["sex"].common is None, "half of all agree"
    other = {line.field: line for line in borrowed.lines}["name"]
    assert other.common is not None
    assert (other.common.kind, other.common.one_in) == ("own", pytest.approx(1 / fit.model["name"][0][0]))
    assert "name" in BY_COMMONNESS


def account(left: str, right: str, weight: float, zone: str = LINK) -> Account:
    """A bare account."""
    return Account(left, right, zone, "probabilistic", weight, STRANGER, (), {}, {}, weight, {})


def test_the_strongest_path_comes_first() -> None:
    """What joins the records, then the pairs that only repeat it."""
    found = [account("a", "b", 3), account("b", "c", 9), account("a", "c", 8), account("c", "d", -2)]
    ordered = [(one.left, one.right) for one in strongest_first(found)]
    assert ordered == [("b", "c"), ("a", "c"), ("c", "d"), ("a", "b")]


@pytest.mark.parametrize(
    ("weight", "zone", "decided", "met", "said"),
    [
        (9.0, LINK, None, True, []),
        (1.0, LINK, None, True, ["explain.note.by_others"]),
        (9.0, REVIEW, None, True, ["explain.note.contested"]),
        (-3.0, LINK, ("must_link", "2026-09-01"), True, ["explain.note.must_link"]),
        (9.0, APART, ("cannot_link", "2026-09-01"), True, ["explain.note.cannot_link"]),
        (-9.0, APART, None, False, ["explain.note.not_met"]),
    ],
)
def test_what_else_there_is_to_know(
    weight: float, zone: str, decided: tuple[str, str] | None, met: bool, said: list[str]
) -> None:
    """A pair that others join or part, a decision, a pair without a key."""
    one = Account(
        "a", "b", zone, "probabilistic", weight, STRANGER, (), {}, {}, weight, dict.fromkeys(GRADES)
    )
    assert [key for key, _ in notes_on(one, POLICY, decided, met=met)] == said


def test_probability() -> None:
    """Of the weight, as odds in bits."""
    assert account("a", "b", math.log2(9)).probability == pytest.approx(0.9)
    assert np.isfinite(account("a", "b", -400.0).probability)
