"""The employers of the demo: establishments with the numbers BPJS, the tax office, OSS and WLKP know them
by."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jendela.demo.chance import Weighted, stream
from jendela.demo.identifiers import NumberBook, npwp
from jendela.demo.name_pools import pool
from jendela.demo.names import full_name
from jendela.demo.regions import minimum_wage, regions

SIZES = ("MIKRO", "KECIL", "MENENGAH", "BESAR")
_WORKERS = {"MIKRO": 0.8, "KECIL": 3.0, "MENENGAH": 12.0, "BESAR": 40.0}
_FORMS = Weighted(["PT", "CV", "UD", "KOPERASI", "YAYASAN"], [70, 20, 4, 3, 3])
_KBLI = (
    ("C", "13112"),
    ("C", "14111"),
    ("C", "22299"),
    ("C", "25991"),
    ("C", "29300"),
    ("F", "41011"),
    ("G", "47111"),
    ("H", "49431"),
    ("H", "52101"),
    ("B", "09100"),
    ("N", "78200"),
    ("C", "10792"),
)


@dataclass(slots=True)
class Employer:
    """One establishment. A branch shares NIB and NPWP body with its head office and has an NPP and a code of
    its own."""

    number: int
    form: str
    name: str
    npp: str
    nib: str
    npwp: str
    wlkp_code: str
    head: Employer | None
    size: str
    kbli: tuple[str, str]
    kbli_edition: str
    region: str
    street: str
    postcode: str
    phone: str
    clerk_phone: str
    signatory: str
    founded: date
    registered: date
    weight: float
    letters: int = 0

    @property
    def programmes(self) -> set[str]:
        """What an enterprise of this size must be registered for, and is."""
        if self.size in ("BESAR", "MENENGAH"):
            return {"JKK", "JKM", "JHT", "JP"}
        return {"JKK", "JKM", "JHT"} if self.size == "KECIL" else {"JKK", "JKM"}

    @property
    def initials(self) -> str:
        """Stands in the employer's letter numbers; no two employers share it."""
        return "".join(word[0] for word in self.name.split()).upper() + f"{self.number:03d}"


def _form(rng: random.Random, size: str) -> str:
    return "PT" if size == "BESAR" else _FORMS.draw(rng)


def make_employers(
    seed: int, workers: int, workplaces: Weighted[str], least: Sequence[tuple[str, str]]
) -> list[Employer]:
    """About one employer for sixty workers, first those of region and size that any demo has (`least`)."""
    rng = stream(seed, "employers")
    numbers = NumberBook(rng)
    found: list[Employer] = []
    used: set[str] = set()
    for number in range(max(len(least), round(workers / 60))):
        region, size = (
            least[number]
            if number < len(least)
            else (workplaces.draw(rng), rng.choices(SIZES, [15, 35, 30, 20])[0])
        )
        head = None
        if number > len(least) and rng.random() < 0.05:
            head = rng.choice(found)
            head = head.head or head
        found.append(_make(rng, numbers, used, number + 1, region, size, head))
    return found


def _make(
    rng: random.Random,
    numbers: NumberBook,
    used: set[str],
    number: int,
    region: str,
    size: str,
    head: Employer | None,
) -> Employer:
    words = [*rng.sample(pool("TRADES"), 2), rng.choice(pool("BUSINESSES"))]
    while " ".join(words) in used:
        words = [*rng.sample(pool("TRADES"), 2), rng.choice(pool("BUSINESSES"))]
    name = head.name if head else " ".join(words)
    used.add(name)
    founded = date(1990, 1, 1) + timedelta(days=rng.randrange(365 * 30))
    branch = 0 if head is None else rng.randrange(1, 40)
    kpp = f"{rng.randrange(400, 660)}"
    return Employer(
        number=number,
        form=head.form if head else _form(rng, size),
        name=name,
        npp="".join(rng.choice("ABCDEFGHJKLMNPRSTUV") for _ in range(2)) + numbers.digits(6),
        nib=head.nib if head else numbers.digits(13, "9120" if rng.random() < 0.5 else "8120"),
        npwp=head.npwp[:12] + f"{branch:03d}" if head else npwp(numbers.digits(6), kpp, 0),
        wlkp_code=f"{region}0.{founded:%Y%m%d}.{number:04d}",
        head=head,
        size=size,
        kbli=rng.choice(_KBLI),
        kbli_edition="2025" if rng.random() < 0.4 else "2020",
        region=region,
        street=f"JL. {rng.choice(pool('STREETS'))} KAV. {rng.randrange(1, 90)}",
        postcode=f"{int(region) * 13 % 90000 + 10000}",
        phone=f"+62{rng.choice(('21', '267', '542', '411', '31'))}{rng.randrange(10**6, 10**7)}",
        clerk_phone=numbers.digits(13, "+62811"),
        signatory=full_name(rng, region, "L").title(),
        founded=founded,
        registered=founded + timedelta(days=rng.randrange(20, 300)),
        weight=_WORKERS[size] * rng.uniform(0.4, 1.8),
    )


def written_by_bpjs(employer: Employer, rng: random.Random) -> str:
    """The employer's name as BPJS has it: capitals, the legal form before it in any spelling."""
    kind = rng.random()
    form = {"PT": "PT.", "CV": "CV.", "KOPERASI": "KOP."}.get(employer.form, employer.form)
    name = employer.name.upper()
    if kind < 0.45:
        return f"{employer.form} {name}"
    if kind < 0.85:
        return f"{form} {name}"
    return f"{name}, {form}" if kind < 0.95 else name


def written_by_others(employer: Employer, rng: random.Random) -> str:
    """The same name as WLKP, a letterhead or the counter at the Dinas has it."""
    kind = rng.random()
    name = employer.name if rng.random() < 0.6 else employer.name.upper()
    if kind < 0.5:
        return f"{employer.form} {name}"
    if kind < 0.75:
        return f"{employer.form}. {name}"
    if kind < 0.85 and employer.form == "PT":
        return f"PT {name} Tbk" if employer.size == "BESAR" else f"P.T. {name}"
    place = regions()[employer.region].name
    return f"{employer.form} {name} Cabang {place}" if employer.head else f"{name} {employer.form}"


def wage_floor(employer: Employer) -> int:
    """The least the employer pays a month: small ones pay less than the region's minimum."""
    return minimum_wage(employer.region) * (8 if employer.size in ("MIKRO", "KECIL") else 10) // 10
