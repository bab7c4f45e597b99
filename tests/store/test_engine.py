"""The hub's own database across a network: by TLS with its server verified, or not at all."""

from __future__ import annotations

import pytest

from jendela.model.errors import WrongUseError
from jendela.store.engine import make_engine

PASSWORD = "rahasia-sekali"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://hub:{}@db.kemnaker.example/jendela",
        "postgresql+psycopg://hub:{}@10.0.0.7:5432/jendela?sslmode=require",
        "postgresql+psycopg://hub:{}@/jendela?host=127.0.0.1:5432,db.kemnaker.example:5432",
        "postgresql+psycopg://hub:{}@127.0.0.1/jendela?hostaddr=10.0.0.7",
        "postgresql+psycopg://hub:{}@/jendela?service=production",
    ],
)
def test_a_server_that_nobody_verifies_is_refused(url: str) -> None:
    """Before anything is sent; the error says what to write, and not the password."""
    with pytest.raises(WrongUseError, match="sslmode=verify-full") as refused:
        make_engine(url.format(PASSWORD))
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://hub@db.kemnaker.example/jendela?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "postgresql+psycopg://hub@localhost:5432/jendela",
        "postgresql+psycopg://hub@[::1]:5432/jendela",
        "postgresql+psycopg://hub@/jendela?host=127.0.0.1:5432",
        "postgresql+psycopg://hub@/jendela?host=/var/run/postgresql",
        "sqlite:////var/lib/jendela/hub.sqlite",
    ],
)
def test_this_machine_and_verified_servers(url: str) -> None:
    """An engine; nothing is connected yet."""
    engine = make_engine(url)
    engine.dispose()
