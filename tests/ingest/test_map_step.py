"""The map step of an office: from what pull found changed to canonical rows, once."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jendela.contracts.agreements import load_agreements
from jendela.crypto import Keyring
from jendela.evidence.commit import commit
from jendela.ingest import map as mapping
from jendela.model.config import Settings
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Night, Receipt
from jendela.store.hub import Hub

NIGHT = Night(date(2026, 9, 1), 1, ("kemnaker",))
FEED = "kemnaker.pes_aktivitas"
BUDI = {"no_pendaftaran": "PK20260000001", "periode": "202608", "jml_lamaran": "5", "hasil": "1"}


@pytest.fixture
def hub(tmp_path):
    """An empty hub with the installed agreements."""
    with Hub.open(
        settings=Settings(state=tmp_path / "state", first_night=NIGHT.day, offices=("kemnaker",)),
        agreements=load_agreements(),
        keyring=Keyring((b"k" * 32,), "the test"),
        connector=lambda transport, name, where: None,
        resolve=lambda name: "",
    ) as hub:
        yield hub


def _pulled(hub, *rows: dict[str, str | None], feeds=(FEED,)) -> None:
    """What pull leaves behind: the changes of a feed, and its receipt."""
    columns = hub.agreements.feed(FEED).source.columns
    names = ["_row", "_name", "_record_id", "_row_hash", "_released", "_problem", "_fields", *columns]
    types = {"_row": pl.Int64, "_released": pl.Boolean}
    made = [
        {
            **dict.fromkeys(names),
            "_row": n,
            "_record_id": f"r{n}",
            "_row_hash": "h",
            "_released": False,
            **row,
        }
        for n, row in enumerate(rows, start=1)
    ]
    frame = pl.DataFrame(made, schema={name: types.get(name, pl.String) for name in names})
    hub.artefacts.write(NIGHT, "pull", f"{FEED}.changes", frame)
    with hub.begin() as conn:
        commit(conn, Receipt(str(NIGHT.day), "pull", "kemnaker", {feed: {} for feed in feeds}))


def test_changes_become_canonical_rows(hub):
    """One artefact per entity and one of problems, counted, with the version of the mapping that judged."""
    _pulled(hub, BUDI, BUDI | {"jml_lamaran": "lima"})
    receipt = mapping.run(hub, NIGHT, "kemnaker")
    assert receipt.counts == {FEED: {"rows": 2, "mapped.pes_activity": 2, "problems": 1}}
    assert receipt.versions == {f"mapping.{FEED}": hub.agreements.feed(FEED).version}
    made = hub.artefacts.read(NIGHT, "map", f"{FEED}.pes_activity")
    assert made["activity_month"].to_list() == ["2026-08", "2026-08"]
    assert made["applications"].to_list() == [5, None]
    problems = hub.artefacts.read(NIGHT, "map", f"{FEED}.problems")
    assert problems.rows() == [("r2", 2, None, "pes_activity", "applications", "M-INT")]
    assert [digest.rows for digest in receipt.artefacts] == [2, 1]


def test_a_second_attempt_gives_the_first_receipt(hub):
    """That is what makes a night repeatable: nothing is computed twice, nothing is logged twice."""
    _pulled(hub, BUDI)
    first = mapping.run(hub, NIGHT, "kemnaker")
    hub.artefacts.write(NIGHT, "pull", f"{FEED}.changes", pl.DataFrame())
    assert mapping.run(hub, NIGHT, "kemnaker") == first


def test_a_feed_without_changes_writes_nothing(hub):
    """It is counted, and costs a look."""
    _pulled(hub)
    receipt = mapping.run(hub, NIGHT, "kemnaker")
    assert receipt.counts == {FEED: {"rows": 0}}
    assert receipt.artefacts == ()
    assert not hub.artefacts.exists(NIGHT, "map", f"{FEED}.pes_activity")


def test_a_feed_that_is_missing_tonight_is_not_mapped(hub):
    """Not even if an attempt that failed later left its changes behind: the receipt of pull decides."""
    _pulled(hub, BUDI, feeds=())
    assert mapping.run(hub, NIGHT, "kemnaker").counts == {}


def test_an_office_that_was_not_pulled_cannot_be_mapped(hub):
    """The order of the steps is not a matter of luck."""
    with pytest.raises(WrongUseError, match="kemnaker was not pulled this night"):
        mapping.run(hub, NIGHT, "kemnaker")
