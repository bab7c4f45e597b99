"""The parts of an XLSX file, unpacked within bounds. What it says of their sizes is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib

from jendela.letters.intake import limits
from jendela.letters.intake.finding import NOT_A_TABLE, TOO_MUCH, Refused

_ENCRYPTED = 0x1
_STEP = 1 << 20


def unpack(content: bytes, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """The parts whose names begin with one of `wanted`.

    Raises:
        Refused: it is no ZIP, is encrypted, has too many parts, or unpacks to more than any letter.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        raise Refused(NOT_A_TABLE, "xlsx.broken") from None
    with archive:
        infos = archive.infolist()
        if len(infos) > limits.MAX_PARTS:
            raise Refused(TOO_MUCH, "xlsx.bomb", limit=limits.MAX_UNPACKED >> 20)
        if sum(info.file_size for info in infos) > limits.MAX_UNPACKED:
            raise Refused(TOO_MUCH, "xlsx.bomb", limit=limits.MAX_UNPACKED >> 20)
        parts: dict[str, bytes] = {}
        left = limits.MAX_UNPACKED
        for info in infos:
            if info.filename.startswith(wanted):
                if info.filename in parts or info.flag_bits & _ENCRYPTED:
                    raise Refused(NOT_A_TABLE, "xlsx.broken")
                parts[info.filename] = _part(archive, info, left)
                left -= len(parts[info.filename])
        return parts


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """One part. The stream ends where the directory says, or its checksum does not hold: both are refused."""
    if info.file_size > left:
        raise Refused(TOO_MUCH, "xlsx.bomb", limit=limits.MAX_UNPACKED >> 20)
    pieces = []
    try:
        with archive.open(info) as stream:
            while piece := stream.read(_STEP):
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError):
        raise Refused(NOT_A_TABLE, "xlsx.broken") from None
    found = b"".join(pieces)
    if len(found) != info.file_size:
        raise Refused(NOT_A_TABLE, "xlsx.broken")
    return found
