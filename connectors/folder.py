"""A folder (any fsspec URL) that an agency shares with us: finished files are read, ours appear whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fsspec.core import url_to_fs

from jendela.model.errors import FeedError, UnreachableError, UnusableFeedError

_UNFINISHED = (".part", ".tmp", ".partial", ".crdownload")
# Ours beside the agency's files: never a feed.
_OURS = (".sha256", ".ack.csv", ".announce.csv")


@dataclass(frozen=True)
class Found:
    """A file as it was read: its name in the folder, its bytes and their SHA-256 (hex)."""

    name: str
    content: bytes
    sha256: str


class Folder:
    """One folder of one office. Every method raises `UnreachableError` where the folder does not answer."""

    def __init__(self, office: str, url: str) -> None:
        self.office = office
        try:
            self._fs, self._root = url_to_fs(url, use_listings_cache=False)
        except (ImportError, ValueError):
            raise UnusableFeedError(
                office,
                "connection",
                "The connection's URL is not a folder this installation can open.",
                "Use a file:// URL, or install the fsspec driver of its scheme.",
            ) from None
        self._root = self._root.rstrip("/")

    def names(self, feed: str, pattern: str) -> list[str]:
        """The finished files that match the glob, relative to the folder, in name order."""
        with self.answering(feed):
            self._require()
            found = self._fs.glob(f"{self._root}/{pattern}")
        return sorted(
            name
            for name in map(self._relative, found)
            if not name.endswith((*_UNFINISHED, *_OURS)) and not name.rpartition("/")[2].startswith(".")
        )

    def read(self, feed: str, name: str) -> Found | None:
        """The file, or None while somebody is still writing it (its size or time changed under our eyes)."""
        path = f"{self._root}/{name}"
        with self.answering(feed):
            before = self._stamp(path)
            content: bytes = self._fs.cat_file(path)
            after = self._stamp(path)
        if before != after or len(content) != after[0]:
            return None
        return Found(name, content, hashlib.sha256(content).hexdigest())

    def matching(self, feed: str, pattern: str) -> list[str]:
        """The files that match the glob, ours included; none where the folder has none."""
        with self.answering(feed):
            self._require()
            found = self._fs.glob(f"{self._root}/{pattern}")
        return sorted(map(self._relative, found))

    def write(self, feed: str, name: str, content: bytes) -> None:
        """Put the file there whole: under a temporary name first, then renamed over what was there."""
        path = f"{self._root}/{name}"
        with self.answering(feed):
            self._require()
            self._fs.pipe_file(f"{path}.tmp", content)
            self._fs.mv(f"{path}.tmp", path)

    @contextmanager
    def answering(self, feed: str) -> Iterator[None]:
        """Raise what the file system raises as an `UnreachableError` of this office and feed."""
        try:
            yield
        except FeedError:
            raise
        except OSError as error:
            raise UnreachableError(
                self.office,
                feed,
                f"The folder does not answer ({type(error).__name__}).",
                "It is tried again; if it stays so, see that the share is there and our account may use it.",
            ) from None

    def _require(self) -> None:
        # Never made by us: an absent folder is a share that is not mounted; what we wrote would go nowhere.
        if not self._fs.isdir(self._root):
            raise FileNotFoundError(self._root)

    def _relative(self, path: str) -> str:
        return path.removeprefix(self._root).lstrip("/")

    def _stamp(self, path: str) -> tuple[int, Any]:
        info = self._fs.info(path)
        return int(info["size"]), info.get("mtime") or info.get("LastModified") or info.get("modified")
