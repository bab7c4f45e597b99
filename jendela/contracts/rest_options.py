"""The options of a feed or a delivery of transport `rest`, as docs/reference/rest.md has them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jendela.contracts.agreement_file import AgreementFile
from jendela.contracts.mapping import FeedFile

# A place in an answer: `data.items`, `/data/items`, `data.0.updated_at`; '' is all of it.
Place = Annotated[str, StringConstraints(pattern=r"^(/?[^\s/]+)(/[^\s/]*)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
# Below the connection's base: no host, no query of its own, no way up.
_PATH = re.compile(r"(?!.*\.\.)[^\s?#:\\]+")
Rows = Annotated[int, Field(ge=1, le=100_000)]
Parameters = dict[Name, str | int]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Patience(_Strict):
    """How long one exchange may take: seconds without a byte and in all; attempts; the longest wait."""

    timeout_seconds: Annotated[float, Field(gt=0, le=600)] | None = None
    answer_seconds: Annotated[float, Field(gt=0, le=7_200)] | None = None
    tries: Annotated[int, Field(ge=1, le=10)] | None = None
    longest_wait_seconds: Annotated[float, Field(ge=0, le=3_600)] | None = None


class RestInboxOptions(Patience):
    """The options of a delivery."""

    batch_rows: Rows | None = None


class _Whole(_Strict):
    style: Literal["none"]


class _Numbered(_Strict):
    style: Literal["page"]
    size: Rows | None = None
    size_parameter: Name | None = None
    page_parameter: Name | None = None
    first: Literal[0, 1] | None = None


class _Offset(_Strict):
    style: Literal["offset"]
    size: Rows | None = None
    size_parameter: Name | None = None
    offset_parameter: Name | None = None


class _Cursor(_Strict):
    style: Literal["cursor"]
    next: Place
    cursor_parameter: Name | None = None
    size: Rows | None = None
    size_parameter: Name | None = None


class _Link(_Strict):
    style: Literal["link"]
    size: Rows | None = None
    size_parameter: Name | None = None


class _Next(_Strict):
    style: Literal["next"]
    next: Place
    size: Rows | None = None
    size_parameter: Name | None = None


Paging = Annotated[
    _Whole | _Numbered | _Offset | _Cursor | _Link | _Next,
    Field(discriminator="style"),
]


class Listing(_Strict):
    """What is listed and how it is paged."""

    records: Place | Literal[""] | None = None
    parameters: Parameters | None = None
    paging: Paging | None = None
    total: Place | None = None
    total_header: Name | None = None


class KeysList(Listing):
    """The agency's own list of keys; what it does not say is as for the feed."""

    path: str


class AskedWindow(_Strict):
    """The parameters of a window, and how a moment is written in them."""

    since: Name
    until: Name | None = None
    form: Literal["utc", "iso", "text", "date", "number"] | None = None


class Newest(_Strict):
    """Where the newest watermark is: at a place of an answer, or in its first record, newest first."""

    parameters: Parameters | None = None
    value: Place | None = None


class ListedDocuments(_Strict):
    """The places of a file's name, link and SHA-256 in an entry of the listing."""

    name: Place
    url: Place
    sha256: Place | None = None


class RestOptions(Listing, Patience):
    """The options of a feed."""

    window: AskedWindow | None = None
    highest: Literal["clock"] | Newest | None = None
    keys: KeysList | None = None
    optional: list[str] | None = None
    documents: ListedDocuments | None = None
    content_type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+$")] | None = None
    page_bytes: Annotated[int, Field(ge=1_024, le=1 << 30)] | None = None
    document_bytes: Annotated[int, Field(ge=1_024, le=1 << 30)] | None = None
    max_pages: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    ignore_in_hash: bool | list[str] | None = None
    overlap_seconds: Annotated[float, Field(ge=0)] | None = None
    overlap_ids: Annotated[int, Field(ge=0)] | None = None
    shrink_limit: Annotated[float, Field(gt=0, le=1)] | None = None


def check_feed(file: AgreementFile, raw: FeedFile) -> None:
    """Nothing, if the options of a feed of transport `rest` are complete and agree with its mode.

    Raises:
        AgreementError: an option is unknown, missing, of the wrong type, or without meaning in its mode.
    """
    options = file.parse_at(["options"], RestOptions) if raw.options else RestOptions()
    paths = {"path": raw.path, "options.keys.path": options.keys.path if options.keys else raw.path}
    for name, path in paths.items():
        if not _PATH.fullmatch(path or ""):
            problem = "is a path below the connection's base: without a host, a ? or .. in it."
            raise file.error(name.split("."), name, problem)
    if options.total is not None and options.total_header is not None:
        raise file.error(["options", "total"], "total", "and total_header say the same: remove one.")
    by_mode: dict[str, tuple[bool, Any]] = {
        "highest": (raw.watermark is not None, options.highest),
        "documents": (raw.mode == "drop", options.documents),
    }
    for name, (needed, given) in by_mode.items():
        if needed and given is None:
            raise file.error(["options"], name, f"is missing: a feed in mode {raw.mode} needs it.")
    for name, (allowed, given) in {
        **by_mode,
        "window": (raw.watermark is not None, options.window),
        "keys": (raw.mode == "delta", options.keys),
    }.items():
        if given is not None and not allowed:
            raise file.error(["options", name], name, f"has no meaning in mode {raw.mode}: remove it.")
    _check_newest(file, raw, options)
    for position, column in enumerate(options.optional or []):
        if column not in raw.columns:
            raise file.error(["options", "optional", position], column, "is optional but not in columns.")
        if column in raw.key:
            raise file.error(["options", "optional", position], column, "is a key column: it cannot lack.")


def _check_newest(file: AgreementFile, raw: FeedFile, options: RestOptions) -> None:
    form = options.window.form if options.window else None
    place = ["options", "highest"]
    if options.highest == "clock" and (form not in (None, "utc") or raw.mode == "append"):
        problem = "is the agency's clock in UTC: it needs mode delta and window.form utc."
        raise file.error(place, "highest", problem)
    if isinstance(options.highest, Newest) and not (options.highest.value or options.highest.parameters):
        problem = "needs value, or the parameters that sort the records newest first."
        raise file.error(place, "highest", problem)
