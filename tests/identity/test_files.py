"""Files in, links and clusters out: any Parquet or CSV in any habit, and what cannot be used named by row."""

from __future__ import annotations

import json
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jendela.identity import files
from jendela.identity.policy import load_policy
from jendela.identity.resolve import resolve
from jendela.identity.standard.frame import standardise
from jendela.model.errors import WrongUseError
from tests.identity.crowd import Mention, crowd, frame

BUDI: Mention = {"record_id": "b1", "full_name": "Budi Santoso", "national_id": "3215011203859021"}
SITI: Mention = {"record_id": "s1", "full_name": "Siti Nurhaliza", "national_id": "3215015505909022"}


def run(*paths: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The links and clusters of these files."""
    mentions = files.read_mentions(*paths)
    found = resolve(standardise(mentions, date(2026, 9, 1)), load_policy())
    return files.links(found, mentions), files.clusters(found, mentions)


def parquet(path: Path, mentions: list[Mention]) -> Path:
    """Mentions as a Parquet file of only the columns they have."""
    whole = frame(mentions)
    whole.select(name for name in whole.columns if whole[name].null_count() < whole.height).write_parquet(
        path
    )
    return path


def csv(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A CSV file of these lines."""
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two registers of one crowd: the first mentions, and the second ones with some of the first again."""
    folder = tmp_path_factory.mktemp("sides")
    everybody = crowd(300)
    first = [mention for mention in everybody if "again" not in mention["record_id"]]
    second = [mention for mention in everybody if "again" in mention["record_id"]]
    twice = [{**mention, "record_id": f"{mention['record_id']}-twice"} for mention in second[:20]]
    return parquet(folder / "left.parquet", first), parquet(folder / "right.parquet", second + twice)


def test_link_gives_pairs_across_and_persons_of_all(sides: tuple[Path, Path]) -> None:
    """Many to many: who is twice in the right file is linked twice; the clusters hold every record once."""
    links, clusters = run(*sides)
    left, right = (pl.read_parquet(side)["record_id"] for side in sides)
    assert links.columns == ["left_id", "right_id", "probability", "zone", "reasons"]
    assert links["left_id"].is_in(left.implode()).all()
    assert links["right_id"].is_in(right.implode()).all()
    linked = links.filter(zone="link")
    assert (
        linked.select(pl.col("right_id").str.replace("-again.*", "") == pl.col("left_id")).to_series().all()
    )
    assert linked.height == right.len()
    assert clusters.columns == ["record_id", "source", "person_id"]
    assert clusters["record_id"].to_list() == [*left, *right]
    assert clusters["source"].to_list() == ["left"] * left.len() + ["right"] * right.len()
    assert clusters["person_id"].n_unique() == left.len()
    assert set(clusters["person_id"]) == {f"L:{record}" for record in left}


def test_dedupe_gives_each_pair_once(sides: tuple[Path, Path], tmp_path: Path) -> None:
    """In the order of the two ids, the smaller first, whatever the order of the rows."""
    turned = tmp_path / "turned.parquet"
    pl.concat([pl.read_parquet(side) for side in sides], how="diagonal").reverse().write_parquet(turned)
    links, clusters = run(turned)
    pairs = list(links.select("left_id", "right_id").iter_rows())
    assert pairs == sorted(set(pairs))
    assert all(one < other for one, other in pairs)
    assert set(clusters["source"]) == {"left"}
    # A pair is a link exactly where its records are one person.
    person = dict(clusters.select("record_id", "person_id").iter_rows())
    members: dict[str, list[str]] = {}
    for record, name in person.items():
        members.setdefault(name, []).append(record)
    within = {pair for group in members.values() for pair in combinations(sorted(group), 2)}
    assert set(links.filter(zone="link").select("left_id", "right_id").iter_rows()) == within
    assert links["probability"].is_between(0, 1).all()


def test_the_same_files_give_the_same_bytes(sides: tuple[Path, Path], tmp_path: Path) -> None:
    """Links and clusters, as Parquet and as CSV."""
    for ending in ("parquet", "csv"):
        written = []
        for time in range(2):
            for kind, table in zip(("links", "clusters"), run(*sides), strict=True):
                path = tmp_path / f"{kind}{time}.{ending}"
                files.write(table, path)
                written.append(path.read_bytes())
        assert written[:2] == written[2:]
    assert list(tmp_path.glob(".*")) == []


def test_parquet_and_csv_say_the_same(sides: tuple[Path, Path], tmp_path: Path) -> None:
    """The format of a file is nobody's identity."""
    as_csv = []
    for side in sides:
        path = tmp_path / f"{side.stem}.csv"
        pl.read_parquet(side).write_csv(path, separator=";", include_bom=True)
        as_csv.append(path)
    for one, other in zip(run(*sides), run(*as_csv), strict=True):
        assert one.equals(other)


def test_a_csv_of_a_spreadsheet(tmp_path: Path) -> None:
    """Semicolons, a byte-order mark, quotes, dates day first, columns in any order and unknown ones."""
    header = "nama;record_id;BIRTH;birth_date;full_name;national_id;sex"
    path = csv(
        tmp_path / "export.csv",
        header,
        'x;1;;17/5/1990;"Budi; Santoso, S.E.";3.215.011.705.909.021;LAKI-LAKI',
        "y;2;;17-05-1990;BUDI SANTOSO;'3215011705909021;1",
        "z;3;;17 Mei 1990;Siti Aminah;;PEREMPUAN",
        encoding="utf-8-sig",
    )
    mentions = files.read_mentions(path)
    assert mentions.columns == ["record_id", "national_id", "full_name", "birth_date", "sex"]
    assert mentions["full_name"][0] == "Budi; Santoso, S.E."
    assert mentions["sex"].to_list() == ["1", "1", "2"]
    assert mentions["phone"].to_list() == [None] * 3
    links, _ = run(path)
    assert links.select("left_id", "right_id", "zone").rows() == [("1", "2", "link")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator(tmp_path: Path, separator: str) -> None:
    """Told from the header."""
    path = csv(tmp_path / "a.csv", separator.join(["record_id", "full_name"]), separator.join(["1", "Budi"]))
    assert files.read_mentions(path)["full_name"].to_list() == ["Budi"]


def test_foreign_dates_and_numbers(tmp_path: Path) -> None:
    """Month first where nothing else is a date; identifiers that are no NIK link as what they are."""
    path = csv(
        tmp_path / "foreign.csv",
        "record_id,full_name,birth_date,national_id",
        'a,"Whitmore, Jonathan",06/24/1980,219-09-9381',
        "b,Jonathan P. Whitmore,1980-06-24,219099381",
        "c,Jonathan Whitmore,03/12/1961,520-44-1177",
        "d,Mary Achieng,1985-01-30,",
    )
    links, clusters = run(path)
    assert links.filter(zone="link").select("left_id", "right_id").rows() == [("a", "b")]
    assert clusters["person_id"].to_list() == ["L:a", "L:a", "L:c", "L:d"]


def test_columns_that_are_no_text(tmp_path: Path) -> None:
    """Numbers and dates of a Parquet file are read as what they say."""
    path = tmp_path / "typed.parquet"
    row = {"record_id": [1, 2], "kpj": [20000000001, 20000000001], "birth_date": [date(1990, 5, 17)] * 2}
    pl.DataFrame(row | {"full_name": ["Budi Santoso"] * 2}).write_parquet(path)
    links, _ = run(path)
    assert links.select("left_id", "right_id", "zone").rows() == [("1", "2", "link")]


def test_a_shared_number_is_a_finding(tmp_path: Path) -> None:
    """Apart, and written all the same with what they share; two people who share nothing are not written."""
    wife = {**SITI, "national_id": BUDI["national_id"], "birth_date": "1990-05-15", "sex": "P"}
    husband = {**BUDI, "birth_date": "1985-03-12", "sex": "L"}
    links, _ = run(parquet(tmp_path / "a.parquet", [husband, wife, {**crowd(1)[0], "record_id": "c1"}]))
    assert links.select("left_id", "right_id", "zone").rows() == [("b1", "s1", "apart")]
    assert links["probability"][0] < 0.05
    assert json.loads(links["reasons"][0])[:3] == ["shared_nik", "name_different", "nik_same"]


def test_a_record_in_both_files_has_a_source(tmp_path: Path) -> None:
    """Ids are unique in a file, not over two: a person is named by side and id."""
    left, right = (parquet(tmp_path / f"{side}.parquet", [BUDI, SITI]) for side in ("l", "r"))
    links, clusters = run(left, right)
    assert links.select("left_id", "right_id", "zone").rows() == [("b1", "b1", "link"), ("s1", "s1", "link")]
    assert clusters["person_id"].to_list() == ["L:b1", "L:s1", "L:b1", "L:s1"]


def test_empty_files_are_files(tmp_path: Path) -> None:
    """A register that has nobody yet links with nobody."""
    empty = csv(tmp_path / "empty.csv", "record_id;full_name;national_id")
    links, clusters = run(parquet(tmp_path / "left.parquet", [BUDI]), empty)
    assert links.is_empty()
    assert clusters["record_id"].to_list() == ["b1"]


BAD: list[tuple[str, Any, str]] = [
    ("there is none", None, r"There is no such file\."),
    ("a spreadsheet", ("a.xlsx", "record_id"), r"\.parquet or \.csv"),
    ("no Parquet", ("a.parquet", "record_id"), r"no readable Parquet file"),
    ("no column of ids", ("a.csv", "id;full_name", "1;Budi"), r"no column record_id"),
    ("an empty id", ("a.csv", "record_id;full_name", "1;Budi", ";Siti"), r"row 2: record_id: It is empty"),
    (
        "a double id",
        ("a.csv", "record_id;full_name", "1;Budi", "2;A", "1;B"),
        r"row 3: record_id: An earlier",
    ),
    ("lines of other lengths", ("a.csv", "record_id;x", "1;2", "1;2;3;4"), r"no readable CSV file"),
    ("nothing in it", ("a.csv",), r"no readable CSV file"),
]


@pytest.mark.parametrize(("story", "content", "message"), BAD, ids=[story[0] for story in BAD])
def test_unusable_files_are_named(tmp_path: Path, story: str, content: Any, message: str) -> None:
    """The path, the row, what is wrong; never a value of a person."""
    path = tmp_path / "missing.csv"
    if content:
        path = csv(tmp_path / content[0], *content[1:])
        if len(content) == 1:
            path.write_bytes(b"")
    with pytest.raises(WrongUseError, match=message) as caught:
        files.read_mentions(path)
    assert str(path) in str(caught.value)
    assert not any(name in str(caught.value) for name in ("Budi", "Siti"))


def test_what_cannot_be_put_in_its_place_leaves_no_draft(tmp_path: Path) -> None:
    """It would hold the same persons, under a name that nobody looks for."""
    out = tmp_path / "links.csv"
    out.mkdir()
    with pytest.raises(OSError, match=r"links\.csv"):
        files.write(frame([SITI]), out)
    assert list(tmp_path.iterdir()) == [out]
