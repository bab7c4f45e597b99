"""Connected components, and the pairs inside them that nobody compared yet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jendela.identity.block.pairs import enumerate_blocks

Rows = npt.NDArray[np.int64]
# Inside a larger component the pairs that were compared must do.
LARGEST = 60


def components(count: int, left: Rows, right: Rows) -> Rows:
    """Per row the least row that it is connected with over the pairs."""
    # Half a second to import: not for those who only ask for help.
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(left), dtype=bool), (left, right)), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    least = np.empty(count, dtype=np.int64)
    # From behind: what is put down last stays, and rows come in order.
    least[label[::-1]] = np.arange(count)[::-1]
    found: Rows = least[label]
    return found


def inside_pairs(component: Rows) -> tuple[Rows, Rows]:
    """All pairs of rows in one component, `left < right`; of components of more than `LARGEST` rows, none."""
    rows = np.flatnonzero((np.bincount(component) > 1)[component])
    rows = rows[np.argsort(component[rows], kind="stable")]
    ordered = component[rows]
    begins = (
        np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(ordered) else ordered
    )
    size = np.diff(np.append(begins, len(ordered)))
    wanted = size <= LARGEST
    return enumerate_blocks(rows, begins[wanted], size[wanted])
