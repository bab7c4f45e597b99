"""Makes full names the way the country's peoples make them. A name is one text; it has no first and last
part."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

from jendela.demo.chance import Weighted, by_rank
from jendela.demo.name_pools import BALI_ORDER, SAINTS_FEMALE, SAINTS_MALE, pool
from jendela.demo.regions import BALIKPAPAN, KARAWANG, MAKASSAR

Maker = Callable[[random.Random, str], str]


@cache
def _bag(name: str) -> Weighted[str]:
    return by_rank(pool(name))


def _draw(rng: random.Random, name: str) -> str:
    return _bag(name).draw(rng)


def _pick(rng: random.Random, male: str, female: str, sex: str) -> str:
    return _draw(rng, male if sex == "L" else female)


def javanese(rng: random.Random, sex: str) -> str:
    """One word for four in ten, two for the rest."""
    first = _pick(rng, "JAVA_MALE", "JAVA_FEMALE", sex)
    if rng.random() < 0.4 and first not in ("SITI", "SRI", "EKO", "DWI", "TRI", "EKA"):
        return first
    second = _pick(rng, "JAVA_SECOND_MALE", "JAVA_SECOND_FEMALE", sex)
    if rng.random() < 0.04:
        return f"{rng.choice(SAINTS_MALE if sex == 'L' else SAINTS_FEMALE)} {first} {second}"
    return f"{first} {second}" if first != second else first


def sundanese(rng: random.Random, sex: str) -> str:
    """Often two words, at times the same word twice."""
    first = _pick(rng, "SUNDA_MALE", "SUNDA_FEMALE", sex)
    kind = rng.random()
    if kind < 0.2:
        return first
    return f"{first} {first if kind < 0.23 else _pick(rng, 'SUNDA_SECOND', 'SUNDA_SECOND_FEMALE', sex)}"


def muslim(rng: random.Random, sex: str) -> str:
    """Muhammad, Abdul and Siti are prefixes people drop, shorten and join."""
    kind = rng.random()
    if sex == "L":
        if kind < 0.35:
            return f"MUHAMMAD {_draw(rng, 'MUSLIM_MALE')}"
        if kind < 0.5:
            return f"ABDUL {_draw(rng, 'ABDUL')}"
        if kind < 0.62:
            return f"AHMAD {_draw(rng, 'MUSLIM_MALE')}"
        first, second = _draw(rng, "MUSLIM_MALE"), _draw(rng, "MUSLIM_MALE")
        return first if first == second or kind < 0.75 else f"{first} {second}"
    if kind < 0.35:
        return f"SITI {_draw(rng, 'MUSLIM_FEMALE')}"
    if kind < 0.6:
        return _draw(rng, "MUSLIM_FEMALE")
    return f"{_draw(rng, 'MODERN_FEMALE')} {_draw(rng, 'MUSLIM_FEMALE')}"


def modern(rng: random.Random, sex: str) -> str:
    """Two or three words, as the young have."""
    words = [
        _pick(rng, "MODERN_MALE", "MODERN_FEMALE", sex),
        _pick(rng, "JAVA_SECOND_MALE", "JAVA_SECOND_FEMALE", sex),
    ]
    if rng.random() < 0.35:
        words.insert(1, _pick(rng, "MUSLIM_MALE", "MUSLIM_FEMALE", sex))
    return " ".join(words)


def batak(rng: random.Random, sex: str) -> str:
    """A given name and the marga."""
    return f"{_pick(rng, 'BATAK_MALE', 'BATAK_FEMALE', sex)} {_draw(rng, 'MARGA')}"


def eastern(rng: random.Random, sex: str) -> str:
    """Minahasa, Maluku, Toraja, NTT and Papua: a family name at the end."""
    return f"{_pick(rng, 'EAST_MALE', 'EAST_FEMALE', sex)} {_draw(rng, 'EAST_FAMILY')}"


def bugis(rng: random.Random, sex: str) -> str:
    """One or two words, some with the noble Andi."""
    first = _pick(rng, "BUGIS_MALE", "BUGIS_FEMALE", sex)
    second = _pick(rng, "MUSLIM_MALE", "MUSLIM_FEMALE", sex)
    return f"ANDI {second}" if rng.random() < 0.12 else f"{first} {second}"


def malay(rng: random.Random, sex: str) -> str:
    """Malay, Banjar and Aceh."""
    first, second = (
        _pick(rng, "MALAY_MALE", "MALAY_FEMALE", sex),
        _pick(rng, "MUSLIM_MALE", "MUSLIM_FEMALE", sex),
    )
    if rng.random() < 0.06:
        return f"{'TEUKU' if sex == 'L' else 'CUT'} {first} {second}"
    return first if rng.random() < 0.3 else f"{first} {second}"


def chinese(rng: random.Random, sex: str) -> str:
    """An old Chinese name, or an Indonesian one with the surname melted in."""
    if rng.random() < 0.25:
        given = pool("CHINESE_GIVEN")
        return f"{rng.choice(pool('CHINESE_OLD'))} {rng.choice(given)} {rng.choice(given)}"
    first = _pick(rng, "CHINESE_FIRST_MALE", "CHINESE_FIRST_FEMALE", sex)
    return f"{first} {_draw(rng, 'CHINESE_NEW')}"


def arab(rng: random.Random, sex: str) -> str:
    """A given name and the fam."""
    return f"{_pick(rng, 'MUSLIM_MALE', 'MUSLIM_FEMALE', sex)} {_draw(rng, 'ARAB_FAMILY')}"


def balinese(rng: random.Random, sex: str) -> str:
    """I or Ni, the birth order, the name."""
    own = _pick(rng, "BALI_MALE", "BALI_FEMALE", sex)
    return f"{'I' if sex == 'L' else 'NI'} {rng.choice(BALI_ORDER)} {own}"


_WEST_JAVA: Weighted[Maker] = Weighted(
    [sundanese, javanese, muslim, modern, batak, chinese, eastern, arab, balinese],
    [38, 27, 18, 9, 4, 1.5, 1, 0.7, 0.8],
)
_BORNEO: Weighted[Maker] = Weighted(
    [javanese, bugis, malay, muslim, modern, eastern, batak, balinese, chinese],
    [30, 22, 16, 14, 8, 4, 2, 2, 2],
)
_CELEBES: Weighted[Maker] = Weighted(
    [bugis, muslim, eastern, javanese, modern, chinese], [55, 18, 10, 8, 7, 2]
)
_ANYWHERE: Weighted[Maker] = Weighted(
    [javanese, muslim, modern, batak, malay, eastern, balinese, chinese, arab], [34, 22, 12, 8, 8, 8, 4, 3, 1]
)
_MIX = {KARAWANG: _WEST_JAVA, BALIKPAPAN: _BORNEO, MAKASSAR: _CELEBES}


def full_name(rng: random.Random, region: str, sex: str) -> str:
    """A full name in capitals, without titles, as the people who work in `region` are called."""
    return _MIX.get(region, _ANYWHERE).draw(rng)(rng, sex)
