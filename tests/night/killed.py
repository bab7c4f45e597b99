"""A night that ends itself with SIGKILL at its n-th step boundary: run in a process of its own."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path

from jendela import catch_up, night
from jendela.configured import open_hub
from jendela.model.config import load_settings

# What a night imports on its way, loaded once by the server that every attempt is forked from.
IMPORTED = [
    __name__,
    "jendela.ingest.pull",
    "jendela.ingest.map",
    "jendela.validate.rows",
    "jendela.validate.measures",
    "jendela.register.merge",
    "jendela.identity.step",
    "jendela.register.consolidate",
    "jendela.reconcile.step",
    "jendela.deliver.step",
    "jendela.close.step",
    "connectors.sql",
    "connectors.files",
    "connectors.letters",
]


def attempt(config: str, environ: dict[str, str], day: date, boundary: int) -> None:
    """Perform the night of `day` over `config` and be killed at the given boundary (each step has two)."""
    settings = load_settings(Path(config), environ)
    with open_hub(settings, environ) as hub:
        night.run(hub, day, (), "killed", os.getpid(), _killing(boundary))


def catch_up_attempt(config: str, environ: dict[str, str], office: str, boundary: int) -> None:
    """Catch an office up and be killed at the given boundary."""
    settings = load_settings(Path(config), environ)
    with open_hub(settings, environ) as hub:
        catch_up.run(hub, office, "killed", os.getpid(), _killing(boundary))


def _killing(boundary: int) -> night.Watch:
    passed = 0

    def watch(_step: str, _scope: str, _receipt: object) -> None:
        nonlocal passed
        if passed == boundary:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    return watch
