"""Explanations of files, without a hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from jendela.cli import jendela
from jendela.identity import files
from jendela.identity.explain.in_files import of_files
from jendela.identity.policy import load_policy
from jendela.identity.resolve import resolve
from jendela.identity.standard.frame import standardise
from jendela.model.errors import WrongUseError
from tests.identity.explain.people import AS_OF, raw


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """All records in one file."""
    raw().write_parquet(tmp_path / "all.parquet")
    return tmp_path / "all.parquet"


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """The second of each pair in a file of its own, with ids that have a colon."""
    second = pl.col("record_id").is_in(["siti-2", "siti-3", "beni", "sri-medan", "made"])
    raw().filter(~second).write_csv(tmp_path / "left.csv")
    right = raw().filter(second).with_columns(pl.format("b:{}", "record_id").alias("record_id"))
    right.write_csv(tmp_path / "right.csv", separator=";")
    return tmp_path / "left.csv", tmp_path / "right.csv"


def test_the_account_is_that_of_the_links_file(whole: Path) -> None:
    """The same weight and zone as `jendela dedupe` gives the pair, whichever way round it is named."""
    mentions = files.read_mentions(whole)
    found = resolve(standardise(mentions, AS_OF), load_policy())
    ids = mentions["record_id"]
    checked = 0
    for row in found.pairs.iter_rows(named=True):
        left, right = ids[row["left"]], ids[row["right"]]
        for target in (f"{left}:{right}", f"{right}:{left}"):
            (account,) = of_files(target, (whole,), load_policy(), AS_OF).own
            assert account.weight == pytest.approx(row["weight"], abs=1e-6)
            assert (account.zone, account.tier) == (row["zone"], row["tier"])
            checked += 1
    assert checked >= 6


def test_two_files_and_ids_with_a_colon(sides: tuple[Path, Path]) -> None:
    """The cut is where both sides name a record."""
    (account,) = of_files("siti-1:b:siti-2", sides, load_policy(), AS_OF).own
    assert (account.left, account.right, account.zone) == ("siti-1", "b:siti-2", "link")
    (account,) = of_files("bu:b:be", sides, load_policy(), AS_OF).own
    assert (account.left, account.right) == ("budi", "b:beni")


def test_a_pair_that_no_key_brings_together_is_explained_too(whole: Path) -> None:
    """And it is said that nobody compares it unasked."""
    (account,) = of_files("siti-1:made", (whole,), load_policy(), AS_OF).own
    assert account.zone == "apart"
    assert ("explain.note.not_met", {}) in account.notes


@pytest.mark.parametrize("target", ["siti-1", "siti-1:", "siti-1:nobody", "siti:budi", "budi:budi", "sri:s"])
def test_what_names_no_pair_is_said(whole: Path, target: str) -> None:
    """As an error of use."""
    with pytest.raises(WrongUseError):
        of_files(target, (whole,), load_policy(), AS_OF)


def call(*words: str) -> Result:
    """The command, its output and exit code."""
    return CliRunner().invoke(jendela, ["explain", *words], catch_exceptions=True)


def test_at_the_command_line(sides: tuple[Path, Path], tmp_path: Path, monkeypatch: Any) -> None:
    """No configuration is needed; values only when they are asked for."""
    monkeypatch.delenv("JENDELA_CONFIG", raising=False)
    left, right = (str(path) for path in sides)
    told = call("agus:b:made", "--left", left, "--right", right, "--lang", "en")
    assert told.exit_code == 0, told.exception
    assert "Two people with one identity number." in told.output
    assert "1271022103790004" not in told.output
    shown = call("agus:b:made", "--left", left, "--right", right, "--show-values", "--lang", "en")
    assert "1271022103790004" in shown.output
    assert "▸ I MADE SUKARTA" in shown.output
    page = tmp_path / "why.html"
    found = call("agus:b:made", "--left", left, "--right", right, "--html", str(page), "--json")
    assert json.loads(found.output)["own"][0]["against"]
    assert "vegaEmbed" in page.read_text(encoding="utf-8")
    assert call("agus:b:made").exit_code == 2
