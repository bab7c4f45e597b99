"""The truth is the truth: a cheating hub finds in the books exactly what was planted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jendela.demo.agencies import write
from jendela.demo.careers import FIRST_NIGHT
from tests.demo.oracle import Oracle, lines


def open_in_truth(folder: Path, night: date, person: dict[tuple[str, str, str], int]) -> set[tuple[str, str]]:
    """What the truth says is open on a night, in the oracle's terms."""
    found = set()
    for row in lines(folder, "discrepancies"):
        since = date.fromisoformat(row["since_night"])
        until = date.fromisoformat(row["until_night"]) if row["until_night"] else date.max
        if since <= night < until:
            key = row["key_a"]
            if row["code"] == "ID-02":
                pair = (
                    person[row["agency_a"], row["table_a"], key],
                    person[row["agency_b"], row["table_b"], row["key_b"]],
                )
                key = str(tuple(sorted(pair)))
            found.add((row["code"], key))
    return found


@pytest.mark.parametrize(("workers", "seed"), [(300, 1), (300, 2), (900, 3), (3000, 4)])
def test_all_found_none_invented(tmp_path: Path, workers: int, seed: int) -> None:
    """On the first night the books hold every planted discrepancy and no other."""
    write(tmp_path, workers, seed)
    oracle = Oracle(tmp_path, seed, workers, FIRST_NIGHT)
    assert set(oracle.findings()) == open_in_truth(tmp_path, FIRST_NIGHT, oracle.person)
