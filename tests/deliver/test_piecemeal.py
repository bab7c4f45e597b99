"""A row that an inbox cannot take keeps no other row back."""

from __future__ import annotations

import pytest

from jendela.model.errors import UnreachableError, UnusableFeedError
from tests.deliver.nights import pass_a_night, told

KEY = "bpjs.letters"


class Picky:
    """An inbox that refuses every batch with one of these letters in it."""

    def __init__(self, inbox, numbers, error=UnusableFeedError):
        self.inbox, self.numbers, self.error, self.tries = inbox, numbers, error, 0

    def __getattr__(self, name):
        return getattr(self.inbox, name)

    def deliver(self, outgoing, rows):
        """All rows or none."""
        self.tries += outgoing.target == "jdl_surat"
        if outgoing.target == "jdl_surat" and set(rows["no_surat"].to_pylist()) & self.numbers:
            raise self.error("bpjs", outgoing.delivery, "It refused the statement (22001).", "Mend it.")
        return self.inbox.deliver(outgoing, rows)


@pytest.fixture
def twenty(siti, letter):
    """Twenty letters are due."""
    for number in range(20):
        siti.say(
            "termination_letter", "dinas_3215", f"r-{number}", **letter | {"letter_number": f"{number:03}"}
        )
    return siti


@pytest.mark.parametrize("refused_ones", [{"000"}, {"000", "019"}, {"003", "004", "017"}])
def test_a_row_that_the_inbox_cannot_take_keeps_no_other_back(twenty, refused_ones):
    """It stays pending and is told; the rest is there, announced, and its number is what is there."""
    inbox = twenty.inboxes["bpjs"]
    twenty.hub.connector = lambda *_: Picky(inbox, refused_ones)
    receipt = twenty.deliver("bpjs")
    count = len(refused_ones)
    assert {row["no_surat"] for row in inbox.of("jdl_surat")} == {f"{n:03}" for n in range(20)} - refused_ones
    assert (receipt.counts[KEY]["sent"], receipt.counts[KEY]["pending_after"]) == (20 - count, 20)
    assert "(22001). The other rows are delivered; " + str(count) in told(receipt)
    assert ("bpjs", "letters", "2026-09-01", 20 - count) in inbox.announced
    pass_a_night(twenty)
    twenty.hub.connector = lambda *_: inbox
    inbox.answer_all()
    receipt = twenty.deliver("bpjs")
    assert (receipt.counts[KEY]["acknowledged"], receipt.counts[KEY]["sent"]) == (20 - count, count)
    assert ("bpjs", "letters", "2026-09-01", 20) in inbox.announced


@pytest.mark.parametrize("error", [UnusableFeedError, UnreachableError])
def test_an_inbox_that_takes_nothing_is_not_asked_row_by_row(twenty, error):
    """Nothing is sent, nothing announced; a handful of tries, or one where it is away."""
    inbox = twenty.inboxes["bpjs"]
    picky = Picky(inbox, {f"{n:03}" for n in range(20)}, error)
    twenty.hub.connector = lambda *_: picky
    receipt = twenty.deliver("bpjs")
    assert receipt.counts[KEY]["sent"] == 0
    assert picky.tries == (4 if error is UnusableFeedError else 1)
    assert not [said for said in inbox.announced if said[1] == "letters"]
