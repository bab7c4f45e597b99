"""`make bench`: all benchmarks of the night; `ARGS="night …"` or `ARGS="ingest …"`: one of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from bench import night
from bench.ingest import tables

BENCHMARKS: dict[str, Callable[[Sequence[str]], None]] = {"night": night.main, "ingest": tables.main}


def main(arguments: Sequence[str]) -> None:
    """The benchmark that is named, or one after the other."""
    if arguments and arguments[0] in BENCHMARKS:
        BENCHMARKS[arguments[0]](arguments[1:])
        return
    if arguments:
        raise SystemExit(f"There is no benchmark {arguments[0]!r}: {', '.join(BENCHMARKS)}.")
    for benchmark in BENCHMARKS.values():
        benchmark([])


if __name__ == "__main__":
    main(sys.argv[1:])
