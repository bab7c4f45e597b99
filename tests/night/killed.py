"""A night that ends itself with SIGKILL before its n-th step, or after it: run as a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from jendela import night
from jendela.model.config import load_settings


def main(config: str, boundary: int) -> None:
    """Perform the night over `config` and be killed at the given boundary (two for each step)."""
    passed = 0

    def watch(_step: str, _scope: str, _receipt: object) -> None:
        nonlocal passed
        if passed == boundary:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    settings = load_settings(Path(config), os.environ)
    with night.open_hub(settings, os.environ) as hub:
        night.run(hub, None, (), "killed", os.getpid(), watch)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
