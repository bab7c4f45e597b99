"""A model for the registers at hand: measured on pairs that are certain, held against Splink's estimation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jendela.identity.judge.adapt import Levels, Probabilities, adapted
from jendela.identity.judge.contributions import prior
from jendela.identity.judge.model import LEVELS, settings
from jendela.identity.judge.rivals import Rival
from jendela.identity.policy import Policy, load_policy
from jendela.identity.resolve import resolve
from jendela.identity.standard.frame import Standard
from jendela.identity.train.estimate import estimated
from jendela.identity.train.measure import Measured, measured

# Where the two disagree by more than this, a person should look; of fewer pairs than `FEW` it may be chance.
APART, FEW = 3.0, 10
DEFAULT, RIVALS = "default", ".rivals.json"


@dataclass(frozen=True)
class Trained:
    """A new model, and what it was before.

    old, new: m and u of every grade. seen: the certain pairs of each. estimated: Splink's m.
    chance: the probability that two random mentions are one person.
    old_rivals, rivals: how often there are rivals.
    """

    old: Probabilities
    new: Probabilities
    seen: dict[str, dict[int, int]]
    estimated: dict[str, Levels]
    chance: float
    old_rivals: tuple[Rival, ...]
    rivals: tuple[Rival, ...]

    def doubtful(self, comparison: str, grade: int) -> bool:
        """True where Splink's estimation and the certain pairs disagree by more than a factor of three."""
        theirs = self.estimated[comparison].get(grade)
        pairs = sum(self.seen[comparison].values())
        if theirs is None or not pairs:
            return False
        ours, expected = self.seen[comparison][grade], theirs * pairs
        return max(ours, expected) >= FEW and max(ours, expected) > APART * max(min(ours, expected), 1.0)

    def model(self) -> dict[str, Any]:
        """The Splink settings."""
        return settings(self.new, self.chance)

    def rivals_json(self) -> str:
        """The rivals as `judge.rivals.read_rivals` reads them."""
        told = {
            rival.name: {
                "rate": rival.rate,
                "shares": rival.shares,
                "own": {
                    comparison: {str(grade): value for grade, value in levels.items()}
                    for comparison, levels in rival.own.items()
                },
            }
            for rival in self.rivals
        }
        return json.dumps(told, indent=2) + "\n"


def train(
    standard: Standard, policy: Policy, rounds: int, begin: Callable[[str], None] = lambda _: None
) -> Trained:
    """The policy's model retrained on these mentions; each round judges with what the one before found.

    Args:
        rounds: how often; from the second on little changes.
        begin: told the name of each stage as it begins.
    """
    found = resolve(standard, policy, begin)
    old, fit = policy.probabilities, found.fit
    model, judged, rivals, shown = old, found.pairs, policy.rivals, Measured({}, {}, {})
    for number in range(rounds):
        begin(f"measure {number + 1}")
        shown = measured(judged, fit, old, policy.rivals)
        model = {
            name: {grade: (shown.m[name][grade], fit.model[name][grade][1]) for grade in grades}
            for name, (_, grades) in LEVELS.items()
        }
        rivals = tuple(replace(rival, rate=shown.rates[rival.name]) for rival in policy.rivals)
        fit = replace(fit, model=adapted(model, judged, fit.counted), rivals=rivals)
        judged = fit.judged(found.pairs.drop("tier", "weight", "against", "zone"))
    begin("estimate")
    chance = prior(fit.matches, fit.counted.population)
    return Trained(old, model, shown.seen, estimated(judged, model), chance, policy.rivals, rivals)


def write(trained: Trained, out: Path) -> list[Path]:
    """Write the model, and its rivals beside it where they are not the default's; the paths written."""
    written = [_whole(out, json.dumps(trained.model(), indent=2) + "\n")]
    beside = out.with_suffix(RIVALS)
    if trained.rivals != load_policy().model_copy(update={"model": DEFAULT}).rivals:
        written.append(_whole(beside, trained.rivals_json()))
    else:
        # A model without rivals of its own has the default's; those of an earlier training are not its.
        beside.unlink(missing_ok=True)
    return written


def _whole(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, encoding="utf-8")
    return draft.replace(path)
