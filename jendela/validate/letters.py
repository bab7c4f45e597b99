"""Accepted letters by the rules of the law: what their senders are asked to correct. It holds no row back.

A letter in an office's records has its legal effect whether or not it keeps to the rules, and the worker's
claim needs it; see docs/decisions/0010.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy import select

from jendela.contracts.mapping import Feed
from jendela.law import Law, load_law
from jendela.letters.frame import VIOLATIONS
from jendela.letters.rows import judge_files, judge_rows
from jendela.letters.rules import Rules, load_rules
from jendela.model.ports import Document
from jendela.model.receipt import Night
from jendela.store.hub import Hub
from jendela.store.tables import batch

ENTITY = "termination_letter"
PLACE = {"_record_id": pl.String(), "_row": pl.Int64(), "_name": pl.String()}
FINDING = PLACE | {name: dtype for name, dtype in VIOLATIONS.items() if name not in ("file", "index")}
NOTED = ("error", "warning")


class LetterJudge:
    """The rules and the law, read when the first letter comes."""

    def __init__(self, hub: Hub, night: Night) -> None:
        self._hub, self._night = hub, night
        self._read: tuple[Law, Rules] | None = None

    @property
    def versions(self) -> dict[str, str]:
        """What judged, once something was."""
        if self._read is None:
            return {}
        law, rules = self._read
        return {"letter_rules": rules.digest, "law": law.digest}

    def judge(self, feed: Feed, rows: pl.DataFrame) -> pl.DataFrame:
        """The errors and warnings of the accepted letters of one feed, one line each, as `FINDING`."""
        if rows.is_empty():
            return pl.DataFrame(schema=FINDING)
        if self._read is None:
            folder = self._hub.settings.agreements
            self._read = load_law(folder), load_rules(folder)
        law, rules = self._read
        place = rows.select(PLACE.keys())
        if feed.source.mode == "drop":
            found = judge_files(
                self._documents(feed, rows["_name"].drop_nulls()), law, rules, self._hub.settings.agreements
            )
            found = found.join(
                place, left_on=["file", "index"], right_on=["_name", "_row"], how="inner", coalesce=False
            )
        else:
            found = judge_rows(rows, feed.targets[ENTITY].fields, law, rules)
            found = found.join(place, left_on="file", right_on="_record_id", how="inner", coalesce=False)
        noted = found.filter(pl.col("severity").is_in(NOTED))
        return noted.select(pl.col(name).cast(dtype) for name, dtype in FINDING.items())

    def _documents(self, feed: Feed, names: pl.Series) -> list[Document]:
        """The files of tonight's landing that these letters stand in."""
        mine = (batch.c.seq == self._night.seq, batch.c.feed == feed.name)
        with self._hub.reading() as conn:
            landing = conn.execute(select(batch.c.landing).where(*mine)).scalar_one_or_none()
        if landing is None:
            return []
        files = self._hub.artefacts.read_landing(landing).filter(pl.col("name").is_in(names.implode()))
        return [Document(name, content) for name, content in files.select("name", "content").iter_rows()]
