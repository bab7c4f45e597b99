"""Which dialect a CSV file is in: what its mapping states, and what the file itself shows of the rest.

A guess is never made: where two readings are possible, the error says what to write in the mapping. The
agreed columns decide: of all delimiters and quotation marks, only the right pair finds them in the header.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from jendela.model.errors import UnusableFeedError
from jendela.model.ports import FeedSource

DELIMITERS: tuple[str, ...] = (",", ";", "\t", "|")
QUOTES: tuple[str, ...] = ('"', "'")
SAMPLE = 64 * 1024  # characters of the file that are looked at
_NAMES = {"\t": "tab", "": "none"}
_ENDS = {"\r\n": "CRLF", "\n": "LF", "\r": "CR", "": "none"}


@dataclass(frozen=True)
class Dialect:
    """How a file is to be split. `quote` is empty where nothing is ever quoted."""

    encoding: str
    delimiter: str
    quote: str
    line_end: str
    detected: tuple[str, ...] = field(default=())

    def stated(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {
            "format": "csv",
            "encoding": self.encoding,
            "delimiter": _NAMES.get(self.delimiter, self.delimiter),
            "quote": _NAMES.get(self.quote, self.quote),
            "line_end": _ENDS[self.line_end],
            "detected": list(self.detected),
        }


def dialect_of(source: FeedSource, name: str, text: str, encoding: str, found: bool) -> Dialect:
    """The dialect of a file whose beginning is `text`, decoded; `found`: its encoding was not agreed.

    Raises:
        UnusableFeedError: what was not agreed can be read in two ways, or the file shows another delimiter
            than the one agreed.
    """
    options = source.options
    agreed, quote = options.get("delimiter"), options.get("quote")
    lines = text.lstrip("\r\n")
    delimiters = DELIMITERS if agreed is None else (str(agreed),)
    quotes = QUOTES if quote is None else (str(quote),)
    wanted = set(source.columns) | set(source.key)
    pairs = [(d, q) for d in delimiters for q in quotes]
    scores = {pair: len(wanted & set(header_of(lines, *pair))) for pair in pairs}
    best = max(scores.values())
    fitting = [pair for pair in pairs if scores[pair] == best]
    chosen = fitting[0]
    if best == 0:
        # None of the agreed columns is there, which is said further on: by the pair that splits most.
        chosen = max(pairs, key=lambda pair: len(header_of(lines, *pair)))
        if agreed is not None:
            _told_apart(source, name, lines, wanted, str(agreed))
    elif len({d for d, _ in fitting}) > 1 and _holds(lines, fitting):
        raise _ambiguous(
            source,
            f"{name}: its header does not show by what its columns are parted.",
            "Write options.delimiter in the mapping: one of , ; | or a tab.",
        )
    if quote is None:
        chosen = (
            chosen[0],
            _quote(source, name, lines, chosen[0], [q for d, q in fitting if d == chosen[0]]),
        )
    detected = (
        *(["encoding"] if found else []),
        *(["delimiter"] if agreed is None else []),
        *(["quote"] if quote is None else []),
    )
    end = next((mark for mark in ("\r\n", "\n", "\r") if mark in text), "")
    return Dialect(encoding, *chosen, end, detected)


def header_of(text: str, delimiter: str, quote: str) -> list[str]:
    """The names in the first record, without the blanks around them."""
    try:
        return [name.strip() for name in next(_reader(text, delimiter, quote), [])]
    except csv.Error:
        return []


def _reader(text: str, delimiter: str, quote: str) -> Any:
    lines = io.StringIO(text, newline="")
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote)


def _holds(text: str, fitting: list[tuple[str, str]]) -> bool:
    # One column alone needs no delimiter, unless what could be one stands in its rows.
    return any(delimiter in text for delimiter, _ in fitting)


def _told_apart(source: FeedSource, name: str, text: str, wanted: set[str], agreed: str) -> None:
    for delimiter in DELIMITERS:
        if delimiter != agreed and wanted <= set(header_of(text, delimiter, '"')):
            raise _ambiguous(
                source,
                f"{name}: the delimiter agreed is {_NAMES.get(agreed, agreed)}, "
                f"found is {_NAMES.get(delimiter, delimiter)}.",
                "Ask the agency to export it as agreed, or correct options.delimiter of the mapping.",
            )


def _quote(source: FeedSource, name: str, text: str, delimiter: str, fitting: list[str]) -> str:
    if fitting == ["'"]:
        return "'"
    # Rows in '…' under a header without quotation marks: a name such as 'Ma'ruf may be either.
    fields = [
        part.strip() for line in text.splitlines()[1:] for part in line.split(delimiter) if len(part) > 2
    ]
    single = sum(part[0] == part[-1] == "'" for part in fields if part)
    double = sum(part[0] == part[-1] == '"' for part in fields if part)
    if single and not double and "'" in fitting:
        raise _ambiguous(
            source,
            f"{name}: some of its fields stand between apostrophes, and its header does not.",
            "Write options.quote in the mapping: \"'\" if they quote, '\"' if not.",
        )
    return '"'


def _ambiguous(source: FeedSource, reason: str, remedy: str) -> UnusableFeedError:
    return UnusableFeedError(source.office, source.feed, reason, remedy)
