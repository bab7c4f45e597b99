"""The words of the page: every text in both languages, of which the reader sees one."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from jendela.contracts.agreements import Agreements
from jendela.contracts.messages import Text, load_messages
from jendela.contracts.months import MONTHS_EN, MONTHS_ID
from jendela.report.groups import HIDDEN, HIGHER, LOWER

MONTHS = tuple(map(Text, MONTHS_ID, MONTHS_EN))

REMEDIES = ("unjudged", "ahead")  # guards with a remedy of their own

Shown = Any  # whatever a template puts between words: it is escaped, unless it is markup already


class Words:
    """The catalogue and the labels of the agreements, as markup for the templates.

    Where the agreements know a name that the catalogue has no words for (an office's own delivery), the
    name itself is shown.
    """

    def __init__(self, agreements: Agreements) -> None:
        folder = Path(agreements.folder)
        self._agreements = agreements
        self._messages = load_messages(folder)
        self._discrepancies = _discrepancies(folder)
        fields = [
            (contract.entity, item) for contract in agreements.contracts.values() for item in contract.fields
        ]
        self._fields: dict[str, Text] = {}
        self._codes: dict[str, str] = {}
        for entity, item in fields:
            label = Text(_short(item.description_id), _short(item.description_en))
            thing = self._messages.named("entity", entity)
            self._fields[f"{entity}.{item.name}"] = Text(
                f"{label.id} ({thing.id})", f"{label.en} ({thing.en})"
            )
            self._fields.setdefault(item.name, label)
            if item.codes:
                self._codes.setdefault(item.name, item.codes)

    def text(self, key: str) -> Text:
        """The text of a key of the catalogue.

        Raises:
            AgreementError: the catalogue has no such key.
        """
        return self._messages.text(key)

    def t(self, key: str, **shown: Shown) -> Markup:
        """The text of a key in both languages, with values put into it."""
        return both(self._messages.text(key), **shown)

    def day(self, iso: str) -> Markup:
        """A date in words; of the label of a supplement, its night's."""
        year, month, day = (int(part) for part in iso.split("-")[:3])
        name = MONTHS[month - 1]
        return both(Text(f"{day} {name.id} {year}", f"{day} {name.en} {year}"))

    def called(self, family: str, name: str) -> Markup:
        """What the catalogue calls a member of a family (`owner`, `step` …), or its own name."""
        return both(self._messages.named(family, name))

    def spoken(self, key: str) -> str:
        """Both languages in one plain text, for those who hear a picture."""
        text = self._messages.text(key)
        return text.id if text.id == text.en else f"{text.id} / {text.en}"

    def rule(self, rule: str) -> Markup:
        """What breaks a rule."""
        return both(self._messages.rule(rule))

    def halt(self, guard: str, reason: str) -> Markup:
        """The meanings of the batch rules that the reason of a halt names, or of the guard that halted it."""
        rules = list(dict.fromkeys(re.findall(r"\bG-[A-Z-]+\b", reason)))
        told = [self.rule(rule) for rule in rules] or [self.t(f"missing.halted.{guard}")]
        return Markup(" ").join(told)

    def halt_remedy(self, guard: str) -> Markup:
        """What to do about a batch that a guard halted."""
        return self.t(f"missing.halted.remedy.{guard}" if guard in REMEDIES else "missing.halted.remedy")

    def discrepancy(self, code: str) -> Markup:
        """What a code of discrepancy means."""
        return both(self._discrepancies.get(code, (Text(code, code),) * 2)[0])

    def closes(self, code: str) -> Markup:
        """What closes a discrepancy of this code."""
        return both(self._discrepancies.get(code, (Text(code, code),) * 2)[1])

    def office_text(self, office: str) -> Text:
        """An office's name in both languages."""
        found = self._agreements.offices.get(office)
        return Text(found.name_id, found.name_en) if found else Text(office, office)

    def office(self, office: str) -> Markup:
        """The same as markup."""
        return both(self.office_text(office))

    def home(self, recipient: str) -> str:
        """The office of a recipient."""
        return str(self._agreements.recipients.get(recipient, recipient))

    def unit(self, recipient: str) -> Markup:
        """The unit of its office that a recipient is; nothing where it is the whole office."""
        last = recipient.rsplit(".", 1)[-1]
        return Markup("") if last == recipient else self.called("unit", last)

    def field(self, name: str) -> Markup:
        """What a field (`entity.field` or `field`) is called, or an entity, or the name itself."""
        return both(self._fields.get(name) or self._messages.named("entity", name))

    def value(self, field: str, value: str) -> Markup:
        """A value as a reader wants it: a code by its label, an amount hidden."""
        if value in (HIDDEN, LOWER, HIGHER):
            return self.t(f"value.{value.replace(':', '.')}")
        first, _, rest = value.partition(" ")
        entry = self._label(field, first)
        if entry is None:
            return escape(value)
        return both(entry) + (Markup(" · {}").format(rest) if rest else Markup(""))

    def refusal(self, reason: str) -> Markup:
        """Why a delivery was refused: an agreed kind by its label, else the recipient's own short code."""
        entry = self._agreements.codes["refusal_reason"].by_code.get(reason)
        if entry is None:
            return Markup("<code>{}</code>").format(reason) if reason else Markup("–")
        return both(Text(entry.label_id, entry.label_en))

    def _label(self, field: str, code: str) -> Text | None:
        name = self._codes.get(field)
        entry = self._agreements.codes[name].by_code.get(code) if name else None
        return Text(f"{entry.label_id} ({code})", f"{entry.label_en} ({code})") if entry else None


def both(text: Text, **shown: Shown) -> Markup:
    """A text in both languages, of which the style sheet shows one; once, where they do not differ."""
    if text.id == text.en:
        return escape(text.id).format(**shown) if shown else escape(text.id)
    id_, en = (escape(part).format(**shown) if shown else part for part in (text.id, text.en))
    return Markup('<span lang="id">{}</span><span lang="en">{}</span>').format(id_, en)


def _discrepancies(folder: Path) -> Mapping[str, tuple[Text, Text]]:
    with (folder / "schemas" / "discrepancies.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: (Text(row["label_id"], row["label_en"]), Text(row["closing_id"], row["closing_en"]))
            for row in csv.DictReader(file)
        }


def _short(description: str) -> str:
    """A field's description up to its first pause."""
    return re.split(
        r"[;,(:]|\. |\.$| sebagaimana | as (?:stated|received|printed)\b", description, maxsplit=1
    )[0].strip()
