"""The day the demo has reached: a small file in the demo folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from jendela.demo.careers import FIRST_NIGHT


@dataclass(frozen=True, slots=True)
class State:
    """`days` have passed since the demo was written; `workers`, `seed` and `offices` are what it was written
    from."""

    seed: int
    workers: int
    days: int
    offices: str = "first"

    @property
    def night(self) -> date:
        """The next night to be run."""
        return FIRST_NIGHT + timedelta(days=self.days)


def save(folder: Path, state: State) -> None:
    """Writes the state, whole or not at all."""
    half = folder / ".state.json"
    half.write_text(
        json.dumps({**asdict(state), "night": state.night.isoformat()}, indent=1), encoding="utf-8"
    )
    half.replace(folder / "state.json")


def load(folder: Path) -> State:
    """The state of a demo folder.

    Raises:
        WrongUseError: there is no demo in the folder.
    """
    from jendela.model.errors import WrongUseError

    file = folder / "state.json"
    if not file.is_file():
        raise WrongUseError(
            f"{folder} holds no demo agencies: write them with `jendela demo agencies {folder}`."
        )
    raw = json.loads(file.read_text(encoding="utf-8"))
    return State(raw["seed"], raw["workers"], raw["days"], raw.get("offices", "first"))
