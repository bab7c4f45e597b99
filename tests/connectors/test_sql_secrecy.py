"""A database of another machine is spoken to by TLS, with its server verified, or not at all."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import replace

import pyarrow as pa
import pytest

from connectors import sql_secrecy
from connectors.sql import SqlConnector
from connectors.sql_engines import url_of
from jendela.crypto.loopback_tls import make_certificates
from jendela.model import connections, loopback
from jendela.model.errors import FeedError, UnusableFeedError
from jendela.model.ports import Window
from tests.connectors.agency import source
from tests.connectors.tls_front import tls_front
from tests.servers import server

PG, MY = "postgresql+psycopg://sri:rahasia@", "mysql+pymysql://sri:rahasia@"


@pytest.mark.parametrize(
    "url",
    [
        f"{PG}db.dinas.example/hr?sslmode=disable",
        f"{PG}db.dinas.example/hr?sslmode=prefer",
        f"{PG}db.dinas.example/hr?sslmode=require",  # encrypted for whoever answers
        f"{PG}/hr?host=127.0.0.1,10.1.2.3&sslmode=allow",
        f"{PG}localhost/hr?hostaddr=10.1.2.3&sslmode=disable",
        f"{PG}[2001:db8::7]:5432/hr?sslmode=disable",
        f"{MY}db.dinas.example/hr?ssl_disabled=true",
        f"{MY}db.dinas.example/hr?ssl_ca=/ca.pem&ssl_verify_cert=false",
        "mysql+mysqldb://sri:rahasia@db.dinas.example/hr",
        "mssql+pyodbc://sri:rahasia@db.dinas.example/hr?driver=ODBC+Driver+18+for+SQL+Server",
        "mssql+pyodbc://sri:rahasia@db.dinas.example/hr?Encrypt=yes&TrustServerCertificate=yes",
        "mssql+pyodbc:///?odbc_connect=SERVER%3Ddb.dinas.example%3BPWD%3Drahasia",
        "oracle+oracledb://sri:rahasia@db.dinas.example:1521/?service_name=hr",
        "firebird+fdb://sri:rahasia@db.dinas.example/hr",
    ],
)
def test_nothing_travels_in_clear_or_to_whoever_answers(url):
    """Refused before anything is sent, with what to write; nobody is quoted."""
    with pytest.raises(UnusableFeedError, match="on another machine") as caught:
        url_of("dinas_3215", url)
    assert "rahasia" not in str(caught.value)
    assert "dinas.example" not in str(caught.value)
    assert "tunnel" in str(caught.value)


def test_what_is_not_said_is_demanded():
    """The safest is the default, by the authorities that this machine trusts."""
    asked = url_of("d", f"{PG}db.dinas.example/hr").query
    assert asked["sslmode"] == "verify-full"
    assert str(asked["sslrootcert"]).endswith((".crt", ".pem"))
    assert "ssl_ca" in url_of("d", f"{MY}db.dinas.example/hr").query


@pytest.mark.parametrize(
    "url",
    [
        f"{PG}127.0.0.1/hr",
        f"{PG}[::1]:5433/hr",
        f"{PG}/hr?host=/run/postgresql",
        f"{PG}/hr?host=localhost:5432",
        f"{MY}localhost/hr",
        f"{MY}db/hr?unix_socket=/run/mysqld/mysqld.sock",
        "sqlite:////srv/hr.db",
        "mssql+pyodbc://sri:rahasia@127.0.0.1/hr",
        f"{PG}db.dinas.example/hr?sslmode=verify-ca&sslrootcert=/ca.pem",
        f"{PG}db.dinas.example/hr?sslmode=require&sslrootcert=/ca.pem",
        f"{MY}db.dinas.example/hr?ssl_ca=/ca.pem&ssl_cert=/c.pem&ssl_key=/c.key",
        "mssql+pyodbc://sri:rahasia@db.dinas.example/hr?Encrypt=yes",
        "oracle+oracledb://sri:rahasia@DINAS",
    ],
)
def test_this_machine_and_what_is_verified_are_left_as_they_are(url):
    """A tunnel ends on the loopback address; an agency's own authority is named."""
    asked, made = url_of("d", url).query, sql_secrecy.URL
    assert isinstance(url_of("d", url), made)
    assert all(f"{name}=" in url for name in asked if name not in ("sslrootcert",))


def test_an_airflow_connection_says_it_in_its_extra_fields():
    """Before, a connection given in parts lost them, and was not encrypted."""
    extra = {"sslmode": "verify-ca", "sslrootcert": "/etc/jendela/dinas.pem", "cursor": "x"}
    made = connections.url_of("postgres", "db.dinas.example", "sri", "rahasia", None, "hr", extra)
    assert url_of("d", made).query == {"sslmode": "verify-ca", "sslrootcert": "/etc/jendela/dinas.pem"}
    made = connections.url_of("mysql", "db.dinas.example", "sri", "r", None, "hr", {"ssl_ca": "/ca.pem"})
    assert url_of("d", made).query == {"ssl_ca": "/ca.pem"}


@pytest.fixture(params=["postgresql", "mariadb"])
def engine(request, monkeypatch):
    """A server; the loopback address counts as another machine, which it would be behind the front."""
    monkeypatch.setattr(loopback, "is_loopback", lambda _: False)
    made = server(request.param)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority of our own, and a server's certificate for 127.0.0.1."""
    return make_certificates(tmp_path_factory.mktemp("tls"))


SERIES = {
    "postgresql": "SELECT i AS n, repeat('A', {size}) AS t FROM generate_series(1, {rows}) i",
    "mysql": "SELECT seq AS n, REPEAT('A', {size}) AS t FROM seq_1_to_{rows}",
}
AUTHORITY = {"postgresql": "sslrootcert", "mysql": "ssl_ca"}


def pulled(engine, port, rows=3, size=2, **asked):
    """All that a feed of numbers and texts gives, through the front; a minute at most."""
    query = SERIES[engine.dialect.name].format(rows=rows, size=size)
    feed = replace(source("snapshot", query=query), columns=("n", "t"), key=("n",))
    url = engine.url.set(host="127.0.0.1", port=port).update_query_dict(asked)
    found: Future[pa.Table] = Future()

    def work():
        try:
            connector = SqlConnector("bpjs", url.render_as_string(hide_password=False))
            found.set_result(pa.concat_tables(connector.pull(feed, Window(None, None))))
        except FeedError as error:
            found.set_exception(error)

    threading.Thread(target=work, daemon=True).start()  # a pool would wait for what hangs
    return found.result(60)


@pytest.mark.parametrize(("rows", "size"), [(3, 2), (50_000, 200), (200, 30_000)])
def test_rows_come_through_tls(engine, certificates, rows, size):
    """Few, many, and wide: TLS has records of its own, and what waits in one is not seen on the socket."""
    with tls_front(engine.dialect.name, engine.url.port, certificates) as port:
        authority = {AUTHORITY[engine.dialect.name]: str(certificates.ca)}
        table = pulled(engine, port, rows, size, **authority)
    assert table.num_rows == rows
    assert {len(text) for text in table["t"].to_pylist()} == {size}


def test_a_server_without_tls_is_told_nothing(engine):
    """No row, no password, and what to ask the agency for."""
    with (
        tls_front(engine.dialect.name, engine.url.port, None) as port,
        pytest.raises(UnusableFeedError, match="TLS is not as demanded"),
    ):
        pulled(engine, port)


def test_a_server_that_nobody_knows_is_told_nothing(engine, certificates):
    """Its authority is not named: anybody can make one."""
    with (
        tls_front(engine.dialect.name, engine.url.port, certificates) as port,
        pytest.raises(UnusableFeedError, match="TLS is not as demanded"),
    ):
        pulled(engine, port)
