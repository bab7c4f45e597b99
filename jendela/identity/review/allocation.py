"""How many pairs of a sample go to each stratum and naming tradition: enough of the small to see them."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from jendela.identity.review.population import STRATA

Cell = tuple[str, str]  # stratum, tradition

# Certain links are many and hardly ever wrong; what was decided by probability, and what was nearly linked,
# is where errors are.
SHARES = dict(zip(STRATA, (0.15, 0.30, 0.10, 0.15, 0.20, 0.10), strict=True))


def allocate(size: int, available: Mapping[Cell, int]) -> dict[Cell, int]:
    """Pairs to draw from each cell, `size` in all, or all there are.

    A stratum gets its share; in it a tradition as the root of its number, so that one tenth of the people get
    a quarter of the pairs. What a cell has not goes to the others.
    """
    wanted = _wishes(available)
    taken = dict.fromkeys(available, 0)
    left = min(size, sum(available.values()))
    while left:
        free = {cell: wish for cell, wish in wanted.items() if taken[cell] < available[cell]}
        whole = sum(free.values())
        exact = {cell: left * wish / whole for cell, wish in free.items()}
        given = {cell: min(int(exact[cell]), available[cell] - taken[cell]) for cell in free}
        if not any(given.values()):
            # Less than one each: the largest remainders, of equal ones the first by name.
            ranked = sorted(free, key=lambda cell: (-exact[cell], cell))
            given = dict.fromkeys(ranked[:left], 1)
        for cell, number in given.items():
            taken[cell] += number
            left -= number
    return taken


def _wishes(available: Mapping[Cell, int]) -> dict[Cell, float]:
    roots = {cell: sqrt(number) for cell, number in available.items()}
    sums = {stratum: sum(root for (name, _), root in roots.items() if name == stratum) for stratum in SHARES}
    return {cell: SHARES[cell[0]] * root / sums[cell[0]] for cell, root in roots.items() if root}
