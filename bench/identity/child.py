"""Runs one command and says what it cost: `python child.py COMMAND…` prints a JSON object as its last line.

A process of its own, and a small one: a child's peak memory counts what its parent had before the program
started.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time


def main() -> None:
    """Start the command, wait for it, print its figures and the last line it printed itself."""
    start = time.perf_counter()
    with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = _drain(process)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    print(
        json.dumps(
            {
                "code": process.returncode,
                "wall": wall,
                "cpu": usage.ru_utime + usage.ru_stime,
                "peak_mb": usage.ru_maxrss / 1024,
                "last": (out.strip().splitlines() or [""])[-1],
                "error": err.strip()[-800:] if process.returncode else "",
            }
        )
    )


def _drain(process: subprocess.Popen[bytes]) -> tuple[str, str]:
    """Read both streams to their ends, without waiting for the process: its usage is still to be had."""
    kept = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for stream, text in zip((process.stdout, process.stderr), kept, strict=True):
            assert stream is not None
            selector.register(stream, selectors.EVENT_READ, text)
        while selector.get_map():
            for key, _ in selector.select():
                data = os.read(key.fd, 65536)
                if data:
                    key.data.extend(data)
                else:
                    selector.unregister(key.fileobj)
    return kept[0].decode("utf-8", "replace"), kept[1].decode("utf-8", "replace")


if __name__ == "__main__":
    main()
