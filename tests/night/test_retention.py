"""Months later: what landed is gone, the nights go on, and the evidence says who removed it."""

from __future__ import annotations

import json
from datetime import timedelta

from jendela.evidence.verify import verify


def test_nights_go_on_without_what_landed(second):
    """Ninety-one days after the first night nothing of it is needed, by that night nor by the next."""
    first = second.settings.first_night
    state = second.settings.state
    assert (state / f"landing/{first}").is_dir()
    later = first + timedelta(days=91)
    outcomes = [second.run(day=later), second.run(day=later + timedelta(days=1))]
    assert not any(outcome.failed for outcome in outcomes)
    assert not (state / f"landing/{first}").exists()
    assert sorted(folder.name for folder in (state / f"nights/{first}").iterdir()) == [
        "deliver", "identify", "measures",
    ]  # fmt: skip
    assert verify(state / "evidence", state).findings == ()
    log = [json.loads(line) for line in (state / "evidence/log.jsonl").read_bytes().splitlines()]
    (removed,) = [entry["body"]["removed"] for entry in log if entry["kind"] == "retention"]
    assert removed == [
        f"landing/{first}",
        *(f"nights/{first}/{step}" for step in ("pull", "map", "validate")),
    ]
