"""One Airflow of this folder at a time: two on the same SQLite would wait for each other."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Lock:
    """Held as long as any process lives that was started with it: it goes with the last of them."""

    descriptor: int

    def started(self, process: int) -> None:
        """Say which process group was started, so that whoever finds the lock taken is told what to end."""
        os.write(self.descriptor, f"{process}\n".encode("ascii"))


@contextmanager
def alone(file: Path, tell: Callable[[str], None], patience: float = 90) -> Iterator[Lock]:
    """The lock on `file` while the block runs, and beyond it while a process that inherited it lives.

    One that is ending gets `patience` seconds to end; ending an Airflow takes up to 45.

    Raises:
        SystemExit: it is still held after that; the message names what to end.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        _take(descriptor, tell, time.monotonic() + patience)
        os.ftruncate(descriptor, 0)
        lock = Lock(descriptor)
        lock.started(os.getpid())
        yield lock
    finally:
        os.close(descriptor)


def _take(descriptor: int, tell: Callable[[str], None], until: float) -> None:
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            alive = _alive(descriptor)
            if time.monotonic() > until:
                raise SystemExit(
                    "An Airflow of this folder still runs (`make run` or `make ui`). End it with Ctrl-C "
                    f"where it runs, or with `kill {' '.join(map(str, alive))}`, and try again."
                ) from None
            if not told:
                tell("An Airflow of this folder still runs; waiting until it has ended")
                told = True
            time.sleep(0.2)
        else:
            return


def _alive(descriptor: int) -> list[int]:
    """The processes that the holder named and that still live."""
    return [process for process in map(int, os.pread(descriptor, 4096, 0).split()) if _lives(process)]


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
