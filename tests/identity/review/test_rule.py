"""The rule: two who agree; and any order of the people who were needed gives the same verdict."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jendela.identity.review.rule import DIFFERENT, SAME, UNSURE, VERDICTS, settled


def test_two_people_who_agree_settle_it() -> None:
    """One never does, and unsure is no agreement."""
    assert settled([]) is None
    assert settled([SAME]) is None
    assert settled([DIFFERENT]) is None
    assert settled([SAME, SAME]) == SAME
    assert settled([DIFFERENT, DIFFERENT]) == DIFFERENT
    assert settled([UNSURE, UNSURE]) is None
    assert settled([SAME, DIFFERENT]) is None
    assert settled([SAME, DIFFERENT, SAME]) == SAME


@given(st.data(), st.lists(st.sampled_from(VERDICTS), max_size=8))
def test_no_order_of_the_people_who_were_needed_matters(data: st.DataObject, words: list[str]) -> None:
    """Those asked until a verdict bound: had they spoken in any other order, the same would bind."""
    needed = next((words[:at] for at in range(len(words) + 1) if settled(words[:at])), words)
    other = data.draw(st.permutations(needed))
    assert settled(other) == settled(needed)
    assert settled(needed) is None or needed.count(str(settled(needed))) == 2
