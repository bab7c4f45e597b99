"""Who this process is, and whether another one on this machine is still alive."""

from __future__ import annotations

import os
import socket
import time
import uuid
from pathlib import Path

# Seconds after which nobody is at a file any more: for those of hosts whose processes cannot be looked at.
ABANDONED = 86_400


def started(pid: int) -> float | None:
    """When a process of this machine began, in clock ticks since the machine did; None if it is not there.

    Where there is no /proc (macOS), 0.0 for a living process: then only its number tells it from another.
    """
    try:
        # The command's name, in brackets, may hold anything: count after it (proc(5), field 22).
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
        # A zombie holds its number until its parent asks, but does nothing any more.
        return None if fields[0] in ("Z", "X") else float(fields[19])
    except OSError:
        return None if Path("/proc/self/stat").exists() else _answers(pid)


def _answers(pid: int) -> float | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return 0.0
    return 0.0


def mark() -> str:
    """Who writes, for a file's name: host, process, when it began, and which of its files this is."""
    pid = os.getpid()
    return f"{socket.gethostname()}.{pid}.{int(started(pid) or 0)}.{uuid.uuid4().hex}"


def is_abandoned(file: Path, whose: str) -> bool:
    """Whether nobody writes it any more: its process is dead, or, on another host, it is a day old."""
    parts = whose.rsplit(".", 3)
    if len(parts) < 4 or not (parts[1].isdigit() and parts[2].isdigit()):
        return True  # as an earlier version named them
    host, pid, began, _ = parts
    if host == socket.gethostname():
        alive = started(int(pid))
        return alive is None or int(alive) != int(began)
    try:
        return time.time() - file.stat().st_mtime > ABANDONED
    except FileNotFoundError:
        return False  # it is done by now
