"""An account in the words of one language: every text from the catalogue, no personal value among them."""

from __future__ import annotations

from dataclasses import dataclass

from jendela.contracts.messages import Messages
from jendela.identity.explain.account import BEARERS, PARTS, Account, Line, odds
from jendela.identity.explain.numbers import Numbers
from jendela.identity.judge.contributions import STRANGER

# Less than this is nothing to speak of.
FAINT = 0.15
OF_MOTHERS = {BEARERS: "mother", PARTS: "mother_parts"}


@dataclass(frozen=True)
class Effect:
    """What a step adds: bits, how much likelier that makes one person, and `way`: plus, minus, faint."""

    bits: str
    words: str
    way: str


@dataclass(frozen=True)
class Row:
    """One step of the account in words, against a stranger and against the strongest rival."""

    key: str
    name: str
    said: str
    stranger: Effect | None
    rival: Effect | None


@dataclass(frozen=True)
class Telling:
    """An account in one language.

    headline, tier, could: the verdict, the tier, who else it could be. notes: what else there is to know.
    rows: the steps: first what comes before the fields, then the fields. sums: what they add up to.
    unsaid: the fields that one record lacks, in one sentence.
    """

    verdict: str
    headline: str
    tier: str
    could: str
    notes: tuple[str, ...]
    stranger: str
    rival: str
    rows: tuple[Row, ...]
    sums: tuple[Row, ...]
    unsaid: str


class Teller:
    """Tells accounts in one language."""

    def __init__(self, messages: Messages, lang: str) -> None:
        self.lang = lang
        self.numbers = Numbers(messages, lang)
        self._messages = messages

    def text(self, key: str, **values: str) -> str:
        """A text of the catalogue with values put into it."""
        return str(getattr(self._messages.text(key), self.lang)).format(**values)

    def rival(self, name: str, family: str = "rival") -> str:
        """Who else it could be; `family` short for a heading."""
        return str(getattr(self._messages.named(f"explain.{family}", name), self.lang))

    def tell(self, account: Account) -> Telling:
        """The account in words."""
        rival = account.rival
        said = [line for line in account.lines if line.code]
        unsaid = ", ".join(self._inside(line.field) for line in account.lines if not line.code)
        verdict = self.text(f"explain.verdict.{account.zone}")
        return Telling(
            verdict,
            self.text(
                "explain.headline",
                probability=self.numbers.percent(account.probability),
                weight=self.numbers.bits(account.weight),
            ),
            self.text(f"explain.tier.{account.tier}"),
            self._could(account),
            tuple(f"{self.text(key, **values).rstrip('.')}." for key, values in account.notes),
            self.rival(STRANGER, "short"),
            self.rival(rival, "short"),
            (self._before(account, rival), *(self._row(line, rival) for line in said)),
            self._sums(account, rival),
            self.text("explain.unsaid", fields=unsaid) if unsaid else "",
        )

    def _inside(self, field: str) -> str:
        """A field's name inside a sentence."""
        name = self.text(f"explain.field.{field}")
        return name if name.isupper() else name[0].lower() + name[1:]

    def _could(self, account: Account) -> str:
        """The likeliest other explanation, and how it compares with one person."""
        bits = account.totals[account.against]
        key = "explain.could" if bits >= 0 else "explain.rather"
        factor = self.numbers.about(odds(abs(bits)), 2)
        return self.text(key, rival=self.rival(account.against), factor=factor)

    def effect(self, bits: float) -> Effect:
        """So many bits in words."""
        if abs(bits) < FAINT:
            return Effect(self.numbers.bits(bits), self.text("explain.effect.faint"), "faint")
        key = "explain.effect.likelier" if bits > 0 else "explain.effect.less"
        words = self.text(key, factor=self.numbers.about(odds(abs(bits)), 2))
        return Effect(self.numbers.bits(bits), words, "plus" if bits > 0 else "minus")

    def _row(self, line: Line, rival: str) -> Row:
        assert line.code is not None  # noqa: S101 - the caller's choice
        said = f"{self.text(f'reason.{line.code}')}."
        if line.common:
            kind = line.common.kind
            if line.field == "mother" and kind in OF_MOTHERS:
                kind = OF_MOTHERS[kind]
            count = self.numbers.about(max(line.common.one_in, 2.0), 1)
            said += " " + self.text(f"explain.common.{kind}", count=count)
        return Row(
            line.field,
            self.text(f"explain.field.{line.field}"),
            said,
            self.effect(line.bits[STRANGER]),
            self.effect(line.bits[rival]),
        )

    def _before(self, account: Account, rival: str) -> Row:
        return Row(
            "before",
            self.text("explain.step.before"),
            self.text("explain.step.before.why"),
            self.effect(account.before[STRANGER]),
            self.effect(account.before[rival]),
        )

    def _sums(self, account: Account, rival: str) -> tuple[Row, ...]:
        """The two sums, what all explanations together take off the weaker, what the certain tier adds."""
        total = self.effect(account.totals[STRANGER]), self.effect(account.totals[rival])
        strangers = account.against == STRANGER

        def below(key: str, bits: float) -> Row:
            one = self.effect(bits)
            name, why = self.text(f"explain.step.{key}"), self.text(f"explain.step.{key}.why")
            return Row(key, name, why, one if strangers else None, None if strangers else one)

        rows = [Row("sum", self.text("explain.step.sum"), "", *total)]
        rows.append(below("others", account.together - account.totals[account.against]))
        if account.lift:
            rows.append(below("certain", account.lift))
        rows.append(below("weight", account.weight))
        return tuple(rows)
