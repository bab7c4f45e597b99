"""A delivery of which the inbox refuses some rows: the others are delivered, and these are told.

An inbox takes all rows that it is given or none. One value too long for its column, or one row that breaks a
key of the agency's own, would keep everybody else's back, every night anew.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from jendela.model.errors import FeedError, UnusableFeedError

FRUITLESS = 60  # refused in a row, beyond the halves that lead to a single row: then no more is tried


def deliver(
    put: Callable[[pl.DataFrame], object], rows: pl.DataFrame
) -> tuple[pl.DataFrame, FeedError | None]:
    """The rows that `put` took, and the first error of those that it did not take.

    Where all are refused, the first, the middle and the last row are tried alone; if it takes none of them
    it is the inbox that refuses. Else by halves, down to single rows. Rows that are put again are known to
    the inbox by their `delivery_id`.
    """
    try:
        put(rows)
    except UnusableFeedError as error:
        first: FeedError = error
    except FeedError as error:
        return rows.clear(), error
    else:
        return rows, None
    taken: list[pl.DataFrame] = [rows.clear()]
    refused, most = 0, rows.height.bit_length() + FRUITLESS
    parts = _alone(rows) if rows.height > 1 else []
    halving = False
    while parts and refused < most:
        part = parts.pop(0)
        try:
            put(part)
        except UnusableFeedError:
            refused += 1
            half = part.height // 2
            parts = [*([part.head(half), part.tail(part.height - half)] if half else []), *parts]
        except FeedError as error:
            return pl.concat(taken), error
        else:
            refused = 0
            taken.append(part)
        if not parts and not halving:
            halving = True
            rest = rows.join(pl.concat(taken), on="delivery_id", how="anti", maintain_order="left")
            parts = [rest] if len(taken) > 1 and not rest.is_empty() else []
    return pl.concat(taken), first


def _alone(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return [rows.slice(at, 1) for at in sorted({0, rows.height // 2, rows.height - 1})]
