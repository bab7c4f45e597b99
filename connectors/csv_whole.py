"""The text of a CSV file as it is parsed: from its header on, and what is known of it at its end."""

from __future__ import annotations

import io
from collections.abc import Iterable

from connectors.csv_dialect import QUOTES, SAMPLE
from connectors.csv_not import without_hint

_END = b"\x1a"  # with which an old DOS program ends its files


class Text(io.RawIOBase):
    """UTF-8 by blocks, to be read once, without what stands before the header and behind the end.

    `head` is its beginning; `counted` how often each quotation mark stood in what was read, and `ends_line`
    whether that ends with a line: of all of it, when all was read.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        super().__init__()
        self._blocks = iter(blocks)
        self._ahead = b""
        while len(self._ahead) < SAMPLE and (block := next(self._blocks, None)) is not None:
            self._ahead = (self._ahead + block).lstrip(b"\r\n")  # some files begin with empty lines
        self._ahead = without_hint(self._ahead)
        self.head = self._ahead[:SAMPLE].rstrip(_END)
        self.counted = dict.fromkeys(QUOTES, 0)
        self.ends_line = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        self._look(size if size >= 0 else None)
        told, self._ahead = (self._ahead[:size], self._ahead[size:]) if size >= 0 else (self._ahead, b"")
        if told.endswith(_END):
            # It is the file's end unless something else stands behind it.
            while not self._ahead.strip(_END) and self._look(len(self._ahead) + 1):
                pass
            if not self._ahead.strip(_END):
                told, self._ahead = told.rstrip(_END), b""
        for quote in self.counted:
            self.counted[quote] += told.count(quote.encode())
        if told:
            self.ends_line = told.endswith((b"\n", b"\r"))
        return told

    def _look(self, size: int | None) -> bool:
        """Have so many bytes ahead, or all (None); whether there were more."""
        parts, have = [self._ahead], len(self._ahead)
        while (size is None or have < size) and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            have += len(block)
        self._ahead = b"".join(parts)
        return len(parts) > 1
