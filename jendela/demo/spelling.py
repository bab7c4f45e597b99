"""How a name comes out when somebody else writes it down: shortened, respelled, joined, titled, cut (error
E08)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from jendela.demo.name_pools import pool

_SHORT = {
    "MUHAMMAD": ("MUH.", "MOH.", "M.", "MUHAMAD", "MOHAMAD", "MOCHAMAD", "MOCH."),
    "AHMAD": ("ACHMAD", "AKHMAD"),
    "ABDUL": ("ABD.", "ABD"),
    "SITI": ("ST.", "SITTI"),
    "WAYAN": ("WYN.",),
    "MADE": ("MD.",),
    "NYOMAN": ("NYM.",),
    "KETUT": ("KT.",),
    "FRANSISKUS": ("FX.",),
    "MARIA": ("M.",),
    "YOHANES": ("YOHANNES", "YOH."),
}
_RESPELL = (
    ("SY", "SJ"),
    ("J", "DJ"),
    ("U", "OE"),
    ("KH", "CH"),
    ("F", "P"),
    ("Z", "J"),
    ("UDDIN", "UDIN"),
    ("UDIN", "UDDIN"),
    ("IYAH", "IAH"),
    ("IAH", "IYAH"),
    ("V", "F"),
    ("TRI", "TRIE"),
    ("HM", "CHM"),
)
_DEGREES = (", S.E.", ", S.T.", ", S.KOM.", ", S.PD.", ", A.MD.", ", S.H.")


def _shortened(name: str, rng: random.Random) -> str:
    words = [rng.choice(_SHORT[word]) if word in _SHORT else word for word in name.split()]
    return " ".join(words).replace("FX. XAVERIUS", "FX.")


def _dropped(name: str, rng: random.Random) -> str:
    """Leaves out what people leave out: Muhammad, the Balinese I, a marga, a saint, the third word."""
    words = name.split()
    if words[0] in ("MUHAMMAD", "I", "NI", "MARIA", "YOHANES", "ANTONIUS") and len(words) > 1:
        return " ".join(words[1:])
    if len(words) > 2 or (words[-1] in pool("MARGA") and len(words) > 1):
        return " ".join(words[:-1])
    return name


def _respelled(name: str, rng: random.Random) -> str:
    usable = [(old, new) for old, new in _RESPELL if old in name]
    if not usable:
        return name
    old, new = rng.choice(usable)
    return name.replace(old, new, 1)


def _vowel(name: str, rng: random.Random) -> str:
    """The Javanese a/o at the end of a word."""
    return re.sub(r"O\b", "A", name, count=1) if re.search(r"[^AEIOU]O\b", name) else name


def _joined(name: str, rng: random.Random) -> str:
    for word in ("SRI", "NUR", "ABDUL", "DIAN", "NOOR"):
        if f"{word} " in name:
            return name.replace(f"{word} ", word, 1)
        if re.search(rf"\b{word}[B-DF-HJ-NP-TV-Z]\w{{3,}}", name):
            return re.sub(rf"\b{word}(\w)", rf"{word} \1", name, count=1)
    return name


def _titled(name: str, rng: random.Random) -> str:
    return f"H. {name}" if rng.random() < 0.4 else name + rng.choice(_DEGREES)


def _fathered(name: str, rng: random.Random) -> str:
    return f"{name} BIN {rng.choice(pool('MUSLIM_MALE'))}"


def _initial(name: str, rng: random.Random) -> str:
    words = name.split()
    return " ".join([*words[:-1], f"{words[-1][0]}."]) if len(words) > 1 and len(words[0]) > 3 else name


def _slipped(name: str, rng: random.Random) -> str:
    """Two neighbouring letters swapped, or one letter lost or doubled, inside a long word."""
    words = name.split()
    long = [place for place, word in enumerate(words) if len(word) > 5]
    if not long:
        return name
    place = rng.choice(long)
    word, at = words[place], rng.randrange(2, len(words[place]) - 1)
    kind = rng.random()
    if kind < 0.4:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif kind < 0.7:
        word = word[:at] + word[at + 1 :]
    else:
        word = word[:at] + word[at] + word[at:]
    words[place] = word
    return " ".join(words)


_WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    _shortened,
    _shortened,
    _dropped,
    _dropped,
    _respelled,
    _respelled,
    _vowel,
    _joined,
    _titled,
    _fathered,
    _initial,
    _slipped,
)


def variant(name: str, sex: str, rng: random.Random) -> str:
    """`name` in another writing; the same name only if there is no way to write it otherwise."""
    for way in rng.sample(_WAYS, k=len(_WAYS)):
        written = way(name, rng)
        if written != name:
            return written.replace(" BIN ", " BINTI ").replace("H. ", "HJ. ", 1) if sex == "P" else written
    return name
