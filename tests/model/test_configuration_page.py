"""The reference of the configuration has every key with its default."""

from __future__ import annotations

import re
from pathlib import Path

from jendela.model.config import Settings

PAGE = Path(__file__).parents[2] / "docs/reference/configuration.md"
SAID = {"hub_url": "(SQLite in `state`)", "agreements": "(the installed ones)", "mappings": "`[]`"}


def told(name: str) -> str:
    """How the page is to tell the default of a key."""
    field = Settings.model_fields[name]
    if name in SAID:
        return SAID[name]
    if field.is_required():
        return "(required)"
    return "(none)" if field.default is None else f"`{str(field.default).lower()}`"


def test_every_key_and_its_default() -> None:
    """In the order of the settings, by the table's first two columns."""
    page = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| ([^|]+) \|", page, re.MULTILINE))
    assert {name: rows.get(name) for name in Settings.model_fields} == {
        name: told(name) for name in Settings.model_fields
    }
    assert rows.keys() == Settings.model_fields.keys()
