"""The reference pages are in step with the catalogue and the law."""

from __future__ import annotations

from pathlib import Path

import pytest

from jendela.letters.rules.reference import MARK, pages

ROOT = Path(__file__).parents[3]


def test_the_pages_are_as_they_would_be_made():
    """Else: python -m jendela.letters.rules.reference."""
    made = dict(pages(ROOT))
    assert [file.name for file in made] == ["letter-rules.md", "law.md"]
    for file, text in made.items():
        assert file.read_text(encoding="utf-8") == text, file.name


def test_the_tables_say_what_people_look_for():
    """A rule with its check, a parameter with both of its values."""
    rules, law = (text.partition(MARK)[2] for _, text in pages(ROOT))
    assert "| `L-03` | `L-03.short` | error | `termination.effective_date` |" in rules
    assert "| `jkp.claim_months` | 3 | 2021-02-02 | 2025-02-06 | `pp-37-2021` |" in law
    assert "| `jkp.claim_months` | 6 | 2025-02-07 |  | `pp-6-2025` |" in law
    assert "severance: not laid down" in law


def test_a_page_without_its_mark_is_not_overwritten(tmp_path):
    """What people wrote would be lost."""
    folder = tmp_path / "docs" / "reference"
    folder.mkdir(parents=True)
    (folder / "letter-rules.md").write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"letter-rules\.md lacks the line"):
        list(pages(tmp_path))
