"""The options of a feed or a delivery that is a file, as docs/reference/files.md has them."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jendela.contracts.agreement_file import AgreementFile
from jendela.contracts.mapping import FeedFile
from jendela.model.file_names import problem_of

Character = Annotated[str, StringConstraints(min_length=1, max_length=1)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60)]
# From which character (or byte) of a line, counted from 1, and how many.
Stretch = Annotated[list[Annotated[int, Field(ge=1, le=100_000)]], Field(min_length=2, max_length=2)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class FileOptions(_Strict):
    """What any feed of files may say; letters say no more."""

    take: Literal["last", "all"] | None = None
    named: Word | None = None
    dated: bool | None = None
    ignore_in_hash: bool | list[str] | None = None
    shrink_limit: Annotated[float, Field(gt=0, le=1)] | None = None
    storm_limit: Annotated[float, Field(gt=1)] | None = None
    storm_minimum: Annotated[int, Field(ge=1)] | None = None


class _Text(_Strict):
    """How text is written. What a feed leaves out is found in the file."""

    encoding: str | None = None
    delimiter: Character | None = None
    quote: Literal['"', "'", ""] | None = None


class _CsvOptions(FileOptions, _Text):
    format: Literal["csv"] = "csv"


class _XlsxOptions(FileOptions):
    format: Literal["xlsx"]
    sheet: Word | Annotated[int, Field(ge=1)] | None = None
    header_row: Annotated[int, Field(ge=1, le=200)] | None = None
    header_rows: Annotated[int, Field(ge=1, le=3)] | None = None
    column_numbers: bool | None = None
    footer: list[Word] | None = None


class _Record(_Strict):
    """A header or trailer record: what it begins with, and where it says how many rows there are."""

    starts: Word
    count: Stretch | None = None


class _Lines(_Strict):
    count: Literal["characters", "bytes"] | None = None
    widths: Annotated[dict[str, Stretch], Field(min_length=1)]
    length: Annotated[int, Field(ge=1, le=100_000)] | None = None
    header: _Record | None = None
    trailer: _Record | None = None


class _FixedOptions(FileOptions, _Lines):
    format: Literal["fixed"]
    encoding: str | None = None
    trimmed: bool | None = None


class _ParquetOptions(FileOptions):
    format: Literal["parquet"]


class _Written(_Text):
    # The announcement and the answer are CSV whatever the delivery is.
    encoding: str = "utf-8"
    delimiter: Character = ","
    quote: Literal['"', "'"] | None = None
    line_end: Literal["LF", "CRLF"] | None = None


class _CsvDelivery(_Written):
    format: Literal["csv"] | None = None


class _XlsxDelivery(_Written):
    format: Literal["xlsx"]
    sheet: Annotated[str, StringConstraints(pattern=r"^[^\[\]:*?/\\']{1,31}$")] | None = None


class _FixedDelivery(_Written, _Lines):
    format: Literal["fixed"]


class _ParquetDelivery(_Written):
    format: Literal["parquet"]


_FEEDS: Mapping[str, type[FileOptions]] = {
    "csv": _CsvOptions,
    "xlsx": _XlsxOptions,
    "fixed": _FixedOptions,
    "parquet": _ParquetOptions,
}
_DELIVERIES: Mapping[str, type[_Written]] = {
    "csv": _CsvDelivery,
    "xlsx": _XlsxDelivery,
    "fixed": _FixedDelivery,
    "parquet": _ParquetDelivery,
}


def check_feed(file: AgreementFile, raw: FeedFile, transport: str) -> None:
    """Nothing, if the options of a feed of files or letters are known and agree with its columns.

    Raises:
        AgreementError: an option is unknown, missing, or of the wrong type; the encoding does not exist; a
            column of a fixed width has no place, or shares one; a series of days takes one file alone; a
            pattern of names says no order.
    """
    if transport == "letters":
        if raw.options:
            _check_named(file, file.parse_at(["options"], FileOptions))
        return
    model = _FEEDS[_format(file, raw.options)]
    options = file.parse_at(["options"], model) if raw.options else model()
    _check_encoding(file, options)
    _check_named(file, options)
    if options.dated and (options.take != "all" or raw.mode != "snapshot"):
        problem = "is of complete extracts, one a day: write mode: snapshot and take: all with it."
        raise file.error(["options", "dated"], "dated", problem)
    if isinstance(options, _Lines):
        _check_places(file, options, [*raw.columns, *raw.key])


def delivery_options(file: AgreementFile, raw: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """How a delivery with these columns is written; errors as in `check_feed`."""
    model = _DELIVERIES[_format(file, raw)]
    options = file.parse_at(["options"], model) if raw else model()
    _check_encoding(file, options)
    if isinstance(options, _Lines):
        _check_places(file, options, columns)
    return options.model_dump(exclude_none=True)


def places(options: Mapping[str, Any]) -> dict[str, int]:
    """How many characters or bytes each column of a fixed width takes; none for other formats."""
    return {name: int(size) for name, (_, size) in options.get("widths", {}).items()}


def _format(file: AgreementFile, options: Mapping[str, Any]) -> str:
    name = options.get("format", "csv")
    if name not in _FEEDS:
        raise file.error(["options", "format"], "options.format", f"is not one of {', '.join(_FEEDS)}.")
    return str(name)


def _check_encoding(file: AgreementFile, options: BaseModel) -> None:
    name = getattr(options, "encoding", None)
    if name is None:
        return
    place = ["options", "encoding"]
    try:
        known = codecs.lookup(name)
        known.encode("")
    except (LookupError, UnicodeError, TypeError):
        raise file.error(place, "options.encoding", f"{name} is not an encoding of text.") from None
    if not getattr(known, "_is_text_encoding", True):
        raise file.error(place, "options.encoding", f"{name} is not an encoding of text.")
    if isinstance(options, _Lines) and known.name.startswith(("utf-16", "utf-32", "utf-8-sig")):
        raise file.error(place, "options.encoding", f"{name} has marks between lines of a fixed width.")


def _check_named(file: AgreementFile, options: FileOptions) -> None:
    if options.named is None:
        return
    problem = problem_of(options.named)
    if problem is None and options.dated and "{DD}" not in options.named:
        problem = "says no day, and the files are of one day each: {DD} is missing."
    if problem is not None:
        raise file.error(["options", "named"], "options.named", problem)


def _check_places(file: AgreementFile, options: _Lines, columns: Sequence[str]) -> None:
    place = ["options", "widths"]
    for name in columns:
        if name not in options.widths:
            raise file.error(place, name, "has no place in options.widths: give its start and its length.")
    end, before = 1, ""
    for name, (start, size) in sorted(options.widths.items(), key=lambda one: one[1]):
        if start < end:
            raise file.error([*place, name], name, f"begins before {before} ends.")
        end, before = start + size, name
    if options.length is not None and options.length < end - 1:
        raise file.error(
            ["options", "length"], "options.length", f"is less than the {end - 1} of its columns."
        )
