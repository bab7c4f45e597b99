"""Tables as English-speaking payrolls name them: what they are, their money, and `start` and `end`."""

from __future__ import annotations

import sqlite3

import pytest

from jendela.onboard.draft import Answers
from tests.onboard.conftest import NAMES, drafts_of, nik

STAFF = """
CREATE TABLE workers (worker_id INTEGER PRIMARY KEY, ktp VARCHAR(20), full_name VARCHAR(60), birth_date DATE,
  start VARCHAR(10), "end" VARCHAR(10), salary VARCHAR(20), company VARCHAR(40), updated_at TIMESTAMP);
"""


def database(path, script, rows):
    """A database of these tables and rows; its URL."""
    with sqlite3.connect(path) as conn:
        conn.executescript(script)
        for table, values in rows:
            conn.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", values)
    conn.close()
    return f"sqlite:///{path}"


def staff(path, amount):
    """Workers with the dates `start` and `end`, and their pay as `amount` writes it."""
    rows = [
        (i + 1, nik(i), NAMES[i % 6], f"19{60 + i % 40}-01-1{i % 9}", f"201{i % 9}-03-01",
         None if i % 3 else f"2026-02-1{i % 9}", amount(3_000_010 + 1000 * i), "PT Maju",
         f"2026-05-{i % 28 + 1:02} 08:00:00")
        for i in range(60)
    ]  # fmt: skip
    return database(path, STAFF, [("workers", row) for row in rows])


def notices(path, name):
    """A table called `name` with days and codes of its own, and no word of whom it is about."""
    days = tuple(f"2026-0{m}-11" for m in range(1, 5))
    script = f"""CREATE TABLE {name} (id INTEGER PRIMARY KEY, employee_id INTEGER, notice_number VARCHAR(20),
      reason INTEGER, event_date DATE, sent_date DATE, action INTEGER, action_date DATE)"""
    rows = [(i, i, f"T-{i}", i % 3, days[i % 4], days[i % 4], i % 2, days[i % 4]) for i in range(60)]
    return database(path, script, [(name, row) for row in rows])


def test_a_table_of_terminations_is_no_notice_to_stop_a_benefit(tmp_path):
    """Its days and codes would fit; but it is called something else, and refers to no claim."""
    assert drafts_of(notices(tmp_path / "t.db", "terminations")) == []


def test_notices_by_their_own_name_need_whom_they_are_about(tmp_path):
    """The same columns in a table called so are proposed; the record they refer to is asked for."""
    (draft,) = drafts_of(notices(tmp_path / "t.db", "notices"))
    assert draft.entity == "disqualification_notice"


def test_start_and_end_are_the_days_of_the_employment(tmp_path):
    """Two words that mean something only in a table about workers; one is a reserved word of SQL."""
    url = staff(tmp_path / "s.db", lambda amount: f"{amount}")
    (draft,) = drafts_of(url, region="3171")
    assert draft.entity == "employment"
    made = {name: field.origin.columns[0][1] for name, field in draft.fields.items() if field.origin}
    assert (made["start_date"], made["end_date"]) == ("start", "end")
    assert '"end"' in draft.query


def test_a_joined_table_does_not_say_when_an_employment_began(tmp_path):
    """`start` of the project that a worker is in is none of hers."""
    script = """CREATE TABLE projects (project_id INTEGER PRIMARY KEY, start DATE, "end" DATE);
      CREATE TABLE workers (worker_id INTEGER PRIMARY KEY, ktp VARCHAR(20), full_name VARCHAR(60),
      birth_date DATE, hire_date DATE, salary INTEGER, project_id INTEGER REFERENCES projects(project_id))"""
    rows = [("projects", (i, "2026-01-01", "2026-03-01")) for i in range(3)]
    rows += [
        ("workers", (i, nik(i), NAMES[i % 6], f"19{60 + i % 40}-01-11", "2019-03-01", 4_000_000, i % 3))
        for i in range(60)
    ]
    (draft,) = drafts_of(database(tmp_path / "p.db", script, rows))
    assert draft.fields["start_date"].origin.columns == (("workers", "hire_date"),)
    assert "end_date" not in draft.fields


@pytest.mark.parametrize(
    ("amount", "read_by"),
    [
        (lambda amount: f"Rp {amount:,}", "rupiah-en"),
        (lambda amount: f"{amount:,}.00", "rupiah-en"),
        (lambda amount: f"Rp {amount:,}".replace(",", "."), "rupiah"),
        (lambda amount: f"{amount // 10_000 * 1000:,}".replace(",", "."), "rupiah"),  # not three hundred
        (lambda amount: f"{amount}", "decimal"),
        (lambda amount: f"{amount}.00", "decimal"),
    ],
    ids=["Rp 3,000,010", "3,000,010.00", "Rp 3.000.010", "300.000", "3000010", "3000010.00"],
)
def test_an_amount_is_read_in_the_habit_it_is_written_in(tmp_path, amount, read_by):
    """Off by a thousand is worse than not read."""
    (draft,) = drafts_of(staff(tmp_path / "s.db", amount), region="3171")
    assert draft.fields["wage_reported"].via[-1] == read_by


def test_a_number_is_not_asked_for_as_a_constant(tmp_path):
    """`--set` of a percentage would not load: only a column is offered, and one that was set is not taken."""
    script = "CREATE TABLE kehadiran (id INTEGER PRIMARY KEY, no_peserta VARCHAR(10), catatan VARCHAR(10))"
    url = database(tmp_path / "k.db", script, [("kehadiran", (i, f"P{i}", "x")) for i in range(20)])
    answers = Answers(values={"attendance_percent": "80"})
    for told in (Answers(), answers):
        (draft,) = drafts_of(url, answers=told, tables=("kehadiran",), entities=("training_attendance",))
        (asked,) = [one for one in draft.questions if one.field == "attendance_percent"]
        assert asked.answer == "--from training_attendance.attendance_percent=TABLE.COLUMN"
