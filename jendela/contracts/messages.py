"""The one catalogue of texts for officials and auditors: `schemas/messages.csv` (key, id, en)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jendela.model.errors import AgreementError

FILE = "schemas/messages.csv"


@dataclass(frozen=True)
class Text:
    """One message in both languages."""

    id: str
    en: str


@dataclass(frozen=True)
class Messages:
    """The catalogue; an unknown key is a defect of ours and is said at once."""

    texts: dict[str, Text]

    def text(self, key: str) -> Text:
        """The message in both languages.

        Raises:
            AgreementError: the catalogue has no such key.
        """
        if key not in self.texts:
            raise AgreementError(
                FILE, None, key, "is used and not in the catalogue: add it in both languages."
            )
        return self.texts[key]

    def rule(self, rule: str) -> Text:
        """What breaks a rule, or the rule's own id where the catalogue has no words for it."""
        return self.named("rule", rule)

    def named(self, family: str, name: str) -> Text:
        """What a member of a family (`owner.hi`, `delivery.letters`) is called, or its own name.

        For the families that the agreements may lengthen; a text that we use ourselves is asked with `text`.
        """
        return self.texts.get(f"{family}.{name}", Text(name, name))


def load_messages(folder: Path | None = None) -> Messages:
    """The catalogue below the agreements' folder, or the installed one.

    Raises:
        AgreementError: a key stands twice, or a language is empty; the line is named.
    """
    texts: dict[str, Text] = {}
    root = folder if folder is not None else Path(str(files("schemas"))).parent
    with (root / FILE).open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            key = row["key"]
            if key in texts:
                raise AgreementError(FILE, line, key, "stands twice.")
            if not (row["id"] and row["en"]):
                raise AgreementError(FILE, line, key, "needs its text in Indonesian and in English.")
            texts[key] = Text(row["id"], row["en"])
    return Messages(texts)
