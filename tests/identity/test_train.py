"""Training finds out how a user's registers behave, without labels, and writes a model that links use."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from jendela.cli import jendela
from jendela.contracts.messages import load_messages
from jendela.identity.compare.reasons import CODES
from jendela.identity.judge.model import LEVELS, probabilities
from jendela.identity.judge.rivals import read_rivals
from jendela.identity.policy import load_policy
from jendela.identity.standard.frame import standardise
from jendela.identity.train import measure
from jendela.identity.train.train import Trained, train, write
from tests.identity import train_town as its
from tests.identity.explain.people import AS_OF
from tests.identity.train_town import town

PERSONS = 2500


@pytest.fixture(scope="module")
def trained() -> Trained:
    """The shipped model retrained on the town."""
    records, _ = town(PERSONS, 5)
    return train(standardise(records, AS_OF), load_policy(), rounds=2)


@pytest.mark.parametrize(
    ("comparison", "code", "share"),
    [
        ("sex", "different", its.WRONG_SEX),
        ("phone", "different", its.NEW_PHONE),
        ("mother", "same", 1 - its.OTHER_MOTHER),
        ("name", "same", 1 - its.SHORT_NAME),
        ("name", "compatible", its.SHORT_NAME),
        ("nik", "same", 1 - its.WRONG_NIK),
        ("residence", "address", 1 - its.MOVED),
        ("birth", "same", 1.0),
    ],
)
def test_it_finds_how_the_registers_behave(
    trained: Trained, comparison: str, code: str, share: float
) -> None:
    """Within what so many pairs can tell, though the shipped model says otherwise."""
    (grade,) = [grade for grade, name in CODES[comparison].items() if name == code]
    pairs = sum(trained.seen[comparison].values())
    assert pairs > 0.3 * PERSONS
    leeway = 4 * math.sqrt(share * (1 - share) / pairs) + 0.015
    assert trained.new[comparison][grade][0] == pytest.approx(share, abs=leeway)


def test_splinks_estimation_agrees_where_nothing_is_odd(trained: Trained) -> None:
    """A town without twins: the second opinion is the same for what is common."""
    for comparison, levels in trained.estimated.items():
        for grade, share in levels.items():
            if share > 0.1:
                assert trained.new[comparison][grade][0] == pytest.approx(share, rel=0.15), comparison
    assert not trained.doubtful("name", max(LEVELS["name"][1]))


def test_shares_stay_shares(trained: Trained) -> None:
    """Nothing is impossible, and what was counted of strangers stays."""
    for comparison, grades in trained.new.items():
        assert all(0 < m <= 1 and 0 < u <= 1 for m, u in grades.values())
        assert sum(m for m, _ in grades.values()) == pytest.approx(
            sum(m for m, _ in trained.old[comparison].values()), abs=1e-4
        )


def test_an_agreement_that_hardly_any_pair_shows_is_not_ruled_out(trained: Trained) -> None:
    """No telephone in the town is of several people: it stays as likely as so many pairs allow."""
    few = [
        (name, grade)
        for name, grades in trained.seen.items()
        for grade, pairs in grades.items()
        if pairs < measure.FEWEST and grade != min(grades)
    ]
    assert ("phone", 1) in few
    for name, grade in few:
        allowed = measure.UNSEEN / max(sum(trained.seen[name].values()), 1)
        least = min(trained.old[name][grade][0], allowed)
        assert trained.new[name][grade][0] >= 0.9 * least, (name, grade)


@pytest.mark.parametrize(
    ("seen", "expected", "doubtful"),
    [((900, 100), 0.11, False), ((900, 100), 0.4, True), ((990, 10), 0.002, True), ((999, 1), 0.008, False)],
)
def test_where_the_two_disagree_a_person_should_look(seen: Any, expected: float, doubtful: bool) -> None:
    """By more than a factor of three, and not for want of pairs."""
    counts = {"sex": {1: seen[0], 0: seen[1]}}
    one = Trained({}, {}, counts, {"sex": {1: 1 - expected, 0: expected}}, 0.1, (), ())
    assert one.doubtful("sex", 0) is doubtful
    assert not one.doubtful("sex", 1)


def test_the_model_is_one_that_splink_and_the_policy_load(trained: Trained, tmp_path: Path) -> None:
    """With rivals beside it only where they are others than the default's."""
    import duckdb
    from splink import DuckDBAPI, Linker

    out = tmp_path / "mine.json"
    written = write(trained, out)
    policy = load_policy().model_copy(update={"model": str(out)})
    assert policy.probabilities == trained.new == probabilities(json.loads(out.read_text()))
    assert policy.rivals == trained.rivals
    with duckdb.connect() as connection:
        records = DuckDBAPI(connection).register(pl.DataFrame({"pattern": [1]}).to_arrow())
        assert Linker(records, str(out), log_level=None)

    same = Trained(
        trained.old,
        trained.new,
        trained.seen,
        trained.estimated,
        0.1,
        trained.old_rivals,
        load_policy().rivals,
    )
    assert write(same, out) == [out]
    assert not out.with_suffix(".rivals.json").exists()
    if len(written) == 2:
        assert read_rivals(trained.rivals_json()) == trained.rivals


def call(*words: str) -> Result:
    """The command, its output and exit code."""
    return CliRunner().invoke(jendela, list(words), catch_exceptions=True)


def test_at_the_command_line(tmp_path: Path) -> None:
    """Twice the same bytes; the model serves `link`; the table says what changed."""
    records, truth = town(900, 8)
    sides = []
    for side in "ab":
        sides.append(str(tmp_path / f"{side}.parquet"))
        records.filter(pl.col("record_id").str.starts_with(side)).write_parquet(sides[-1])
    outs = [tmp_path / name for name in ("one.json", "two.json")]
    told = [call("identity", "train", *sides, "--out", str(out), "--lang", "en") for out in outs]
    assert [result.exit_code in (0, 1) for result in told] == [True, True], told[0].exception
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert told[0].output.replace("one.", "two.") == told[1].output
    assert "The same name, word for word" in told[0].output
    assert "Identity number" in told[0].output

    links = tmp_path / "links.parquet"
    linked = call("link", *sides, "--out", str(links), "--model", str(outs[0]), "--json")
    assert linked.exit_code == 0, linked.exception
    found = pl.read_parquet(links).filter(pl.col("zone") == "link")
    right = sum(
        truth[left] == truth[right] for left, right in found.select("left_id", "right_id").iter_rows()
    )
    true = len(truth) - 900
    assert right >= 0.98 * true
    assert found.height - right <= 0.005 * true

    again = call("identity", "train", *sides, "--out", str(outs[1]), "--model", str(outs[0]), "--json")
    levels = {row["code"]: row for row in json.loads(again.output)["levels"]}
    assert levels["sex_same"]["old"] == pytest.approx(levels["sex_same"]["new"], abs=0.01)
    assert set(levels) == {f"{name}_{code}" for name, codes in CODES.items() for code in codes.values()}


@pytest.mark.parametrize("out", ["model.parquet", "nowhere/model.json"])
def test_what_cannot_be_written_is_said_first(tmp_path: Path, out: str) -> None:
    """Before an hour is spent on it."""
    refused = call("identity", "train", str(tmp_path / "none.parquet"), "--out", str(tmp_path / out))
    assert refused.exit_code in (1, 2)
    assert "none.parquet" not in str(refused.exception)


def test_every_text_of_the_table_is_used() -> None:
    """And there is no other."""
    names = ("title", "old", "new", "pairs", "estimated", "doubtful", "rate")
    said = {key for key in load_messages().texts if key.startswith("train.")}
    assert said == {f"train.{name}" for name in names}
