"""A reviewer decides while the night identifies: the next night follows."""

from __future__ import annotations

import polars as pl
import pytest

from tests.identity.conftest import Register
from tests.identity.test_persons import Nights, Pair

ALIKE = {("a", "b"): (14.0, True), ("b", "c"): (14.0, True), ("a", "c"): (0.5, False)}


class Interrupted(Nights):
    """Decisions that are committed by somebody else while the night weighs its pairs."""

    meanwhile: dict[Pair, str]

    def _weigh(self, pairs: pl.DataFrame) -> pl.DataFrame:
        if ("a", "c") in pairs.select("left_id", "right_id").rows() and self.meanwhile:
            decisions, self.meanwhile = self.meanwhile, {}
            with self.register.hub.begin() as desk:
                self._decide(desk, decisions)
        return super()._weigh(pairs)


@pytest.mark.servers
def test_a_decision_taken_while_the_night_identifies_is_followed_by_the_next(
    postgresql_register: Register,
) -> None:
    """The night has read the decisions already: it does not say that it followed this one.

    Only on PostgreSQL: SQLite has one writer, and the reviewer would wait for the night.
    """
    nights = Interrupted(postgresql_register, ALIKE)
    nights.meanwhile = {("b", "c"): "cannot_link"}
    nights.night({"a", "b", "c"}, set(), {})
    assert nights.meanwhile == {}, "the reviewer spoke while the night identified"
    assert postgresql_register.groups() == {frozenset("abc")}

    nights.night(set(), set(), {})
    assert postgresql_register.groups() == {frozenset("ab"), frozenset("c")}
