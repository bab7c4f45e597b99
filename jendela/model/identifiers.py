"""The numbers people and employers are known by, as types: parse, check, masked representation.

A malformed number is refused with a reason code; a suspicious one is kept, and `findings` says why.
Reason codes N1 … N8 are those of docs/reference/rules.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

NIK_FORM = "^[0-9]{16}$"
# Fillers people type, and what a spreadsheet leaves of a number it read as 3.27501E+15.
NIK_PLACEHOLDER = (
    "^0000|0{8}$|^1234567890123456$|^(?:" + "|".join(f"{digit}{{16}}" for digit in "123456789") + ")$"
)
KPJ_FORM = "^[0-9]{11}$"
NPP_FORM = "^[A-Z0-9]{6,10}$"
NIB_FORM = "^[0-9]{13}$"
NPWP_FORM = "^[0-9]{15,16}$"
FEMALE_DAY_OFFSET = 40
YOUNGEST_WORKER = 14
_SEPARATORS = re.compile(r"[\s.\-/']")


class MalformedIdentifierError(ValueError):
    """The text is not such a number. `reason` is the rule it breaks; the message never repeats the text."""

    def __init__(self, kind: str, reason: str) -> None:
        self.kind, self.reason = kind, reason
        super().__init__(f"not a {kind} ({reason})")


@dataclass(frozen=True, repr=False)
class _Identifier:
    value: str
    form: ClassVar[str] = ""
    personal: ClassVar[bool] = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """The number in `text`, without blanks, dots, dashes and slashes.

        Raises:
            MalformedIdentifierError: it is not one.
        """
        value = _SEPARATORS.sub("", text).upper()
        if reason := cls.malformed(value):
            raise MalformedIdentifierError(cls.__name__.upper(), reason)
        return cls(value)

    @classmethod
    def malformed(cls, value: str) -> str | None:
        """The rule that `value` breaks, None if it is well formed."""
        return None if re.fullmatch(cls.form, value) else "C-PAT"

    @property
    def masked(self) -> str:
        """The number as people may see it: the first and last four characters of a personal one."""
        if not self.personal:
            return self.value
        return self.value[:4] + "•" * (len(self.value) - 8) + self.value[-4:]

    def __repr__(self) -> str:
        return f"{type(self).__name__.upper()}({self.masked!r})"

    __str__ = __repr__


class Nik(_Identifier):
    """Nomor Induk Kependudukan: region (6), birth date (6, the day 40 higher for women), serial (4).

    The region is that of the first registration. Permanent, without a check digit; it need not agree
    with a birth date that was corrected later.
    """

    form = NIK_FORM
    personal = True

    @classmethod
    def malformed(cls, value: str) -> str | None:
        """N1 (not 16 digits), N2 (a filler or spreadsheet damage), or None."""
        if not re.fullmatch(NIK_FORM, value):
            return "N1"
        return "N2" if re.search(NIK_PLACEHOLDER, value) else None

    @property
    def region(self) -> str:
        """Code of the district of first registration, 6 digits, of the vintage of that day."""
        return self.value[:6]

    @property
    def serial(self) -> str:
        """The last four digits, from 0001."""
        return self.value[12:]

    @property
    def sex(self) -> str:
        """P where the day is above 40, else L."""
        return "P" if int(self.value[6:8]) > FEMALE_DAY_OFFSET else "L"

    @property
    def birth_parts(self) -> tuple[int, int, int]:
        """Day (without the 40), month and two-digit year, as written."""
        day = int(self.value[6:8])
        return (
            day - FEMALE_DAY_OFFSET * (day > FEMALE_DAY_OFFSET),
            int(self.value[8:10]),
            int(self.value[10:12]),
        )

    def birth_date(self, on: date) -> date | None:
        """The birth date that a worker seen on `on` most likely has; None if the digits are no date.

        A two-digit year that would make the worker younger than 14 belongs to the century before.
        """
        day, month, year = self.birth_parts
        century = 1900 if year > (on.year - YOUNGEST_WORKER) % 100 else 2000
        for base in (century, 3900 - century):
            try:
                return date(base + year, month, day)
            except ValueError:
                continue
        return None

    def findings(
        self,
        on: date,
        regions: Collection[str] = (),
        sex: str | None = None,
        birth_date: date | None = None,
    ) -> tuple[str, ...]:
        """The rules N3 … N8 that this number breaks: reasons for suspicion, never for refusal.

        `regions` are the region codes of every vintage (none: N4 is not judged); `sex` and `birth_date`
        are those stated beside it, `on` the day of the event.
        """
        found = []
        derived = self.birth_date(on)
        if derived is None:
            found.append("N3")
        if regions and not {self.value[:2], self.value[:4]} <= set(regions):
            found.append("N4")
        if self.serial == "0000":
            found.append("N5")
        if sex is not None and sex != self.sex:
            found.append("N6")
        if (
            derived
            and birth_date
            and self.birth_parts != (birth_date.day, birth_date.month, birth_date.year % 100)
        ):
            found.append("N7")
        if (
            derived
            and not 15 <= on.year - derived.year - ((on.month, on.day) < (derived.month, derived.day)) <= 100
        ):
            found.append("N8")
        return tuple(found)


class Kpj(_Identifier):
    """BPJS participant number: 11 digits; one person may hold several."""

    form = KPJ_FORM
    personal = True


class Npp(_Identifier):
    """BPJS employer number, without its division."""

    form = NPP_FORM


class Nib(_Identifier):
    """Business number of OSS: 13 digits, one per legal entity, branches included."""

    form = NIB_FORM


class Npwp(_Identifier):
    """Tax number: 15 digits, or 16: a 0 before them, or a resident's NIK in their place."""

    form = NPWP_FORM

    @classmethod
    def malformed(cls, value: str) -> str | None:
        """C-PAT (not 15 or 16 digits), C-NPWP (wrong check digit), the NIK's rule, or None."""
        if not re.fullmatch(NPWP_FORM, value):
            return "C-PAT"
        if len(value) == 16 and not value.startswith("0"):
            return Nik.malformed(value)
        return None if _luhn(value[-15:-6]) else "C-NPWP"

    @property
    def entity(self) -> str | None:
        """The nine digits that all branches of a legal entity share; None for a resident's NIK."""
        return None if self.is_nik else self.value[-15:-6]

    @property
    def is_nik(self) -> bool:
        """True when a natural person's NIK stands in its place."""
        return len(self.value) == 16 and not self.value.startswith("0")

    @property
    def masked(self) -> str:
        """All of a legal entity's number, the ends of a person's."""
        return Nik(self.value).masked if self.is_nik else self.value


def _luhn(digits: str) -> bool:
    """True where the last is the Luhn check digit over those before (a column: jendela.contracts.luhn)."""
    from_right = [int(digit) for digit in reversed(digits)]
    doubled = (digit * 2 - 9 * (digit > 4) for digit in from_right[1::2])
    return (sum(from_right[::2]) + sum(doubled)) % 10 == 0
