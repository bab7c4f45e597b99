"""The catalogue and the onboarding commands: every text that may be said is there, and none is never said."""

from __future__ import annotations

import re
from pathlib import Path

from jendela.contracts.messages import load_messages

ROOT = Path(__file__).parents[2]


def test_the_catalogue_has_what_the_commands_say() -> None:
    """Every key in quotes in the code, and the families of which the code names the head."""
    sources = [*(ROOT / "jendela/onboard").glob("*.py"), *(ROOT / "jendela/cli").glob("source*.py")]
    keys = {key.removeprefix("onboard.") for key in load_messages(ROOT).texts if key.startswith("onboard.")}
    texts = [path.read_text() for path in sources]
    families = tuple(
        {head for text in texts for head in re.findall(r"""f["'](?:onboard\.)?([a-z.]+\.)\{""", text)}
    )
    quoted = {key for text in texts for key in re.findall(r"""["']([a-z]+\.[a-z_]+)["']""", text)}
    single = {key for key in keys if not key.startswith(families)}
    assert sorted(single - quoted) == [], "is never said"
    heads = {key.partition(".")[0] for key in single}
    said = {key for key in quoted if key.partition(".")[0] in heads}
    assert sorted(said - single) == [], "has no words"
