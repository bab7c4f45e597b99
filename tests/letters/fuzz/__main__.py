"""`make fuzz SECONDS=300`: accidents to letters for so long; what breaks the intake is kept in `corpus/`."""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import sys
import time
from pathlib import Path

from tests.letters.fuzz.mutate import mutated
from tests.letters.fuzz.seeds import HOSTILE, good
from tests.letters.fuzz.test_mutations import holds

CORPUS = Path(__file__).parent / "corpus"
SLOW = 5.0  # seconds for one file: longer is a finding
MEMORY = 3 * 1024**3
SMALL = 200_000  # hostile files up to this size are mutated too


def main() -> int:
    """0: nothing broke; 1: something did, and is in the corpus."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=None, help="by default another one each time")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    hostile = [content for make, _ in HOSTILE.values() if len(content := make()) <= SMALL]
    pool = [*good().values(), *hostile, *(path.read_bytes() for path in sorted(CORPUS.iterdir()))]
    end, tried, broken = time.monotonic() + options.seconds, 0, 0
    while time.monotonic() < end:
        content = mutated(rng.choice(pool), rng)
        tried += 1
        begun = time.monotonic()
        problem = _problem(content)
        if time.monotonic() - begun > SLOW:
            problem = f"took {time.monotonic() - begun:.1f} s"
        if problem:
            broken += 1
            name = hashlib.sha256(content).hexdigest()[:16]
            (CORPUS / name).write_bytes(content)
            sys.stdout.write(f"{name}: {problem}\n")
    sys.stdout.write(f"{tried:,} files, {broken} broke; seed {seed}\n")
    return 1 if broken else 0


def _problem(content: bytes) -> str:
    try:
        holds(content)
    except Exception as error:  # noqa: BLE001  any exception is what is looked for
        return f"{type(error).__name__}: {error}"[:300]
    return ""


sys.exit(main())
