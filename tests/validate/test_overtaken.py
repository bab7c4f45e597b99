"""Airflow took an attempt for dead and made another: the one that comes late gives the other's receipt."""

from __future__ import annotations

from jendela.validate import measures, rows
from tests.beaten import beaten
from tests.validate.conftest import FEED
from tests.validate.stories import rows as story


def test_of_two_attempts_to_validate_one_takes_effect(intake):
    """Both judged; one was done first."""
    night = intake.night()
    intake.brings(night, employment=story("employment", {}))
    beaten(intake.hub, lambda: rows.run(intake.hub, night, "bpjs"))
    assert rows.run(intake.hub, night, "bpjs").counts[FEED]["accepted"] == 1


def test_of_two_attempts_to_judge_batches_one_takes_effect(intake):
    """Both measured; one was done first."""
    night = intake.night()
    intake.brings(night, employment=story("employment", {}).clear())
    rows.run(intake.hub, night, "bpjs")
    beaten(intake.hub, lambda: measures.run(intake.hub, night))
    assert measures.run(intake.hub, night).counts[FEED]["rows"] == 0
