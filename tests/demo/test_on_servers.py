"""The feeds' queries on the servers that agencies have: the same rows as on SQLite."""

from __future__ import annotations

import os
import uuid

import pytest
import sqlalchemy as sa

from jendela.contracts.agreements import load_agreements
from jendela.demo.agencies import opening
from jendela.demo.tables import metadata

POSTGRES = os.environ.get("JENDELA_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
MARIADB = os.environ.get("JENDELA_TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1:3306/test")


@pytest.fixture(scope="module")
def books():
    """What the agencies have written before the first night."""
    _, pen = opening(3, 300)
    return pen.rows


@pytest.fixture(params=[("bpjs", POSTGRES), ("kemnaker", MARIADB)], ids=["bpjs", "kemnaker"])
def server(request):
    """An agency and an empty schema of its own on its kind of server, removed afterwards."""
    agency, url = request.param
    name, home = f"jendela_flows_{uuid.uuid4().hex[:12]}", sa.create_engine(url)
    try:
        with home.begin() as conn:
            conn.execute(sa.schema.CreateSchema(name))
    except sa.exc.OperationalError:
        if os.environ.get("JENDELA_REQUIRE_SERVERS") == "1":
            raise
        pytest.skip(f"there is no server at {home.url.render_as_string()}")
    own = sa.make_url(url)
    if agency == "bpjs":
        own = own.update_query_dict({"options": f"-csearch_path={name}"})
    else:
        own = own.set(database=name)
    yield agency, own
    with home.begin() as conn:
        conn.execute(sa.schema.DropSchema(name, **({"cascade": True} if agency == "bpjs" else {})))
    home.dispose()


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
