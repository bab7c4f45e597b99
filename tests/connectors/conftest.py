"""Agencies to connect to: the same small table on every transport, format and place, and an inbox beside it.

A new transport brings a `<name>_agency.py` with `AGENCIES` (name: context manager from a folder to an
`Agency`), `SERVERS` (which of them need a server) and `OFFLINE` (connector class and URL of one that does not
answer), and stands in `KINDS` here.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.connectors import files_agency, rest_agency, s3_agency, sftp_agency, sql_agency

# How long a case takes says nothing here: some speak to servers, on machines that do other things too.
settings.register_profile("connectors", deadline=None)
settings.load_profile("connectors")

KINDS = (sql_agency, files_agency, sftp_agency, s3_agency, rest_agency)
AGENCIES = {name: build for kind in KINDS for name, build in kind.AGENCIES.items()}
OFFLINE = {name: where for kind in KINDS for name, where in kind.OFFLINE.items()}
SERVERS = {name for kind in KINDS for name in kind.SERVERS}


def _params(names):
    return [pytest.param(name, marks=[pytest.mark.servers] if name in SERVERS else []) for name in names]


@pytest.fixture(params=_params(AGENCIES))
def agency(request, tmp_path):
    """An agency of each kind in turn."""
    with AGENCIES[request.param](tmp_path) as built:
        yield built


@pytest.fixture(params=_params(sql_agency.AGENCIES))
def database(request, tmp_path):
    """An agency on each database in turn."""
    with AGENCIES[request.param](tmp_path) as built:
        yield built


@pytest.fixture(params=list(OFFLINE))
def offline(request):
    """The transport's name, connector and URL of an agency that does not answer."""
    return request.param, *OFFLINE[request.param]


@pytest.fixture
def sqlite_agency(tmp_path):
    """An agency on SQLite."""
    with sql_agency.AGENCIES["sqlite"](tmp_path) as built:
        yield built


@pytest.fixture
def postgres_agency(tmp_path):
    """An agency on PostgreSQL."""
    with sql_agency.AGENCIES["postgres"](tmp_path) as built:
        yield built


@pytest.fixture
def mariadb_agency(tmp_path):
    """An agency on MariaDB."""
    with sql_agency.AGENCIES["mariadb"](tmp_path) as built:
        yield built


@pytest.fixture
def files_agency_csv(tmp_path):
    """An agency that exports CSV into a folder."""
    with files_agency.AGENCIES["csv"](tmp_path) as built:
        yield built
