"""Reading a file of `schemas/law`: unknown keys and unusable values name the file, the line and the field."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from jendela.model.errors import AgreementError

Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """A value of a law file: no unknown key, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parse_yaml(file: Path, model: type[Model]) -> Model:
    """The content of a YAML file as `model`.

    Raises:
        AgreementError: it is missing or unreadable, or has an unknown key or an unusable value.
    """
    try:
        raw = YAML(typ="rt").load(file.read_text(encoding="utf-8")) or {}
    except OSError:
        raise AgreementError(file.name, None, "file", "is missing or cannot be read.") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise AgreementError(
            file.name, mark.line + 1 if mark else None, "yaml", "is not readable YAML."
        ) from None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise AgreementError(file.name, _line(raw, first["loc"]), where, f"{first['msg']}.") from None


def parse_csv(file: Path, model: type[Model]) -> Iterator[Model]:
    """The rows of a CSV file as `model`; an empty cell is None.

    Raises:
        AgreementError: it is missing, or a row has an unknown column or an unusable value.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        raise AgreementError(file.name, None, "file", "is missing or cannot be read.") from None
    for line, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            yield model.model_validate({key: value or None for key, value in row.items()})
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            where = str(first["loc"][0]) if first["loc"] else "row"
            raise AgreementError(file.name, line, where, f"{first['msg']}.") from None


def _line(raw: Any, path: tuple[int | str, ...]) -> int | None:
    """The line of the deepest part of `path` that the file has."""
    found = None
    for part in path:
        try:
            place = raw.lc.item(part) if isinstance(part, int) else raw.lc.key(part)
            found = int(place[0]) + 1
            raw = raw[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return found
