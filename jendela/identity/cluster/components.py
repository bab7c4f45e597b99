"""Connected components, and the pairs inside them that nobody compared yet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.block.pairs import enumerate_blocks

Rows = npt.NDArray[np.int64]
# Inside a larger component the pairs that were compared must do.
LARGEST = 60


def row_components(count: int, left: Rows, right: Rows) -> Rows:
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


def components(nodes: pl.Series, pairs: pl.DataFrame) -> pl.DataFrame:
    """`record_id, component`: the connected components of `pairs` (two columns), named by their least id.

    A pair with an id that is not a node is ignored.
    """
    ordered = nodes.unique().sort()
    number = pl.DataFrame({"record_id": ordered}).with_row_index("number")
    left, right = pairs.columns[:2]
    ends = pairs.select(pl.col(left).alias("l"), pl.col(right).alias("r"))
    ends = ends.join(number, left_on="l", right_on="record_id").rename({"number": "ln"})
    ends = ends.join(number, left_on="r", right_on="record_id").rename({"number": "rn"})
    label = row_components(ordered.len(), ends["ln"].to_numpy(), ends["rn"].to_numpy())
    return pl.DataFrame({"record_id": ordered, "component": ordered.gather(label)})


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
