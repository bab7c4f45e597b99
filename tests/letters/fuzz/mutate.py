"""What becomes of a file on its way: bytes lost, doubled, moved, changed, or words of other forms put in."""

from __future__ import annotations

import random

WORDS = (
    b"<!DOCTYPE", b"<![CDATA[", b"]]>", b"&#0;", b"&#x10FFFF;", b"&lt;", b"<!--", b"-->", b"<?xml",
    b"\xff\xfe", b"\0",
    b"xmlns=", b' Id="a"', b"</pekerja>", b'<pekerja urut="1">', b"null", b"NaN", b"1e400", b'"', b"{",
    b"}", b"[", b"]",
    b"9" * 40, b"\\u0000", b"\\ud800", b";", b"\t", b"\r\n", b"3.17E+15", b"-", b"nik", b"nama", b"TOTAL",
    b"%PDF-", b"PK\x03\x04",
    "١٢٣٤٥٦٧٨".encode(), "😀".encode(), "\u202e".encode(), b"2026-02-30", b"0000-00-00", b"+62",
    b"R999", b"true",
)  # fmt: skip
MOST = 4  # changes to one file


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The file after one to four accidents, the same for the same state of `rng`."""
    for _ in range(rng.randint(1, MOST)):
        content = rng.choice((_flip, _cut, _drop, _double, _word, _move))(content, rng)
    return content


def _span(content: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(content) + 1)
    return start, min(len(content), start + rng.choice((1, 2, 8, 64, 512, 4096)))


def _flip(content: bytes, rng: random.Random) -> bytes:
    if not content:
        return content
    at = rng.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :]


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _drop(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:start] + content[end:]


def _double(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:end] + content[start:end] * rng.choice((1, 3, 50)) + content[end:]


def _word(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:start] + rng.choice(WORDS) + content[rng.choice((start, end)) :]


def _move(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    rest = content[:start] + content[end:]
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + content[start:end] + rest[at:]
