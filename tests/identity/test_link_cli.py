"""`jendela link` and `jendela dedupe`: files written, counts told, and exit codes that a script can trust."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jendela import cli
from tests.identity.crowd import crowd, frame


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`left.parquet` and `right.csv`, two registers of one crowd."""
    made = tmp_path_factory.mktemp("link")
    everybody = frame(crowd(200))
    again = pl.col("record_id").str.contains("again")
    everybody.filter(~again).write_parquet(made / "left.parquet")
    everybody.filter(again).write_csv(made / "right.csv", separator=";")
    return made


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> Any:
    """The command as the shell runs it, in the folder: exit code, output, and what was said aside."""
    monkeypatch.chdir(folder)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["jendela", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(str(ended.value.code)), said.out, said.err

    return run


def test_link(call: Any, folder: Path, tmp_path: Path) -> None:
    """0, links and clusters where they were wanted, counts as JSON."""
    links, clusters = tmp_path / "links.parquet", tmp_path / "clusters.csv"
    words = ("link", "left.parquet", "right.csv", "--out", str(links), "--clusters", str(clusters), "--json")
    code, out, err = call(*words)
    assert (code, err) == (0, "")
    told = json.loads(out)
    written = pl.read_parquet(links)
    assert told["records"] == pl.read_csv(clusters).height > 300
    assert {zone: told[zone] for zone in ("link", "review", "apart")} == {
        zone: written.filter(zone=zone).height for zone in ("link", "review", "apart")
    }
    assert told["met"] >= told["compared"] >= told["link"] > 100
    stages = ["read", "standardise", "frequencies", "block", "compare", "judge", "persons", "write"]
    assert list(told["stages"]) == stages
    assert told["tamed"] == {}


def test_dedupe_twice_is_byte_equal(call: Any, folder: Path, tmp_path: Path) -> None:
    """The same file, the same links; and in words on a terminal."""
    pl.concat([pl.read_parquet("left.parquet"), frame([])]).write_parquet(tmp_path / "one.parquet")
    written = []
    for name in ("a.csv", "b.csv"):
        code, out, _ = call("dedupe", str(tmp_path / "one.parquet"), "--out", str(tmp_path / name))
        assert code == 0
        assert out.startswith("records 200  compared ")
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert written[0].startswith(b"left_id,right_id,probability,zone,reasons\n")


def test_a_tamed_key_is_named(call: Any, tmp_path: Path) -> None:
    """The telephone of the office on thirty rows."""
    office = [{**mention, "phone": "02112345678"} for mention in crowd(30)]
    frame(office).write_parquet(tmp_path / "office.parquet")
    _, out, _ = call("dedupe", str(tmp_path / "office.parquet"), "--out", str(tmp_path / "links.csv"))
    assert "keys too common to compare by: phone 1" in out


WRONG = [
    ("no such file", ("dedupe", "nowhere.csv", "--out", "x.csv"), "nowhere.csv: There is no such file."),
    ("no such folder", ("dedupe", "left.parquet", "--out", "no/x.csv"), "There is no such folder."),
    ("an unknown format", ("dedupe", "left.parquet", "--out", "x.xlsx"), ".parquet or .csv"),
    (
        "an unknown model",
        ("dedupe", "left.parquet", "--out", "x.csv", "--model", "other"),
        "no model 'other'",
    ),
    ("no place to write to", ("link", "left.parquet", "right.csv"), "--out"),
    ("one file of two", ("link", "left.parquet", "--out", "x.csv"), "RIGHT"),
    ("no day", ("dedupe", "left.parquet", "--out", "x.csv", "--as-of", "soon"), "--as-of"),
]


@pytest.mark.parametrize(("story", "words", "message"), WRONG, ids=[story[0] for story in WRONG])
def test_wrong_use(call: Any, folder: Path, story: str, words: tuple[str, ...], message: str) -> None:
    """2, the reason on standard error, nothing written."""
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert {path.name for path in folder.iterdir()} == {"left.parquet", "right.csv"}
