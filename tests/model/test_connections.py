"""The URL of an agency from the parts that Airflow keeps: nothing of them is lost, nothing is invented."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from connectors.rest_address import address_of
from jendela.model.connections import url_of, url_of_connection
from jendela.model.errors import WrongUseError

EXTRA = {
    "token_url": "https://sso.example/token?realm=a&b",
    "scope": "a b",
    "cert": "/k/c.pem",
    "ca": "/k/ca.pem",
}


@pytest.mark.parametrize(
    ("host", "port", "schema", "base"),
    [
        ("api.example", None, None, "https://api.example"),
        ("api.example/v2/", 8443, "https", "https://api.example:8443/v2"),
        ("https://api.example/v2", None, "http", "https://api.example/v2"),
        ("127.0.0.1", 8080, "http", "http://127.0.0.1:8080"),
    ],
)
def test_an_http_connection_keeps_its_credentials_and_extras(host, port, schema, base):
    """Airflow's schema is the scheme; a host may bring its own and a path; signs in the secret survive."""
    url = url_of("http", host, "klien 1", "rah@sia/&?", port, schema, EXTRA)
    found = address_of("d", url)
    assert found.base == base
    assert (found.user, found.secret, found.more) == ("klien 1", "rah@sia/&?", EXTRA)


def test_a_token_alone_stays_alone():
    """A password without a login is a bearer token; without both there is nothing before the host."""
    assert address_of("d", url_of("http", "api.example", None, "t0ken", None, None, {})).secret == "t0ken"
    assert url_of("http", "api.example", None, None, None, None, {}) == "https://api.example"


def test_the_other_kinds_are_as_they_were():
    """A folder, a database; a kind that no office has is named with those there are."""
    assert url_of("fs", "/data/keluar", None, None, None, None, {}) == "file:///data/keluar"
    assert url_of("postgres", "h", "u", "p@s", 5432, "db", {}) == "postgresql+psycopg://u:p%40s@h:5432/db"
    assert url_of("http", "h", None, None, None, None, {"url": "sqlite:///x"}) == "sqlite:///x"
    with pytest.raises(WrongUseError, match=r"'ftp' is not one of .*http"):
        url_of("ftp", "h", None, None, None, None, {})


def test_a_connection_of_airflow_is_taken_whole():
    """Every part in its place, as the DAGs hand it over; Airflow itself is not needed to say so."""
    found = SimpleNamespace(
        conn_type="postgres", host="db.example", login="jendela", password="p@ss", port=5433, schema="hub",
        extra_dejson={"sslmode": "verify-full"},
    )  # fmt: skip
    parts = ("postgres", "db.example", "jendela", "p@ss", 5433, "hub", {"sslmode": "verify-full"})
    assert url_of_connection(found) == url_of(*parts)
    assert url_of_connection(found).endswith(":5433/hub?sslmode=verify-full")
