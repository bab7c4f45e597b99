"""However an office pages, and whatever goes wrong on the way: exactly its rows, once each, or an error."""

from __future__ import annotations

from contextlib import ExitStack

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.rest import RestConnector
from jendela.demo.rest_office import serving
from jendela.model.errors import FeedError
from jendela.model.ports import FeedSource
from tests.connectors.rest_agency import ACCOUNT, ALL, records

HARMLESS = ("429", "503", "drop", "drop_after", "cut", "slow")
HARMFUL = ("shrunk", "repeated", "more", "html", "bad_json", "no_total", "403")
DDL = "CREATE TABLE kerja (KPJ TEXT, NAMA TEXT)"
COUNTS = (0, 1, 5, 6)


@pytest.fixture(scope="module")
def offices(tmp_path_factory):
    """Offices with no row, one, five and six, and a connector to each."""
    with ExitStack() as stack:
        found = {}
        for count in COUNTS:
            folder = tmp_path_factory.mktemp(f"office{count}")
            rows = [(str(number), f"Pekerja {number}") for number in range(count)]
            office = stack.enter_context(serving(records(folder, DDL, rows), ACCOUNT))
            office.faults.delay = 0.25
            found[count] = office, RestConnector("d", office.url, wait=lambda _: None)
        yield found


def paging(style, size):
    """The options of a paging style as the demo office has it."""
    named = {"size": size, "size_parameter": "size"}
    return {
        "page": {"style": "page", "size": size},
        "offset": {"style": "offset", "size": size},
        "cursor": {"style": "cursor", "next": "meta.next_cursor", **named},
        "link": {"style": "link", **named},
        "next": {"style": "next", "next": "/meta/next", **named},
    }[style]


@settings(max_examples=80, deadline=None)
@given(
    count=st.sampled_from(COUNTS),
    style=st.sampled_from(("page", "offset", "cursor", "link", "next")),
    size=st.integers(1, 7),
    total=st.sampled_from(({"total": "meta.total"}, {"total_header": "X-Total-Count"}, {})),
    faults=st.lists(st.sampled_from(HARMLESS), max_size=4),
    harm=st.sampled_from(("", "", *HARMFUL)),
    skipped=st.integers(0, 3),
)
def test_every_row_comes_once_or_the_feed_fails(offices, count, style, size, total, faults, harm, skipped):
    """Too busy, away, slow, cut off in any order; and a page that is not what it should be."""
    if not total and harm in ("shrunk", "more"):
        harm = ""  # without a total nothing in an answer tells such a page from the last one
    office, connector = offices[count]
    options = {
        "records": "data", "paging": paging(style, size), "tries": 4, "timeout_seconds": 0.15, **total,
    }  # fmt: skip
    source = FeedSource(
        "d", "d.kerja", "snapshot", ("KPJ", "NAMA"), ("KPJ",), path="v1/kerja", options=options
    )
    office.faults.clear()
    tables = connector.pull(source, ALL)
    parts = []
    try:
        for number, table in enumerate(tables):
            parts.append(table)
            if number == 0:
                office.faults.add(*faults, where="v1/kerja")
            if harm and number == skipped:
                office.faults.add(harm, where="v1/kerja")
    except FeedError:
        assert faults or harm
        assert harm or len(faults) == 4
        return
    rows = pa.concat_tables(parts).to_pylist()
    assert sorted(row["KPJ"] for row in rows) == [str(number) for number in range(count)]


@pytest.mark.parametrize("style", ["page", "offset", "cursor", "link", "next"])
def test_every_style_reads_every_page_once(offices, style):
    """Six rows in twos are three pages; without a total, numbered pages end at an empty one."""
    office, connector = offices[6]
    office.faults.clear()
    for total, more in (({"total": "meta.total"}, 0), ({}, style in ("page", "offset"))):
        options = {"records": "data", "paging": paging(style, 2), **total}
        source = FeedSource("d", "d.kerja", "snapshot", ("KPJ",), ("KPJ",), path="v1/kerja", options=options)
        office.requests.clear()
        assert pa.concat_tables(connector.pull(source, ALL)).num_rows == 6
        assert office.requests.count("GET /api/v1/kerja") == 3 + more
