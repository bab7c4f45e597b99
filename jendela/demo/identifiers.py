"""Numbers that look real and are nobody's: NIK serials 9xxx are never issued, the rest are drawn."""

from __future__ import annotations

import random
from datetime import date

from jendela.demo.regions import old_codes, regions


class NikBook:
    """Hands out NIKs, each once. A serial starts at 9001 for every district, birth date and sex."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def issue(self, rng: random.Random, region: str, born: date, sex: str) -> str:
        """A NIK first registered in `region`, in the region code of that day where the province was divided
        later."""
        district = rng.choice(regions()[region].districts)[0]
        if region in old_codes() and rng.random() < 0.8:
            district = old_codes()[region] + district[4:]
        prefix = f"{district}{born.day + (40 if sex == 'P' else 0):02d}{born:%m%y}"
        serial = self._next.get(prefix, 9001)
        self._next[prefix] = serial + 1
        return f"{prefix}{serial:04d}"


class NumberBook:
    """Hands out numbers of a fixed length, each once, in no visible order."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def digits(self, length: int, prefix: str = "") -> str:
        """A new number of `length` digits that starts with `prefix`."""
        while True:
            rest = length - len(prefix)
            number = prefix + str(self._rng.randrange(10**rest)).zfill(rest)
            if number not in self._used:
                self._used.add(number)
                return number


def luhn_digit(digits: str) -> str:
    """The check digit that makes `digits` + it pass the Luhn test, as the ninth digit of an NPWP does."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def npwp(serial: str, kpp: str, branch: int) -> str:
    """A company's tax number in the old form, 15 digits; `serial` has six."""
    body = f"0{int(serial[0]) % 3 + 1}{serial}"
    return f"{body}{luhn_digit(body)}{kpp}{branch:03d}"


def npwp_dotted(number: str) -> str:
    """The same number as people write it: TT.SSS.SSS.C-KKK.BBB."""
    return f"{number[:2]}.{number[2:5]}.{number[5:8]}.{number[8]}-{number[9:12]}.{number[12:]}"
