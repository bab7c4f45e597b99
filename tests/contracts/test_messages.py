"""The catalogue of texts: both languages, no key twice, words for every rule."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from jendela.contracts.messages import Text, load_messages
from jendela.contracts.odcs import load_contracts
from jendela.model.errors import AgreementError

ROOT = Path(__file__).parents[2]
MESSAGES = load_messages(ROOT)


def catalogue(tmp_path, *lines):
    """A folder with a catalogue of these lines."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "messages.csv").write_text(
        "\n".join(("key,id,en", *lines)) + "\n", encoding="utf-8"
    )
    return tmp_path


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path):
    """Two texts for one key: nobody knew which was shown."""
    with pytest.raises(AgreementError, match=r"messages.csv:3: a.b: stands twice"):
        load_messages(catalogue(tmp_path, "a.b,satu,one", "a.b,dua,two"))


def test_a_language_that_is_empty_is_refused(tmp_path):
    """An official reads Indonesian, a visitor English: neither is optional."""
    with pytest.raises(AgreementError, match=r"messages.csv:2: a.b"):
        load_messages(catalogue(tmp_path, "a.b,satu,"))


def test_an_unknown_key_is_said_at_once():
    """It is a defect of ours, not of the agreements."""
    with pytest.raises(AgreementError, match=r"no\.such"):
        MESSAGES.text("no.such")


def test_a_member_without_words_is_shown_by_its_name():
    """An office may bring a delivery that the catalogue does not know yet."""
    assert MESSAGES.named("delivery", "courses") == Text("courses", "courses")


def test_both_languages_put_the_same_values_into_a_text():
    """A number that one language shows, the other shows too."""
    for key, text in MESSAGES.texts.items():
        names = [
            sorted(name for _, name, _, _ in string.Formatter().parse(part) if name)
            for part in (text.id, text.en)
        ]
        assert names[0] == names[1], key


def test_every_rule_has_words():
    """Those of the reference, and those that the contracts name."""
    reference = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    rules = set(re.findall(r"^\| `([A-Z0-9-]+)` \|", reference, re.MULTILINE))
    assert len(rules) > 30
    rules |= {rule.rule for contract in load_contracts(ROOT).values() for rule in contract.rules}
    assert sorted(rule for rule in rules if f"rule.{rule}" not in MESSAGES.texts) == []
