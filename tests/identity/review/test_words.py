"""The catalogue and the commands: every text that may be said is there, and none is never said."""

from __future__ import annotations

from pathlib import Path

from jendela.contracts.messages import load_messages
from jendela.identity.review.groups import UNKNOWN
from jendela.identity.review.population import STRATA
from jendela.identity.review.quality import GROUPS, MEASURES
from jendela.identity.review.rule import BINDS
from jendela.identity.review.screen import SHOWN
from jendela.identity.review.stakes import STAKES
from jendela.identity.review.traditions import OTHER, TRADITIONS

ROOT = Path(__file__).parents[3]
ALONE = ("waiting", "decided", "drawn", "audit", "labelled", "whole", "too_small", "below", "limits")


def test_the_catalogue_has_what_the_commands_say() -> None:
    """And nothing else under `review`."""
    families = {
        "stake": STAKES,
        "verdict": BINDS.values(),
        "outcome": (*BINDS, "waits", "reopened"),
        "field": SHOWN,
        "stratum": STRATA,
        "measure": MEASURES,
        "by": GROUPS,
        "group": (*TRADITIONS, OTHER, UNKNOWN),
    }
    said = {f"review.{name}" for name in ALONE}
    said |= {f"review.{family}.{name}" for family, names in families.items() for name in names}
    texts = load_messages(ROOT).texts
    assert {key for key in texts if key.startswith("review.")} == said
