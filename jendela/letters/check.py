"""`jendela letter check`: every letter of some files and folders, judged; no key and no hub is needed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from jendela.law import Law
from jendela.letters.agreement import Contract
from jendela.letters.agreement.requirements import missing
from jendela.letters.frame import SECTIONS
from jendela.letters.intake import Batch, Intake
from jendela.letters.intake.finding import NOT_A_FORM, TOO_MUCH, Finding, Said
from jendela.letters.intake.form import named_forms
from jendela.letters.intake.limits import MAX_BYTES
from jendela.letters.rules import Rules, jkp, judge, load_rules
from jendela.letters.signing import Trust
from jendela.model.errors import WrongUseError

# Frames over thousands of letters cost little more than frames over one; the bytes bound the memory.
FILES_TOGETHER, BYTES_TOGETHER = 2_000, 64 * 1024 * 1024
SAID = ("rule", "severity", "field", "message_id", "message_en", "article")
VIOLATION = pl.Struct(dict.fromkeys(SAID, pl.String()))
REASON = pl.Struct(dict.fromkeys(("key", "id", "en"), pl.String()))
CHECKED: dict[str, pl.DataType] = {
    "file": pl.String(),
    "index": pl.Int64(),
    "valid": pl.Boolean(),
    "signature": pl.String(),
    "violations": pl.List(VIOLATION),
    "jkp": pl.String(),
    "jkp_reasons": pl.List(REASON),
}
Notify = Callable[[int], None]


def check(
    paths: Sequence[Path],
    law: Law,
    rules: Rules | None = None,
    trust: Trust | None = None,
    received: datetime | None = None,
    agreements: Path | None = None,
) -> pl.DataFrame:
    """Every letter below these paths, one row a worker, as `CHECKED`.

    Args:
        paths: files in any form of a letter, and folders, which are read with all below them.
        law: the law.
        rules: the rules, by default the installed ones.
        trust: the anchors of signatures; without, no signature is valid.
        received: when the letters came (with a zone), by default now: signatures are judged by it.
        agreements: the folder with the editions of the letter, by default the installed ones; each letter is
            judged by its own, which must be in force on its date.

    Returns:
        file, index (the worker's place from 1; null for a file of which nothing can be read), valid (no
        violation is an error), signature (none, valid, invalid), violations, jkp (yes, conditional,
        needs_ruling, no; null where the letter was not judged) and its reasons.

    Raises:
        WrongUseError: a path is missing, or there is no file below them.
    """
    parts = list(check_in_batches(letter_files(paths), law, rules, trust, received, agreements=agreements))
    return pl.concat(parts)


def check_in_batches(
    files: Iterable[str],
    law: Law,
    rules: Rules | None = None,
    trust: Trust | None = None,
    received: datetime | None = None,
    notify: Notify | None = None,
    agreements: Path | None = None,
) -> Iterator[pl.DataFrame]:
    """The same for these files, batch by batch; `notify` hears how many more files were read."""
    rules = rules if rules is not None else load_rules()
    batch, size = Batch(trust, received, agreements), 0
    names: list[str] = []
    for file in files:
        # A name in another encoding than the system's cannot be written out as it is.
        name = file.encode("utf-8", "replace").decode("utf-8")
        size += _add(batch, file, name)
        names.append(name)
        if notify is not None:
            notify(1)
        if len(names) >= FILES_TOGETHER or size >= BYTES_TOGETHER:
            yield judged(batch.intake(), names, batch.signatures, law, rules, agreements)
            batch, names, size = Batch(trust, received, agreements), [], 0
    if names:
        yield judged(batch.intake(), names, batch.signatures, law, rules, agreements)


def letter_files(paths: Sequence[Path]) -> list[str]:
    """The files themselves, and those below the folders in the order of their names; hidden ones are none.

    Raises:
        WrongUseError: a path is missing, or there is no file below them.
    """
    found: list[str] = []
    for path in paths:
        if not path.exists():
            raise WrongUseError(f"{path}: There is no such file or folder.")
        found += _below(path) if path.is_dir() else [str(path)]
    if not found:
        raise WrongUseError(f"{', '.join(map(str, paths))}: There is no letter in it.")
    return list(dict.fromkeys(found))


def _below(folder: Path) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.join(root, name)  # noqa: PTH118  a Path for each of many thousand takes longer


def _add(batch: Batch, file: str, name: str) -> int:
    """Reads one file into the batch; how many bytes it had. What is no file or too large is not read."""
    try:
        # Without O_NONBLOCK, opening a named pipe waits for somebody to write to it.
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        batch.refuse(name, Finding(NOT_A_FORM, Said("unreadable")))
        return 0
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            batch.refuse(name, Finding(NOT_A_FORM, Said("unreadable")))
            return 0
        if found.st_size > MAX_BYTES:
            batch.refuse(name, Finding(TOO_MUCH, Said("large", {"limit": MAX_BYTES >> 20})))
            return 0
        content = _read(handle, found.st_size)
    except OSError:
        batch.refuse(name, Finding(NOT_A_FORM, Said("unreadable")))
        return 0
    finally:
        os.close(handle)
    batch.add(name, content)
    return len(content)


def _read(handle: int, size: int) -> bytes:
    """As many bytes as the file had when it was opened."""
    content = os.read(handle, size)
    if len(content) == size:
        return content
    parts, left = [content], size - len(content)
    while left and (part := os.read(handle, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def judged(
    intake: Intake,
    files: Sequence[str],
    signatures: Mapping[str, str],
    law: Law,
    rules: Rules,
    agreements: Path | None = None,
) -> pl.DataFrame:
    """The letters of `files` with all that is said of them, in the order of the files."""
    letters = intake.letters.select("file", "index")
    said = list(intake.findings.columns)
    by_rules = judge(intake.letters, law, rules)
    broken = [intake.findings]
    for form, part in _by_edition(intake.letters, agreements):
        of_part = by_rules
        if part.height < intake.letters.height:
            of_part = by_rules.join(part.select("file", "index"), on=["file", "index"], how="semi")
        named = of_part.with_columns(pl.col("field").replace(_paths(form)))
        broken += [missing(part, form).select(said), named.select(said)]
    violations = pl.concat(broken)
    places = pl.concat([letters, violations.filter(pl.col("index").is_not_null()).select("file", "index")])
    places = places.unique(maintain_order=True)
    told = _spread(violations, places)
    held = told.select("file", "index")
    order = pl.DataFrame({"file": files}, {"file": pl.String()}).with_row_index("_file")
    gathered = told.group_by("file", "index", maintain_order=True).agg(
        pl.struct(SAID).alias("violations"), (pl.col("severity") == "error").any().alias("wrong")
    )
    indicator = jkp(intake.letters, law, rules.messages)
    result = (
        pl.concat([places, held.filter(pl.col("index").is_null())])
        .unique(maintain_order=True)
        .join(gathered, on=["file", "index"], how="left", nulls_equal=True)
        .join(indicator, on=["file", "index"], how="left", nulls_equal=True)
        .join(order, on="file", how="left")
        .sort("_file", "index", nulls_last=False, maintain_order=True)
    )
    status = pl.lit("none") if not signatures else pl.col("file").replace_strict(signatures, default="none")
    return result.select(
        "file",
        "index",
        (~pl.col("wrong").fill_null(value=False)).alias("valid"),
        status.alias("signature"),
        pl.col("violations").fill_null([]).cast(CHECKED["violations"]),
        "jkp",
        pl.col("jkp_reasons").fill_null([]).cast(CHECKED["jkp_reasons"]),
    )


def _by_edition(letters: pl.DataFrame, agreements: Path | None) -> list[tuple[Contract, pl.DataFrame]]:
    """The letters by the contract that they follow."""
    known, names = named_forms(agreements), letters["schema_version"].unique(maintain_order=True)
    if len(names) == 1:
        return [(known[names[0]].agreed, letters)]  # as a rule; not divided, for speed
    return [(known[name].agreed, letters.filter(pl.col("schema_version") == name)) for name in names]


def _paths(form: Contract) -> dict[str, str]:
    """The contract's path of each field, by the name under which the rules know it: section and column."""
    return {
        f"{section}.{column}": form.by_column[column].path
        for section, columns in SECTIONS.items()
        for column in columns
        if column in form.by_column
    }


def _spread(violations: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """What is said of a file as a whole is said of its letters: an error of each, others of the first."""
    whole = violations.filter(pl.col("index").is_null())
    if whole.is_empty():
        return violations
    first = places.group_by("file", maintain_order=True).agg(pl.col("index").min())
    whole, error = whole.drop("index"), pl.col("severity") == "error"
    errors = whole.filter(error).join(places, on="file", how="left")
    others = whole.filter(~error).join(first, on="file", how="left")
    own = violations.filter(pl.col("index").is_not_null())
    return pl.concat([part.select(violations.columns) for part in (errors, others, own)])
