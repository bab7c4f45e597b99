"""An environment for the other tools, below var/: recordlinkage needs an older pandas than we do."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = ROOT / "var" / "bench" / "peers"
LOCKS = (HERE / "peers.lock", HERE / "peers-data.lock")


def python() -> Path:
    """The interpreter of that environment; made on first use and again whenever a lock changes."""
    ready = PEERS / ".ready"
    wanted = hashlib.sha256(b"".join(lock.read_bytes() for lock in LOCKS)).hexdigest()
    interpreter = PEERS / "bin" / "python"
    if ready.exists() and ready.read_text(encoding="ascii") == wanted:
        return interpreter
    PEERS.parent.mkdir(parents=True, exist_ok=True)
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    uv = [sys.executable, "-m", "uv"]
    into = ["pip", "install", "--quiet", "--python", str(interpreter), "--require-hashes"]
    for command in (
        ["venv", "--quiet", "--clear", "--python", sys.executable, str(PEERS)],
        [*into, "-r", str(LOCKS[0])],
        [*into, "--no-deps", "-r", str(LOCKS[1])],
    ):
        subprocess.run([*uv, *command], check=True, env=environ)
    ready.write_text(wanted, encoding="ascii")
    return interpreter


def packages() -> Path:
    """Where that environment keeps its packages."""
    return next((python().parents[1] / "lib").glob("python3*")) / "site-packages"
