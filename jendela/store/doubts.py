"""Pairs of persons whom the register does not know to be one or two, and those on whom people decided."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select

from jendela.store.tables import identity_decision, identity_edge, identity_node


def doubted_persons(*also: ColumnElement[Any]) -> Select[Any]:
    """`one, other` of every edge in zone `review` between two persons, and `also` columns of the edge."""
    return _persons(identity_edge, *also).where(identity_edge.c.zone == "review")


def decided_persons() -> Select[Any]:
    """`one, other` of every decision on two present persons, whether or not a night followed it."""
    return _persons(identity_decision)


def _persons(pairs: FromClause, *also: ColumnElement[Any]) -> Select[Any]:
    left, right = identity_node.alias("l"), identity_node.alias("r")
    return (
        select(*also, left.c.person_id.label("one"), right.c.person_id.label("other"))
        .select_from(pairs)
        .join(left, left.c.record_id == pairs.c.left_id)
        .join(right, right.c.record_id == pairs.c.right_id)
        .where(left.c.person_id != right.c.person_id)
    )
