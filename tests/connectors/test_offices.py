"""Every configured office, by its own agreements alone: a new one is tested here without a line of Python."""

from __future__ import annotations

from importlib.metadata import entry_points

import pyarrow as pa
import pytest

from jendela.contracts.agreements import load_agreements
from jendela.contracts.delivery import ITEM, SEQUENCE
from jendela.deliver.ddl import render_inbox
from jendela.model.ports import Outgoing, Window
from tests.connectors.office_samples import WRITERS, dictionary_of, sqlite_inbox

AGREEMENTS = load_agreements()
OFFICES = AGREEMENTS.offices.values()
FEEDS = [pytest.param(office, feed, id=feed.name) for office in OFFICES for feed in office.feeds.values()]
DELIVERIES = [
    pytest.param(office, spec, id=f"{office.id}-{spec.key}")
    for office in OFFICES
    for spec in office.deliveries.values()
]


def connector(transport, office, url):
    """The office's connector, found as the hub finds it."""
    found = {point.name: point for point in entry_points(group="jendela.connectors")}
    assert transport in found, f"{office}: no installed transport is called {transport}"
    return found[transport].load()(office, url)


@pytest.mark.parametrize(("office", "feed"), FEEDS)
def test_what_an_office_writes_is_what_is_pulled(office, feed, tmp_path):
    """Rows in the office's own format, columns and codes come as agreed, and every agreed column is there."""
    kind = "letters" if feed.source.mode == "drop" and office.transport != "rest" else office.transport
    assert kind in WRITERS, f"tests/connectors/office_samples.py has no sample for the transport {kind}"
    url, expected = WRITERS[kind](office, feed, dictionary_of(AGREEMENTS, office), tmp_path)
    reader = connector(office.transport, office.id, url)
    reader.check(feed.source)
    if feed.source.mode == "drop":
        found = list(reader.documents(feed.source, frozenset()))
        assert [(one.name, one.content) for one in found] == expected
        return
    tables = [
        table.select(list(feed.source.columns)) for table in reader.pull(feed.source, Window(None, None))
    ]
    rows = [tuple(row.values()) for table in tables for row in table.to_pylist()]
    assert sorted(rows, key=repr) == sorted(expected, key=repr)
    assert rows, "the sample of this feed gives no row: see what its query leaves out"
    assert reader.keys(feed.source).num_rows == len(rows)


@pytest.mark.parametrize(("office", "spec"), DELIVERIES)
def test_what_is_delivered_to_an_office_is_there_once(office, spec, tmp_path):
    """In the office's own format, with its announcement; delivered again, nothing is there twice."""
    specs = tuple(office.deliveries.values())
    if office.inbox_transport == "sql":
        url = sqlite_inbox(render_inbox(specs), tmp_path)
    elif office.inbox_transport in ("files", "letters"):
        url = f"file://{tmp_path}"
    else:
        pytest.skip(f"an inbox of transport {office.inbox_transport} is tested by its own suite")
    inbox = connector(office.inbox_transport, office.id, url)
    outgoing = Outgoing(
        office.id, spec.delivery, spec.target, spec.columns, dict(spec.options), spec.recipient
    )
    rows = pa.table(
        {
            "delivery_id": ["d1", "d2"],
            "verb": ["upsert", "retract"],
            "night": ["2026-03-02"] * 2,
            "recipient": [spec.recipient] * 2,
            **{name: ["Ma'ruf", "x" if name in (ITEM, SEQUENCE) else None] for name in spec.columns},
        }
    )
    assert inbox.deliver(outgoing, rows) == 2
    assert inbox.deliver(outgoing, rows) == 0
    inbox.announce(outgoing, "2026-03-02", 2)
    assert inbox.acknowledgements(outgoing, ["d1", "d2"]).num_rows == 0
