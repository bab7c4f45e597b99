"""XML as a stream of elements, without document types: no entity, no file and no network of anybody's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from xml.parsers import expat

from connectors.xlsx_parts import Hostile

Start = Callable[[str, dict[str, str]], None]


def parser_of(start: Start, end: Callable[[str], None], text: Callable[[str], None]) -> Any:
    """An expat parser that calls these with local names."""
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    local: dict[str, str] = {}

    def name_of(name: str) -> str:
        if name not in local:
            local[name] = name.rpartition("\n")[2]
        return local[name]

    def refuse(*_: Any) -> None:
        raise Hostile("declares a document type, which no spreadsheet program writes")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, found: start(name_of(name), found)
    parser.EndElementHandler = lambda name: end(name_of(name))
    parser.CharacterDataHandler = text
    return parser


def feed(parser: Any, piece: bytes | None) -> None:
    """Give the parser a piece; None is the end.

    Raises:
        Hostile: what came is not well-formed, or declares a document type.
    """
    try:
        parser.Parse(piece or b"", piece is None)
    except expat.ExpatError:
        raise Hostile("is damaged: its XML cannot be parsed") from None


def parse(
    pieces: Iterable[bytes], start: Start, end: Callable[[str], None], text: Callable[[str], None]
) -> None:
    """Parse a whole part; errors as in `feed`."""
    parser = parser_of(start, end, text)
    for piece in pieces:
        feed(parser, piece)
    feed(parser, None)


def attribute(found: dict[str, str], name: str) -> str | None:
    """An attribute by its local name."""
    return next((value for key, value in found.items() if key.rpartition("\n")[2] == name), None)
