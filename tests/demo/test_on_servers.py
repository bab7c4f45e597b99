"""The feeds' queries on the servers that agencies have: the same rows as on SQLite."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from jendela.contracts.agreements import load_agreements
from jendela.demo.agencies import opening
from jendela.demo.tables import metadata
from tests.servers import schema


@pytest.fixture(scope="module")
def books():
    """What the agencies have written before the first night."""
    _, pen = opening(3, 300)
    return pen.rows


@pytest.fixture(params=[("bpjs", "postgresql"), ("kemnaker", "mariadb")], ids=["bpjs", "kemnaker"])
def server(request):
    """An agency and an empty schema of its own on its kind of server."""
    agency, kind = request.param
    with schema(kind) as url:
        yield agency, url


def answers(books, agency, url):
    """By feed, the rows of its query as text."""
    engine = sa.create_engine(url)
    tables = metadata(agency)
    with engine.begin() as conn:
        tables.create_all(conn)
        for (owner, table), rows in books.items():
            if owner == agency and rows:
                conn.execute(tables.tables[table].insert(), rows)
        found = {}
        for name, feed in load_agreements().offices[agency].feeds.items():
            rows = conn.execute(sa.text(feed.source.query)).all()
            # a change stamp has another text on each engine, a padded CHAR comes back stripped on some
            found[name] = sorted(
                tuple("" if value is None else str(value).strip() for value in row[:-1]) for row in rows
            )
    engine.dispose()
    return found


@pytest.mark.servers
def test_a_feed_gives_the_same_rows_on_a_server(books, server):
    """Every feed of BPJS on PostgreSQL, every feed of the ministry on MariaDB."""
    agency, url = server
    there, here = answers(books, agency, url), answers(books, agency, "sqlite://")
    assert {name: len(rows) for name, rows in there.items()} == {
        name: len(rows) for name, rows in here.items()
    }
    for name in ("bpjs.iuran_tk", "bpjs.bayar_manfaat", "kemnaker.ephi_perselisihan", "kemnaker.ephi_pb"):
        assert there.get(name) == here.get(name), name
