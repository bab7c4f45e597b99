"""The form that intake reads by is the contract's, and the guide names every column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jendela.letters.agreement import contract
from jendela.letters.frame import LETTERS, PLACE
from jendela.letters.intake import form
from jendela.letters.intake.finding import catalogue
from jendela.letters.intake.json_letter import KEYWORDS
from jendela.letters.intake.table_shape import normal
from jendela.letters.intake.xml_form import KINDS

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "reference" / "letter-forms.md").read_text(encoding="utf-8")
SOURCES = [*(ROOT / "jendela" / "letters" / "intake").glob("*.py"), ROOT / "jendela" / "letters" / "check.py"]


def test_names_of_the_contract():
    """The reader knows an edition by the contract's namespace; the outermost element it has itself."""
    assert [one.namespace for one in form.forms()] == [contract().namespace]
    assert contract().root == form.ROOT


def test_every_column_of_a_letter_can_be_in_a_table():
    """But for those that say where a row stands, its edition, and the primary of its reasons."""
    assert set(form.fields()) == set(LETTERS) - set(PLACE) - {"schema_version", "reason_code"}


def test_no_name_means_two_columns():
    """Else a table could be read in two ways."""
    names = [name for one in form.fields().values() for name in {*one.ids, *one.ens}]
    assert len(names) == len(set(names))
    assert all(normal(name) == name for name in names)


@pytest.mark.parametrize("column", form.fields())
def test_the_guide_names_every_column(column):
    """Under all its names."""
    one = form.fields()[column]
    row = next(line for line in GUIDE.splitlines() if line.startswith((f"| {column} |", f"| **{column}** |")))
    assert all(f"`{name}`" in row for name in (*one.ids, *one.ens))
    assert ("**" in row) == (one.required and one.group is None)


def test_every_message_that_is_used_is_in_the_catalogue():
    """In both languages, whatever is merged into the file of texts."""
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    keys = set(re.findall(r'"((?:xml|json|pdf|table|xlsx|field|at|edition)\.[a-z_]+)"', text))
    keys |= {f"field.{key}" for key in (*KINDS.values(), *KEYWORDS.values())}
    assert len(keys) > 40
    for key in keys:
        assert f"intake.{key}" in catalogue().texts, key
