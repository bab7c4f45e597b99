"""`make bench-letters`: 10,000 letters in a folder, and a mass lay-off of 10,000 workers in one file.

One core; start-up, which a single letter pays, is reported apart. The folder beside `lxml` parsing the same
files and judging them by the XSD (goal: at most 3 times that); the lay-off in every form, each in a process
of its own (goal: under 15 s and 500 MB, the one bad row holding only itself).
"""

from __future__ import annotations

import os

os.environ["POLARS_MAX_THREADS"] = "1"  # before polars is loaded

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from bench.letters.letters import EXAMPLE, layoff, tables, write_many
from jendela.law import load_law
from jendela.letters.check import check
from jendela.letters.intake.form import schema_file

FORMS = ("xml", "csv", "xlsx", "json")
RUNS = 3


def bare(folder: Path) -> int:
    """What a schema check in ten lines does; how many files it finds valid."""
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(schema_file()))
    return sum(schema.validate(etree.parse(path)) for path in sorted(folder.iterdir()))


def least(what: str, act: Callable[[], object]) -> float:
    """The least CPU seconds of a few runs, printed."""
    best = float("inf")
    for _ in range(RUNS):
        begun = time.process_time()
        act()
        best = min(best, time.process_time() - begun)
    print(f"  {what:<44}{best:8.2f}")
    return best


def folder_of_letters(folder: Path, count: int) -> None:
    """A file a letter: bare, and ours."""
    begun = time.process_time()
    law = load_law(None)
    check([EXAMPLE], law)
    print(f"{'start-up, once':<46}{time.process_time() - begun:8.2f}")
    write_many(folder, count)
    print(f"{f'{count:,} letters, a file each':<46}{'CPU s':>8}")
    assert bare(folder) == count
    simple = least("lxml: parse and XSD", lambda: bare(folder))
    ours = least("letter check: parse, XSD, all rules, JKP", lambda: check([folder], law))
    found = check([folder], law)
    assert found.height == count
    print(f"  {'times the bare check':<44}{ours / simple:8.2f}")
    print(f"  {'of them valid':<44}{found['valid'].sum():8,}")


def peak_mb() -> float:
    """The most memory that this process had. `getrusage` would tell that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def one_form(file: Path) -> None:
    """The lay-off in one form, in this process: seconds and peak memory, loading of the law included."""
    begun = time.perf_counter()
    found = check([file], load_law(None))
    seconds = time.perf_counter() - begun
    rules = found.select("index", rule=pl.col("violations").list.eval(pl.element().struct.field("rule")))
    held = rules.explode("rule").filter(pl.col("rule").is_in(["F-XSD", "F-FIELD"]))["index"]
    size = file.stat().st_size / 2**20
    form, workers = file.suffix[1:], found.height
    print(f"  {form:<6}{size:7.1f}{seconds:8.2f}{peak_mb():9.0f}{workers:9,}{len(held):6}", flush=True)
    assert held.to_list() == [found.height // 2]


def lay_off(scratch: Path, count: int) -> None:
    """One letter about many, in every form."""
    from jendela.letters.agreement import from_xml
    from jendela.letters.agreement.json_form import write_json
    from jendela.letters.intake.xml_open import open_xml

    xml = layoff(count)
    csv, xlsx = tables(xml)
    made = {"xml": xml, "csv": csv, "xlsx": xlsx, "json": write_json(from_xml(open_xml(xml)))}
    print(f"one letter about {count:,} workers, one bad row")
    print("  form       MB       s  peak MB  workers  held", flush=True)
    for form in FORMS:
        file = scratch / f"layoff.{form}"
        file.write_bytes(made[form])
        subprocess.run([sys.executable, "-m", "bench.letters", "--file", str(file)], check=True)


def main() -> None:
    """Both, or one file in this process."""
    parser = argparse.ArgumentParser(prog="make bench-letters")
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--file", type=Path, help="only this lay-off")
    options = parser.parse_args()
    if options.file:
        one_form(options.file)
        return
    with tempfile.TemporaryDirectory(prefix="jendela-bench-") as scratch:
        folder = Path(scratch) / "letters"
        folder.mkdir()
        folder_of_letters(folder, options.letters)
        lay_off(Path(scratch), options.letters)


main()
