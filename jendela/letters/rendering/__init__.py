"""The worker's copy: a letter drawn as PDF, with the letter inside, and how such a copy is checked."""

from jendela.letters.rendering.copy import Copy, verify_copy
from jendela.letters.rendering.payload import LedgerPlace, Payload
from jendela.letters.rendering.worker_copy import render

__all__ = ["Copy", "LedgerPlace", "Payload", "render", "verify_copy"]
