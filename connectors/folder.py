"""A folder (any fsspec URL) that an agency shares with us: finished files are read, ours appear whole.

A file that is still being written is left alone: one with an unfinished name, one whose size or time changes
while it is read, one whose `.sha256` beside it says something else. (An object store shows no multipart
upload before it is complete.)
"""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from fsspec.core import has_magic

from connectors.found import BLOCK, Found, Stream
from connectors.place import Place, is_file
from connectors.places import errors_of, place_of
from jendela.model.errors import FeedError, UnreachableError, UnusableFeedError

DIGEST = ".sha256"
# `~$rekap.xlsx` is no list: it says who has the list open in Excel.
_UNFINISHED = (".part", ".tmp", ".partial", ".filepart", ".crdownload", ".uploading")
# Ours beside the agency's files: never a feed.
_OURS = (DIGEST, ".ack.csv", ".ack.xlsx", ".announce.csv", ".letters.csv")
_BRACKETS, _LETTER = re.compile(r"(\[[^\]]+\])"), re.compile("[A-Za-z]")
LARGEST = 4 << 30  # bytes of a file that is in memory while it is read
HELD = 64 << 20  # bytes of a text up to which it is; a larger one is read by blocks
TOGETHER, TOGETHER_BYTES = 2_000, 64 << 20  # files read at once; each time the folder is listed again


class Folder:
    """One folder of one office. Every method raises `UnreachableError` where the folder does not answer."""

    def __init__(self, office: str, url: str) -> None:
        self.office = office
        self._url = url
        self._errors, self._refusals = errors_of(url)
        self._opened: Place | None = None

    def names(self, feed: str, pattern: str) -> list[str]:
        """The finished files that match the glob, relative to the folder, in name order."""
        return [name for name in self.matching(feed, pattern) if _is_finished(name)]

    def matching(self, feed: str, pattern: str) -> list[str]:
        """The files that match the glob, ours included; none where the folder has none."""
        return sorted(self._listing(feed, pattern))

    def read(self, feed: str, name: str) -> Found | None:
        """The file, or None while somebody is still writing it."""
        with self.answering(feed) as place:
            path = f"{place.root}/{name}"
            before = _stamp(place.fs.info(path))
            self._require_size(feed, name, before[0])
            content: bytes = place.fs.cat_file(path)
            after = _stamp(place.fs.info(path))
        return _found(name, content) if before == after and len(content) == after[0] else None

    def finished(self, feed: str, name: str) -> Found | None:
        """As `read`, and what the agency's `.sha256` beside the file says is what the file is."""
        found = self.read(feed, name)
        return found if found is not None and self._promised(feed, found) else None

    def _promised(self, feed: str, found: Found | Stream) -> bool:
        """Whether it is what the agency's `.sha256` beside it says, if there is one."""
        with self.answering(feed) as place:
            said = f"{place.root}/{found.name}{DIGEST}"
            there = place.fs.exists(said) and is_file(place, said, place.fs.info(said))
            return _keeps(found, place.fs.cat_file(said) if there else None)

    def streamed(self, feed: str, name: str) -> Found | Stream | None:
        """As `finished`; a large file is read once for its digest, and then as often as its blocks are."""
        with self.answering(feed) as place:
            before = _stamp(place.fs.info(f"{place.root}/{name}"))
        if before[0] <= HELD:
            return self.finished(feed, name)
        digest, size = hashlib.sha256(), 0
        for block in self._blocks(feed, name):
            digest.update(block)
            size += len(block)
        with self.answering(feed) as place:
            after = _stamp(place.fs.info(f"{place.root}/{name}"))
        same = Stream(name, size, digest.hexdigest(), lambda: self._as_before(feed, name, digest.digest()))
        return same if before == after and size == after[0] and self._promised(feed, same) else None

    def _as_before(self, feed: str, name: str, digest: bytes) -> Iterator[bytes]:
        """The blocks of a file that was read before, which are the same again."""
        again = hashlib.sha256()
        for block in self._blocks(feed, name):
            again.update(block)
            yield block
        if again.digest() != digest:
            raise UnreachableError(
                self.office, feed, f"{name} changes while it is read.", "It is tried again."
            )

    def _blocks(self, feed: str, name: str) -> Iterator[bytes]:
        with self.answering(feed) as place:
            file = place.fs.open(f"{place.root}/{name}", "rb")
        try:
            while True:
                with self.answering(feed):
                    block: bytes = file.read(BLOCK)
                if not block:
                    return
                yield block
        finally:
            with suppress(*self._errors):
                file.close()

    def all_finished(self, feed: str, pattern: str) -> Iterator[Found]:
        """Every finished file that matches the glob, in name order; many are asked for at once.

        No error tells a name: these are letters.
        """
        listed = self._listing(feed, pattern)
        names = sorted(name for name in listed if _is_finished(name))
        beside = self._listing(feed, f"{pattern}{DIGEST}")
        for at, name in enumerate(names, 1):  # a letter's name may be a person's: its place is told
            told = f"File {at} of {len(names)}, in order of their names,"
            self._require_size(feed, told, _stamp(listed[name])[0])
        for part in _batches(names, listed):
            said = self._contents(feed, [*part, *(name + DIGEST for name in part if name + DIGEST in beside)])
            after = self._listing(feed, pattern)
            for name in part:
                content = said.get(name)
                before = _stamp(listed[name])
                if isinstance(content, bytes) and name in after and before == _stamp(after[name]):
                    found = _found(name, content)
                    promised = said[name + DIGEST] if name + DIGEST in beside else None
                    if len(content) == before[0] and _keeps(found, promised):
                        yield found

    def _contents(self, feed: str, names: Sequence[str]) -> dict[str, Any]:
        """The bytes of each file, or the error that reading it gave."""
        plain = [name for name in names if not has_magic(name)]
        with self.answering(feed) as place:
            found = (
                place.fs.cat([f"{place.root}/{name}" for name in plain], on_error="return") if plain else {}
            )
            # What fsspec would take for a pattern (`surat [1].xml`) is asked for alone.
            for name in names:
                if has_magic(name):
                    found[f"{place.root}/{name}"] = place.fs.cat_file(f"{place.root}/{name}")
        return {self._relative(path): content for path, content in found.items()}

    def write(self, feed: str, name: str, content: bytes, before: Mapping[str, bytes] | None = None) -> None:
        """Put the file there whole: under a temporary name and renamed, or in one put of an object store.

        What is to appear `before` it is written when there was room for the file itself: on a full disk the
        digest of a file would otherwise be new, and the file the old one. Nothing half-written stays.
        """
        with self.answering(feed) as place:
            self._require(place)
            files = {**(before or {}), name: content}
            if not place.renames:
                for one, its in files.items():
                    place.fs.pipe_file(f"{place.root}/{one}", its)
                return
            try:
                for one in reversed(files):
                    place.fs.pipe_file(f"{place.root}/{one}.tmp", files[one])
            except self._errors:
                self._take_away(place, [f"{one}.tmp" for one in files])
                raise
            for one in files:
                place.fs.mv(f"{place.root}/{one}.tmp", f"{place.root}/{one}")

    @contextmanager
    def answering(self, feed: str) -> Iterator[Place]:
        """The place, opened; what its library raises becomes an error of this office and feed."""
        try:
            if self._opened is None:
                self._opened = place_of(self.office, self._url)
            yield self._opened
        except FeedError:
            raise
        except self._refusals:
            raise UnusableFeedError(
                self.office,
                feed,
                "The SFTP server's key is not the one we know: nothing was said to it.",
                "Compare its fingerprint with the agency's, by telephone; then put it into known_hosts or "
                "into `fingerprint` of the connection's URL.",
            ) from None
        except self._errors as error:
            raise UnreachableError(
                self.office,
                feed,
                f"The folder does not answer ({type(error).__name__}).",
                "It is tried again; if it stays so, see that the share is there and our account may use it.",
            ) from None

    def _listing(self, feed: str, pattern: str) -> dict[str, dict[str, Any]]:
        with self.answering(feed) as place:
            self._require(place)
            # The folder's own name is taken as it is: `Data [2026]` is no pattern.
            found = place.fs.glob(f"{glob.escape(place.root)}/{any_case(pattern)}", detail=True)
            return {self._relative(path): info for path, info in found.items() if is_file(place, path, info)}

    def _require(self, place: Place) -> None:
        # Never made by us: an absent folder is a share that is not mounted; what we wrote would go nowhere.
        if not place.fs.isdir(place.within):
            raise FileNotFoundError(place.within)

    def _take_away(self, place: Place, names: Sequence[str]) -> None:
        for name in names:
            with suppress(*self._errors, NotImplementedError):
                place.fs.rm_file(f"{place.root}/{name}")

    def _require_size(self, feed: str, told: str, size: int) -> None:
        if size > LARGEST:
            raise UnusableFeedError(
                self.office,
                feed,
                f"{told} has {size / (1 << 30):.1f} GiB: a file is read whole, and none may have more than "
                f"{LARGEST >> 30}.",
                "Ask the agency to send it in parts, or for a view of its database.",
            )

    def _relative(self, path: str) -> str:
        root = self._opened.root if self._opened else ""
        return path.removeprefix(root).lstrip("/")


def any_case(pattern: str) -> str:
    """The glob with each letter outside of brackets in both cases: `SURAT.XML` is dropped as `*.xml` too.

    Programs of DOS and Windows write names in capitals; a letter that no pattern matches is never read.
    """
    parts = _BRACKETS.split(pattern)
    return "".join(
        part if at % 2 else _LETTER.sub(lambda one: f"[{one[0].lower()}{one[0].upper()}]", part)
        for at, part in enumerate(parts)
    )


def _is_finished(name: str) -> bool:
    return not name.lower().endswith((*_UNFINISHED, *_OURS)) and not name.rpartition("/")[2].startswith(
        (".", "~$")
    )


def _batches(names: Sequence[str], listed: Mapping[str, dict[str, Any]]) -> Iterator[list[str]]:
    part: list[str] = []
    size = 0
    for name in names:
        own = int(listed[name]["size"] or 0)
        if part and (len(part) == TOGETHER or size + own > TOGETHER_BYTES):
            yield part
            part, size = [], 0
        part.append(name)
        size += own
    if part:
        yield part


def _stamp(info: Mapping[str, Any]) -> tuple[int, Any]:
    return int(info["size"] or 0), info.get("mtime") or info.get("LastModified") or info.get("modified")


def _found(name: str, content: bytes) -> Found:
    return Found(name, content, hashlib.sha256(content).hexdigest())


def _keeps(found: Found | Stream, promised: Any) -> bool:
    # `sha256sum` writes the digest and the name; some programs only the digest, in capitals.
    if promised is None:
        return True
    said: list[bytes] = promised.split() if isinstance(promised, bytes) else []
    return bool(said) and said[0].decode("ascii", errors="replace").lower() == found.sha256
