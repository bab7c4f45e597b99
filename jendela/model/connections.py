"""The URL of an agency, from a connection given in parts or from `JENDELA_CONN_<NAME>`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from sqlalchemy import URL

from jendela.model.errors import WrongUseError
from jendela.model.ports import Connector

DIALECTS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "sqlite": "sqlite",
    "mssql": "mssql+pyodbc",
    "oracle": "oracle+oracledb",
}
_SFTP, _S3 = ("sftp", "ssh"), ("aws", "s3")
# What the URL of a database may say of TLS, by the names of its driver; service_name and driver go with them.
_TLS = (
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl"),
    *("ssl_ca", "ssl_capath", "ssl_cert", "ssl_key", "ssl_check_hostname"),
    *("driver", "Encrypt", "service_name"),
)
# What a folder's URL may say in its query; other extras of a connection are not for us.
_ASKED = ("known_hosts", "fingerprint", "key_file", "passphrase", "endpoint_url", "region")


class AirflowConnection(Protocol):
    """What is asked of a connection of Airflow (`airflow.sdk.Connection`), which is not imported here."""

    conn_type: str
    host: str | None
    login: str | None
    password: str | None
    port: int | None
    schema: str | None

    @property
    def extra_dejson(self) -> dict[str, Any]: ...


def url_of_connection(found: AirflowConnection) -> str:
    """`url_of` a connection of Airflow."""
    return url_of(
        found.conn_type,
        found.host,
        found.login,
        found.password,
        found.port,
        found.schema,
        found.extra_dejson,
    )


def url_of(
    conn_type: str | None,
    host: str | None,
    login: str | None,
    password: str | None,
    port: int | None,
    database: str | None,
    extra: Mapping[str, Any],
) -> str:
    """The SQLAlchemy, folder or HTTP URL of a connection given in parts; `extra["url"]` wins where it is set.

    SFTP: `extra` has `path`, and `known_hosts` or `fingerprint`, `key_file`. S3: `database` is the bucket,
    `extra` has `path`, `endpoint_url`, `region`.
    Of an HTTP connection `database` (Airflow's "schema") is the scheme, https where it is empty; the host may
    have a scheme and a base path of its own; `extra` has the parameters (token_url, scope, cert, key, ca …).

    Raises:
        WrongUseError: the connection type is not one that an office can have.
    """
    if url := extra.get("url"):
        return str(url)
    if conn_type in ("fs", "file"):
        return f"file://{host or database or extra.get('path', '')}"
    if conn_type in ("http", "https"):
        return _http_url(host or "", login or "", password or "", port, database, extra)
    if conn_type == "sqlite":
        return f"sqlite:///{host or database}"
    if conn_type in _SFTP:
        return _folder("sftp", login, password, host, port, str(extra.get("path") or database or ""), extra)
    if conn_type in _S3:
        return _folder("s3", login, password, database or host, None, str(extra.get("path") or ""), extra)
    dialect = DIALECTS.get(conn_type or "")
    if dialect is None:
        known = ", ".join(sorted({*DIALECTS, "fs", "http", *_SFTP, *_S3}))
        raise WrongUseError(f"Connection type {conn_type!r} is not one of {known}.")
    asked = {name: str(extra[name]) for name in _TLS if extra.get(name)}
    url = URL.create(dialect, login, password, host, port, database, query=asked)
    return url.render_as_string(hide_password=False)


def _http_url(
    host: str,
    login: str,
    password: str,
    port: int | None,
    scheme: str | None,
    extra: Mapping[str, Any],
) -> str:
    own, found, rest = host.partition("://")
    place, slash, path = (rest if found else host).partition("/")
    known = f"{quote(login, safe='')}:{quote(password, safe='')}@" if login or password else ""
    parts = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in extra.items() if value
    }
    query = f"?{urlencode(parts)}" if parts else ""
    # An unencrypted scheme is never a default: Airflow calls the type of every HTTP connection http.
    where = f"{place}{f':{port}' if port else ''}{slash}{path}"
    return f"{own if found else scheme or 'https'}://{known}{where}{query}"


def _folder(
    scheme: str,
    login: str | None,
    password: str | None,
    host: str | None,
    port: int | None,
    path: str,
    extra: Mapping[str, Any],
) -> str:
    account = quote(login or "", safe="") + (f":{quote(password, safe='')}" if password else "")
    asked = [f"{name}={quote(str(extra[name]), safe='')}" for name in _ASKED if extra.get(name)]
    place = f"{account}@{host}" if account else f"{host}"
    return (
        f"{scheme}://{place}{f':{port}' if port else ''}/{quote(path.strip('/'))}"
        f"{'?' if asked else ''}{'&'.join(asked)}"
    )


def url_from_environment(name: str, environ: Mapping[str, str]) -> str:
    """The URL in `JENDELA_CONN_<NAME>`.

    Raises:
        WrongUseError: it is not set; the variable is named, not its value.
    """
    variable = f"JENDELA_CONN_{name.upper()}"
    if url := environ.get(variable):
        return url
    raise WrongUseError(f"The connection {name} is not configured: set {variable} to its URL.")


def connector_of(transport: str, office: str, url: str) -> Connector:
    """The connector of a transport, loaded by its entry point.

    Raises:
        WrongUseError: no such transport is installed; those that are, are named.
    """
    transports = {point.name: point for point in entry_points(group="jendela.connectors")}
    if transport not in transports:
        known = ", ".join(sorted(transports))
        raise WrongUseError(f"{office}: there is no transport {transport!r}; installed are {known}.")
    made: Connector = transports[transport].load()(office, url)
    return made
