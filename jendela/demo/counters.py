"""What happens at the labour offices' own counters on a working day, where all of them take part.

People come to look for work, and clerks add what they learn to papers they have.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from jendela.demo.arrivals import Arrivals
from jendela.demo.changes import Update
from jendela.demo.house import House

CROWD = 40
"""How many times as many job-seekers come on the day of a job fair."""


def walk_ins(arrivals: Arrivals, house: House) -> None:
    """The day's new job-seekers at the office's counter."""
    world, today = arrivals.world, arrivals.today
    count = world.country.walk_ins * (CROWD if house.fair == today else 1)
    for _ in range(count if house.seekers else 0):
        person = world.people.add(house.region)
        registration = replace(
            world.counter.registration(person, house.region, today), central=False, counter=True
        )
        arrivals.pen.registration(registration, careful=False)
        world.registrations.append(registration)


def learns(arrivals: Arrivals, house: House) -> None:
    """The office learns how a worker has answered, and writes it beside the report: a revision."""
    book, today = house.reports, arrivals.today
    if book is None:
        return
    for made in arrivals.world.terminations:
        report = made.report
        if made.office != house.agency or report is None or not made.report_key or report.settlement:
            continue
        told = report.responded is not None and report.responded < today - timedelta(days=20)
        if told and report.response == "NOT_REJECTED":
            made.report = replace(report, response="NO_RESPONSE", responded=None)
            where = {book.column("number"): report.number, book.column("line"): str(report.line)}
            values = {
                book.column("response"): book.hand.write("response", "NO_RESPONSE"),
                book.column("responded"): book.hand.write("responded", None),
            }
            if book.changed:
                values[book.changed] = arrivals.stamp()
            arrivals.changes.updated.append(Update(house.agency, book.table, where, values))
            return
