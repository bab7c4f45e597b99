"""The linkage policy: thresholds and model, as agreed in `mappings/identity.yaml`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML

from jendela.model.errors import AgreementError


class Policy(BaseModel):
    """Thresholds on the match probability, the model's name or path, and the guard on blocks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    model: str
    link: float = Field(gt=0.5, le=1)
    review: float = Field(gt=0, le=1)
    largest_block: int = Field(ge=2)

    @property
    def model_text(self) -> str:
        """The Splink settings as JSON text.

        Raises:
            AgreementError: there is no such model.
        """
        shipped = files("jendela.identity") / "models" / f"{self.model}.json"
        if shipped.is_file():
            return shipped.read_text(encoding="utf-8")
        if Path(self.model).is_file():
            return Path(self.model).read_text(encoding="utf-8")
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
