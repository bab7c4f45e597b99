"""The parts of an XLSX file (a ZIP), as streams within bounds. What it says of its sizes is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing

MAX_FILE = 128 << 20  # bytes of the file itself
MAX_UNPACKED = 2 << 30  # of one sheet; a million rows of twenty columns are about 700 MB
MAX_SHARED = 256 << 20  # of the parts that are kept whole: texts, styles, the list of sheets
MAX_PARTS = 2_000
STEP = 1 << 18
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1


class Hostile(Exception):  # noqa: N818  a finding about a file, turned into an error by the reader
    """The file cannot be read, or asks for more than any export needs. Args: reason, what to do."""

    def __init__(
        self, reason: str, remedy: str = "Ask the agency to save it again as a plain .xlsx."
    ) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(reason)


class Parts:
    """An opened XLSX file."""

    def __init__(self, content: bytes) -> None:
        if content.startswith(_OLE):
            raise Hostile(
                "is protected by a password, or is an old .xls under the name of an .xlsx",
                "Ask the agency to save it as .xlsx without a password.",
            )
        if len(content) > MAX_FILE:
            raise Hostile(f"has more than {MAX_FILE >> 20} MiB", "Ask the agency to send it in parts.")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
            raise Hostile("is not an XLSX file, or is cut") from None
        infos = self._archive.infolist()
        if len(infos) > MAX_PARTS or len({info.filename for info in infos}) != len(infos):
            raise Hostile("has too many parts, or one of them twice")
        self._infos = {info.filename: info for info in infos}

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def names(self, start: str) -> list[str]:
        """The names of the parts that begin so."""
        return [name for name in self._infos if name.startswith(start)]

    def stream(self, name: str, most: int = MAX_UNPACKED) -> Iterator[bytes]:
        """The part in pieces.

        Raises:
            Hostile: it is longer than `most`, encrypted, damaged, or not as long as it says.
        """
        info = self._infos.get(name)
        if info is None:
            raise Hostile(f"has no part {name}: it is not an XLSX file")
        if info.flag_bits & _ENCRYPTED:
            raise Hostile("is encrypted", "Ask the agency to save it without a password.")
        if info.file_size > most:
            raise Hostile(f"unpacks to more than {most >> 20} MiB")
        total = 0
        try:
            with closing(self._archive.open(info)) as stream:
                while piece := stream.read(STEP):
                    total += len(piece)
                    yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            ValueError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ):
            raise Hostile("is damaged: a part of it does not unpack") from None
        if total != info.file_size:
            raise Hostile("is damaged: a part of it is not as long as it says")

    def whole(self, name: str) -> bytes:
        """A small part: the texts, the styles, the list of sheets."""
        return b"".join(self.stream(name, MAX_SHARED))
