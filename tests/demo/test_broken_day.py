"""A day that is broken off, wherever, never was: it passes whole when it is asked for again."""

from __future__ import annotations

import csv
import shutil
import sqlite3

import pytest

from jendela.demo import broken_day, inboxes, sabotage, state
from jendela.demo.advance import advance
from jendela.demo.agencies import write
from jendela.demo.changes import Changes
from jendela.demo.shelves import kept
from jendela.model.errors import WrongUseError
from tests.demo.test_agencies import fingerprint

WORKERS, SEED = 300, 5
FIELDS = ["delivery_id", "verb", "night", "recipient"]


class Killed(BaseException):
    """The process ended here: nothing after it was done, and nothing caught it."""


def wrote(folder):
    """Jendela has put rows into an inbox of tables and into one of files."""
    connection = sqlite3.connect(folder / "bpjs" / "inbox.sqlite")
    names = [
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'jdl\\_%' ESCAPE '\\'")
    ]
    name = sorted(set(names) - {"jdl_announcement"})[0]
    found = [(row[1], row[3]) for row in connection.execute(f"PRAGMA table_info({name})")]
    needed = [column for column, notnull in found if notnull]
    with connection:
        for n in range(120):
            values = [f"T{n}" if column == "delivery_id" else "x" for column in needed]
            marks = ", ".join("?" * len(needed))
            connection.execute(f"INSERT INTO {name} ({', '.join(needed)}) VALUES ({marks})", values)
    connection.close()
    with (folder / "dinas_3215" / "masuk" / "jdl_x_2026-09-01_dinas_3215.csv").open("w", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(FIELDS)
        writer.writerows([f"F{n}", "upsert", "2026-09-01", "dinas_3215"] for n in range(120))


@pytest.fixture(scope="module")
def beginning(tmp_path_factory):
    """A demo of all offices before its first day, with something in its inboxes and a fault in force."""
    folder = tmp_path_factory.mktemp("beginning") / "demo"
    write(folder, WORKERS, SEED, "all")
    wrote(folder)
    sabotage.apply(folder, "dinas_3215", "column_gone")
    return folder


@pytest.fixture(scope="module")
def undisturbed(beginning, tmp_path_factory):
    """What one day makes of it, and what it said."""
    folder = tmp_path_factory.mktemp("undisturbed") / "demo"
    shutil.copytree(beginning, folder)
    return advance(folder), fingerprint(folder)


POINTS = {
    "while the books are kept": (shutil, "copytree", 4),
    "between the two bodies at the centre": (Changes, "_apply_sql", 1),
    "between a program's books and what it gives out": (kept, "put", 1),
    "between two inboxes": (inboxes, "_append", 1),
    "after the faults came back": (sabotage, "apply_all", 1),
    "before the state says so": (state, "save", 0),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_day_broken_off_passes_whole_when_it_is_asked_for_again(
    beginning, undisturbed, tmp_path, monkeypatch, point
):
    """Rows, files, answers, truth and the fault in force are those of a day that nobody disturbed."""
    folder = tmp_path / "demo"
    shutil.copytree(beginning, folder)
    place, name, calls = POINTS[point]
    before, done = getattr(place, name), []

    def once(*given, **named):
        if len(done) == calls:
            raise Killed
        done.append(before(*given, **named))
        if calls and len(done) == calls:
            raise Killed
        return done[-1]

    with monkeypatch.context() as patched:
        patched.setattr(place, name, once)
        with pytest.raises(Killed):
            advance(folder)
    said, found = undisturbed
    assert advance(folder) == said
    assert fingerprint(folder) == found


def test_a_day_that_is_over_is_not_taken_back(beginning, undisturbed, tmp_path, monkeypatch):
    """Killed while what was kept is forgotten: the day counts, and the next call lets the next one pass."""
    folder = tmp_path / "demo"
    shutil.copytree(beginning, folder)

    forget = broken_day.over

    def killed(folder):
        if state.load(folder).days:
            raise Killed
        forget(folder)

    with monkeypatch.context() as patched:
        patched.setattr(broken_day, "over", killed)
        with pytest.raises(Killed):
            advance(folder)
    assert state.load(folder).days == 1
    broken_day.put_back(folder, 1, ("bpjs", "dinas_3215"))
    assert fingerprint(folder) == undisturbed[1]


def test_what_jendela_put_into_an_inbox_meanwhile_is_answered_too(beginning, tmp_path, monkeypatch):
    """A night may run before anybody sees that the day was broken off: its rows are in the inbox still."""
    folder = tmp_path / "demo"
    shutil.copytree(beginning, folder)

    def killed(folder, after):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(state, "save", killed)
        with pytest.raises(Killed):
            advance(folder)
    file = folder / "dinas_3215" / "masuk" / "jdl_x_2026-09-01_dinas_3215.csv"
    file.write_text(file.read_text() + "NEW;upsert;2026-09-01;dinas_3215\n")
    advance(folder)
    answered = [line.split(";")[0] for line in file.with_name(f"{file.stem}.ack.csv").read_text().split()]
    assert sorted(answered) == sorted(["delivery_id", "NEW", *(f"F{n}" for n in range(120))])


def test_half_a_demo_is_none(tmp_path, monkeypatch):
    """Broken off while it was written over an older one, it is not taken for either."""
    write(tmp_path, WORKERS, SEED)

    def killed(folder, place):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("jendela.demo.agencies.write_connections", killed)
        with pytest.raises(Killed):
            write(tmp_path, WORKERS, SEED + 1)
    assert not (tmp_path / "jendela.yaml").exists()
    with pytest.raises(WrongUseError, match="holds no demo agencies"):
        advance(tmp_path)
