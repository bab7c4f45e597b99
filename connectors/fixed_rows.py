"""The rows of a file of fixed width: each column stands at agreed places, in characters or in bytes.

A line of another length than agreed breaks F-LENGTH; it is kept, with what stands at the places. A header or
trailer record is told by the text it begins with. A trailer that counts other rows than there are, or is not
there, means a file that is not whole: nothing of it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from connectors.csv_encoding import encoding_of
from connectors.csv_text import utf8_of
from connectors.found import Found
from connectors.reading import (
    CELL_RULE,
    FAILED,
    SLICE,
    Broken,
    Reading,
    agreed,
    broken,
    unusable,
    wanted_of,
    whole,
)
from jendela.model.ports import FeedSource

LENGTH_RULE = "F-LENGTH"
Line = tuple[int, str]
Places = dict[str, tuple[int, int]]


def read(source: FeedSource, file: Found) -> Reading:
    """The file's rows, its header and trailer records checked and left out.

    Raises:
        UnusableFeedError: the file is empty, in another encoding, without an agreed header or trailer, or
            not whole; an agreed column has no place.
    """
    options = source.options
    places: Places = {name: (int(at) - 1, int(size)) for name, (at, size) in options["widths"].items()}
    others = agreed(source, file.name, list(places))
    declared = options.get("encoding")
    encoding = str(declared or encoding_of(source.office, source.feed, file.name, file.blocks()))
    text = utf8_of(source.office, source.feed, file.name, file.content, encoding).decode("utf-8")
    if not text.strip():
        raise unusable(
            source,
            f"{file.name} is empty: that is no data, not zero rows.",
            "Ask the agency to export it again, or for a header or trailer record that says zero rows.",
        )
    # An old DOS program ends its files with a mark of its own.
    numbered = list(enumerate(re.split("\r\n|\n|\r", text.rstrip("\x1a")), 1))
    while numbered and not numbered[-1][1]:
        numbered.pop()
    lines = [one for one in numbered if one[1]]
    skipped: list[dict[str, Any]] = []
    if blank := [number for number, line in numbered if not line]:
        skipped.append({"reason": "blank", "count": len(blank), "rows": blank[:20]})
    body = _body(source, file.name, lines, options, skipped)
    _require_end(source, file.name, text, body, places, options)
    in_bytes = encoding if options.get("count") == "bytes" else ""
    stated = {
        "dialect": {
            "format": "fixed",
            "encoding": encoding,
            "count": options.get("count", "characters"),
            "detected": [] if declared else ["encoding"],
        },
        "skipped": skipped,
    }
    return Reading(_tables(source, body, places, in_bytes, options), others, stated)


def _body(
    source: FeedSource,
    name: str,
    lines: list[Line],
    options: Mapping[str, Any],
    skipped: list[dict[str, Any]],
) -> list[Line]:
    if (header := options.get("header")) is not None:
        if not lines or not lines[0][1].startswith(str(header["starts"])):
            raise unusable(
                source,
                f"{name} does not begin with its header record.",
                "Ask the agency to export it again, or correct options.header of the mapping.",
            )
        _require_count(
            source, name, header, lines[0][1], len(lines) - 1 - (options.get("trailer") is not None)
        )
        skipped.append({"reason": "header", "count": 1, "rows": [lines[0][0]]})
        lines = lines[1:]
    if (trailer := options.get("trailer")) is not None:
        if not lines or not lines[-1][1].startswith(str(trailer["starts"])):
            raise unusable(
                source,
                f"{name} does not end with its trailer record: it is not whole.",
                "Ask the agency to send it again; nothing of it was taken.",
            )
        _require_count(source, name, trailer, lines[-1][1], len(lines) - 1)
        skipped.append({"reason": "trailer", "count": 1, "rows": [lines[-1][0]]})
        lines = lines[:-1]
    return lines


def _require_count(source: FeedSource, name: str, record: Mapping[str, Any], line: str, rows: int) -> None:
    if (place := record.get("count")) is None:
        return
    at, size = int(place[0]) - 1, int(place[1])
    told = line[at : at + size].strip()
    if told.isdecimal() and int(told) == rows:
        return
    said = f"says {int(told):,} rows" if told.isdecimal() else "does not say how many rows there are"
    raise unusable(
        source,
        f"{name} is not whole: its {record['starts']} record {said}, and there are {rows:,}.",
        "Ask the agency to send it again; nothing of it was taken.",
    )


def _require_end(
    source: FeedSource, name: str, text: str, body: list[Line], places: Places, options: Mapping[str, Any]
) -> None:
    if options.get("trailer") is not None or not body or text.endswith(("\n", "\r")):
        return
    if len(body[-1][1]) < max(at for at, _ in places.values()) + 1:
        raise unusable(
            source,
            f"{name} is cut: its last line, {body[-1][0]}, ends before its last column.",
            "Ask the agency to send it again; nothing of it was taken.",
        )


def _tables(
    source: FeedSource, body: list[Line], places: Places, in_bytes: str, options: Mapping[str, Any]
) -> Iterator[pa.Table]:
    names = wanted_of(source)
    ends = max(at + size for at, size in places.values())
    least = max(at for at, _ in places.values()) + 1 if options.get("trimmed") else ends
    most = int(options.get("length") or ends)
    for start in range(0, max(len(body), 1), SLICE):
        sound: list[list[str | None]] = []
        numbers: list[int] = []
        bad: list[Broken] = []
        for number, line in body[start : start + SLICE]:
            raw = line.encode(in_bytes) if in_bytes else line
            parts = [_part(raw, places[name], in_bytes) for name in names]
            length = len(raw)
            if not FAILED.isdisjoint(parts):
                bad.append(Broken(number, CELL_RULE, [line], _keys(source, names, parts), parts))
            elif length == most or (options.get("trimmed") and least <= length <= most):
                sound.append(parts)
                numbers.append(number)
            else:
                bad.append(Broken(number, LENGTH_RULE, [line], _keys(source, names, parts), parts))
        columns = [pa.array(column, pa.string()) for column in zip(*sound, strict=True)] if sound else None
        table = pa.table(columns or [pa.array([], pa.string())] * len(names), names=names)
        yield pa.concat_tables([whole(table, pa.array(numbers, pa.int64())), broken(names, bad)])


def _part(raw: str | bytes, place: tuple[int, int], in_bytes: str) -> str | None:
    piece = raw[place[0] : place[0] + place[1]]
    text = piece.decode(in_bytes, errors="replace") if isinstance(piece, bytes) else piece
    return text.strip() or None


def _keys(source: FeedSource, names: Sequence[str], parts: Sequence[str | None]) -> list[list[str]]:
    found = dict(zip(names, parts, strict=True))
    key = [found[name] for name in source.key]
    return [[str(part) for part in key]] if all(part is not None for part in key) else []
