"""The picture of a night."""

from __future__ import annotations

import re

from jendela.contracts.messages import Text
from jendela.report.flow import LEAST, LONGEST, Stream, flow

ENDS = {"accepted": (Text("Sah", "Accepted"), "#111"), "held": (Text("Ditahan", "Held"), "#222")}
SAID = (Text("Judul", "Title"), Text("diam", "silent"), Text("Lain", "Others"))


def stream(name, came=True, **counts):
    """A stream of that name in both languages."""
    return Stream(Text(name, name), counts, came)


def test_nothing_gives_no_picture():
    """Where nothing flowed there is nothing to draw."""
    assert flow([stream("a")], ENDS, *SAID) == ""


def test_it_is_told_in_words_with_every_number():
    """Who hears the picture hears each stream and each end with its number."""
    picture = flow([stream("a", accepted=3, held=1), stream("b", accepted=1000)], ENDS, *SAID)
    label = re.search(r'aria-label="([^"]*)"', picture)[1]
    assert label == "Judul / Title: a 4; b 1\u202f000; Sah / Accepted 1\u202f003; Ditahan / Held 1"


def test_one_row_among_millions_can_be_seen():
    """The narrowest ribbon has the least height that is drawn."""
    picture = flow([stream("a", accepted=10_000_000, held=1)], ENDS, *SAID)
    assert f'height="{LEAST:.1f}"' in picture


def test_an_office_that_is_silent_is_drawn_hollow():
    """No data looks like no data, and zero rows like zero rows."""
    picture = flow([stream("a", accepted=1), stream("b", came=False), stream("c")], ENDS, *SAID)
    assert picture.count("stroke-dasharray") == 1
    assert "diam" in picture
    assert "a 1; b –; c 0;" in picture


def test_many_offices_are_drawn_as_the_largest_and_the_others():
    """Five hundred offices fit into the picture, and none of their rows is lost."""
    picture = flow([stream(f"o{number}", accepted=number) for number in range(1, 553)], ENDS, *SAID)
    assert picture.count('text-anchor="end"') == 2 * LONGEST
    assert "Lain / Others" in picture
    assert f"Sah / Accepted {sum(range(1, 553)):,}".replace(",", "\u202f") in picture
