"""The same three nights with the hub in PostgreSQL: due, expired, answered, taken back."""

from __future__ import annotations

import pytest

from tests.servers import hub_database

pytestmark = pytest.mark.servers


@pytest.fixture
def hub_url():
    """A PostgreSQL URL whose tables lie in a schema of this test's own."""
    with hub_database("postgresql") as url:
        yield url


def test_three_nights(siti, letter, hub_url):
    """What SQLite does, PostgreSQL does: the counts of three nights are the same."""
    other = siti.elsewhere(hub_url)
    other.say("employment", "bpjs", "r-bpjs", fact="f-spell", **siti.spell)
    stories = []
    for world in (siti, other):
        world.say("termination_letter", "dinas_3215", "r-let", **letter)
        story = [world.deliver("bpjs").counts]
        world.next_night()
        world.say("termination_letter", "dinas_3215", "r-let", **letter | {"effective_date": "2026-10-01"})
        story.append(world.deliver("bpjs").counts)
        world.inboxes["bpjs"].answer_all()
        world.next_night()
        world.unsay("r-let", "termination_letter")
        story.append(world.deliver("bpjs").counts)
        stories.append([counts["bpjs.letters"] for counts in story])
    other.hub.close()
    assert stories[0] == stories[1]
    assert [night["expired"] for night in stories[0]] == [0, 1, 0]
    assert [row["verb"] for row in other.inboxes["bpjs"].of("jdl_surat")] == ["upsert", "upsert", "retract"]
