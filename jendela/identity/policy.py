"""The linkage policy: thresholds and model, as agreed in `mappings/identity.yaml`."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML

from jendela.identity.judge.adapt import Probabilities
from jendela.identity.judge.model import probabilities
from jendela.identity.judge.rivals import Rival, read_rivals
from jendela.model.errors import AgreementError


class Policy(BaseModel):
    """Thresholds on the match probability, the model's name or path, and the guard on blocks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    model: str
    link: float = Field(gt=0.5, lt=1)
    review: float = Field(gt=0, le=1)
    largest_block: int = Field(ge=2)

    @property
    def link_weight(self) -> float:
        """`link` as log2 of the odds."""
        return math.log2(self.link / (1 - self.link))

    @property
    def review_weight(self) -> float:
        """`review` as log2 of the odds."""
        return math.log2(self.review / (1 - self.review))

    @property
    def model_text(self) -> str:
        """The Splink settings as JSON text.

        Raises:
            AgreementError: there is no such model.
        """
        return self._read(".json")

    @property
    def probabilities(self) -> Probabilities:
        """The m and u of every grade."""
        return probabilities(json.loads(self.model_text))

    @property
    def rivals(self) -> tuple[Rival, ...]:
        """Who else a pair could be; of a model without a file of its own, those of the default."""
        return read_rivals(self._read(".rivals.json", "default"))

    def _read(self, suffix: str, otherwise: str | None = None) -> str:
        for name in (self.model, otherwise):
            shipped = files("jendela.identity") / "models" / f"{name}{suffix}"
            own = Path(str(name)).with_suffix(suffix)
            for file in (shipped, own):
                if name and file.is_file():
                    return file.read_text(encoding="utf-8")
        raise AgreementError("mappings/identity.yaml", None, "model", f"There is no model {self.model!r}.")


def load_policy(folder: Path | None = None) -> Policy:
    """The policy of `folder` (which holds `mappings/`), or the installed one.

    Raises:
        AgreementError: a key is missing, unknown or out of range.
    """
    root = folder / "mappings" if folder else files("mappings")
    raw = YAML(typ="safe").load((root / "identity.yaml").read_text(encoding="utf-8"))
    try:
        return Policy(**raw)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "file"
        raise AgreementError("mappings/identity.yaml", None, key, f"{first['msg']}.") from None
