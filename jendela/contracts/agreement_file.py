"""One agreement file in YAML: its data, and the line of everything in it, so that an error can point."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from jendela.model.errors import AgreementError

Model = TypeVar("Model", bound=BaseModel)
Place = Sequence[str | int]


@dataclass(frozen=True)
class AgreementFile:
    """A YAML file that was read; `name` is its path as errors show it, `sha256` that of its bytes."""

    name: str
    data: Any
    sha256: str

    def line(self, place: Place) -> int | None:
        """The line of the deepest part of `place` (keys and positions from the top) that the file has."""
        node, found = self.data, None
        for step in place:
            lines = getattr(getattr(node, "lc", None), "data", None) or {}
            if step not in lines:
                break
            found = int(lines[step][0]) + 1
            node = node[step]
        return found

    def error(self, place: Place, field: str, problem: str) -> AgreementError:
        """The error about `field`, to be raised, with the line of `place`."""
        return AgreementError(self.name, self.line(place), field, problem)

    def parse(self, model: type[Model]) -> Model:
        """The whole file as `model`.

        Raises:
            AgreementError: an unknown key, a missing one, or a value of the wrong type; the first is named.
        """
        return self.parse_at([], model)

    def parse_at(self, place: Place, model: type[Model]) -> Model:
        """The part of the file at `place` as `model`; errors as in `parse`."""
        node = self.data
        for step in place:
            node = node[step]
        try:
            return model.model_validate(node)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            whole = [*place, *first["loc"]]
            field = ".".join(str(step) for step in whole) or "file"
            problem = {
                "extra_forbidden": "is not a key of this kind of file: correct its spelling or remove it.",
                "missing": "is missing: add it.",
                "string_type": "must be text: put it in quotes.",
            }.get(first["type"], f"{first['msg']}.")
            raise self.error(whole, field, problem) from None


def read_agreement(path: Path, root: Path) -> AgreementFile:
    """The YAML file at `path`, named relative to `root`. A key given twice is an error.

    Raises:
        AgreementError: the file is missing, is not UTF-8 or not readable YAML.
    """
    name = path.relative_to(root).as_posix()
    try:
        content = path.read_bytes()
        data = YAML().load(content.decode("utf-8"))
    except FileNotFoundError:
        raise AgreementError(name, None, "file", "is missing.") from None
    except UnicodeDecodeError:
        raise AgreementError(name, None, "file", "is not UTF-8 text.") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "is not readable YAML"
        raise AgreementError(name, mark.line + 1 if mark else None, "yaml", f"{said}.") from None
    return AgreementFile(name, data, hashlib.sha256(content).hexdigest())
