"""Who is who in a crowd: each story ends as it must, with the whole crowd around it."""

from __future__ import annotations

import pytest

from jendela.identity.policy import load_policy
from jendela.identity.resolve import APART, LINK, Resolution, resolve
from jendela.identity.standard.frame import standardise
from tests.identity.crowd import TODAY, Mention, crowd, frame
from tests.identity.stories import ONE_PERSON, OTHERS, STORIES, UNLINKED, Story


class Told:
    """All mentions of a register, and who is who among them."""

    def __init__(self, mentions: list[Mention]) -> None:
        raw = frame(mentions)
        self.found: Resolution = resolve(standardise(raw, TODAY), load_policy())
        self.row = {record: row for row, record in enumerate(raw["record_id"])}
        pairs = self.found.pairs.select("left", "right", "zone").iter_rows()
        self.zones = {(left, right): zone for left, right, zone in pairs}

    def zone(self, one: str, other: str) -> str:
        """The zone of two records; who was not even compared is apart."""
        left, right = sorted((self.row[one], self.row[other]))
        return self.zones.get((left, right), APART)

    def person(self, record: str) -> int:
        """Who the record is."""
        return int(self.found.person[self.row[record]])


def mentions(story: Story) -> list[Mention]:
    """The story's mentions under ids of their own."""
    return [{**mention, "record_id": f"{story.title}/{letter}"} for letter, mention in story.mentions.items()]


@pytest.fixture(scope="module")
def told() -> Told:
    """All stories in one crowd."""
    return Told([*crowd(), *(mention for story in STORIES for mention in mentions(story))])


@pytest.mark.parametrize("story", STORIES, ids=[story.title for story in STORIES])
def test_story(told: Told, story: Story) -> None:
    """Each pair is in its zone, and one person exactly where it is linked."""
    for (one, other), zone in story.outcome.items():
        records = [f"{story.title}/{letter}" for letter in (one, other)]
        found = told.zone(*records)
        assert found != LINK if zone == UNLINKED else found == zone
        assert (told.person(records[0]) == told.person(records[1])) == (found == LINK)


def test_each_story_is_told_both_ways() -> None:
    """The stories are as good as their number: no person of one is in another."""
    titles = [story.title for story in STORIES]
    assert len(set(titles)) == len(titles) == len(ONE_PERSON) + len(OTHERS) > 25
    names = [story.mentions["a"]["full_name"] for story in STORIES]
    assert len(set(names)) == len(names)


def test_nobody_of_the_crowd_is_drawn_in(told: Told) -> None:
    """The people of a story are linked among themselves only, and the crowd's are who they are."""
    by_person: dict[int, set[str]] = {}
    for record in told.row:
        by_person.setdefault(told.person(record), set()).add(record.removesuffix("-again").split("/")[0])
    mixed = [sorted(who) for who in by_person.values() if len(who) > 1]
    assert mixed == []


def test_the_order_of_rows_does_not_matter(told: Told) -> None:
    """The same register from the end to the beginning: the same persons and zones."""
    turned = Told([*crowd(), *(mention for story in STORIES for mention in mentions(story))][::-1])
    groups = [
        {
            frozenset(r for r in one.row if one.person(r) == person)
            for person in set(one.found.person.tolist())
        }
        for one in (told, turned)
    ]
    assert groups[0] == groups[1]
    for story in STORIES:
        for one, other in story.outcome:
            records = [f"{story.title}/{letter}" for letter in (one, other)]
            assert told.zone(*records) == turned.zone(*records)


def test_resolving_twice_gives_the_same(told: Told) -> None:
    """Every grade, weight and zone, in the same order."""
    again = Told([*crowd(), *(mention for story in STORIES for mention in mentions(story))])
    assert again.found.pairs.equals(told.found.pairs)
    assert again.found.person.tolist() == told.found.person.tolist()
