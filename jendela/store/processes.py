"""Who this process is, and whether another one on this machine is still alive."""

from __future__ import annotations

import os
from pathlib import Path


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
