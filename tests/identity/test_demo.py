"""The bar: over the demo agencies links are right and complete, shared NIKs all found and none invented."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from jendela.demo import agencies
from jendela.store import tables
from tests.identity import demo_mentions
from tests.identity.conftest import open_register

PRECISION, RECALL = 0.999, 0.995


@pytest.fixture(scope="module")
def demo(tmp_path_factory: Any) -> Path:
    """Six hundred workers and what the agencies wrote about them."""
    folder = tmp_path_factory.mktemp("demo")
    agencies.write(folder, 600, 3)
    return Path(folder)


@pytest.fixture(scope="module")
def whole(demo: Path, tmp_path_factory: Any) -> Any:
    """The register after all of it came in one night."""
    register = open_register(tmp_path_factory.mktemp("whole"))
    for record in demo_mentions.records(demo):
        register.say(record[0], record[1], **record[2])
    register.night()
    yield register
    register.hub.close()


def pairs_within(groups: dict[str, str]) -> set[tuple[str, str]]:
    """All pairs of records that share a group."""
    members = defaultdict(list)
    for record, group in groups.items():
        members[group].append(record)
    return {pair for group in members.values() for pair in combinations(sorted(group), 2)}


def test_links_are_right_and_complete(demo: Path, whole: Any) -> None:
    """Pair by pair against the truth."""
    truth = demo_mentions.truth(demo)
    found = {record: person for record, person in whole.persons().items() if record in truth}
    linked, true = pairs_within(found), pairs_within({record: truth[record] for record in found})
    assert len(found) > 1200
    assert len(linked & true) / len(linked) >= PRECISION
    assert len(linked & true) / len(true) >= RECALL


def test_every_shared_nik_is_found_and_none_invented(demo: Path, whole: Any) -> None:
    """ID-02 rests on the partings with the reason shared_nik: pairs of persons, as planted."""
    truth = demo_mentions.truth(demo)
    edges = whole.table(tables.identity_edge)
    shared = edges.filter(edges["reasons"].str.contains("shared_nik", literal=True))
    found = {
        frozenset((truth[left], truth[right]))
        for left, right in shared.select("left_id", "right_id").iter_rows()
        if left in truth and right in truth
    }
    with (demo / "truth" / "discrepancies.csv").open(encoding="utf-8") as lines:
        planted = {
            frozenset(truth[f"{row[f'agency_{s}']}|{row[f'table_{s}']}|{row[f'key_{s}']}"] for s in "ab")
            for row in csv.DictReader(lines)
            if row["code"] == "ID-02" and row["since_night"] <= "2026-09-01"
        }
    assert planted
    assert found == planted


def test_both_sides_mean_the_same_employers(demo: Path, whole: Any) -> None:
    """Each establishment's row at BPJS and in WLKP is one employer, and no two establishments are; but those
    that were planted as missing on one side."""
    employers = whole.employers()
    at_bpjs = [employers[record] for record in employers if record.startswith("bpjs|PERUSAHAAN|")]
    in_wlkp = [employers[record] for record in employers if record.startswith("kemnaker|WLKP_PERUSAHAAN|")]
    assert len(set(at_bpjs)) == len(at_bpjs)
    assert len(set(in_wlkp)) == len(in_wlkp)
    with (demo / "truth" / "flows.csv").open(encoding="utf-8") as lines:
        planted = list(csv.DictReader(lines))
    alone = {
        code: {
            employers[f"{row['agency_a']}|{row['table_a']}|{row['key_a']}"]
            for row in planted
            if row["code"] == code
        }
        for code in ("EMP-01", "EMP-02")
    }
    closed = 2
    assert len(set(in_wlkp) - set(at_bpjs) - alone["EMP-01"]) == closed
    assert len(set(at_bpjs) - set(in_wlkp) - alone["EMP-02"]) == closed


def test_the_order_of_nights_does_not_matter(demo: Path, whole: Any, tmp_path: Path) -> None:
    """The same records in four nights and another order, judged by the same fit, are the same persons."""
    everything = list(demo_mentions.records(demo))
    random.Random(4).shuffle(everything)
    register = open_register(tmp_path)
    register.adopt_fit(whole)
    for start in range(4):
        for record in everything[start::4]:
            register.say(record[0], record[1], **record[2])
        register.night()
    groups = register.groups()
    register.hub.close()
    assert groups == whole.groups()
