"""A database across a network is reached by TLS with its server verified, or not at all.

As over REST and SFTP: passwords, and everybody in the tables, would be read by whoever is on the way, and
whoever pretends to be the server would be told them. Nothing switches that off. What goes to this machine
itself is left as it is: where an agency's server has no TLS, an SSH or stunnel tunnel ends here.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import URL

from jendela.model.errors import UnusableFeedError
from jendela.model.loopback import asked_of, leaves

_VERIFIED = ("verify-full", "verify-ca")
_ENCRYPTED = ("yes", "true", "mandatory", "strict")
_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
_NO = ("no", "false", "0")
_CLEAR = "it would travel in clear, or to a server that nobody has verified"


def secret(office: str, url: URL) -> URL:
    """The URL as the driver must get it: with TLS demanded wherever the connection leaves this machine.

    Raises:
        UnusableFeedError: it asks for less, or the engine is one for which we do not know how to demand it.
    """
    engine = url.get_backend_name()
    asked = asked_of(url)
    if engine == "sqlite" or not leaves(url):
        return url
    match engine:
        case "postgresql":
            return _postgres(office, url, asked)
        case "mysql" | "mariadb":
            return _mariadb(office, url, asked)
        case "mssql":
            return _mssql(office, url, asked)
        case "oracle":
            return _oracle(office, url)
    reason = f"how {engine} is told to use TLS is not known here, so {_CLEAR}"
    raise _refused(office, reason, "the URL of one of the engines there")


def _postgres(office: str, url: URL, asked: Mapping[str, str]) -> URL:
    mode = asked.get("sslmode")
    # libpq verifies the authority under `require` too, if it is told one.
    enough = mode is None or mode in _VERIFIED or (mode == "require" and "sslrootcert" in asked)
    if not enough:
        raise _refused(office, f"the connection says sslmode={mode}: {_CLEAR}", "`sslmode=verify-full`")
    return url.update_query_dict(
        {"sslmode": mode or "verify-full", "sslrootcert": asked.get("sslrootcert") or _authorities()}
    )


def _authorities() -> str:
    """The authorities that this machine trusts, in one file: libpq brings none of its own."""
    known = ssl.get_default_verify_paths().cafile
    return known or next((bundle for bundle in _BUNDLES if Path(bundle).is_file()), _BUNDLES[0])


def _mariadb(office: str, url: URL, asked: Mapping[str, str]) -> URL:
    if url.get_driver_name() != "pymysql":
        raise _refused(office, f"the driver is not pymysql, so {_CLEAR}", "`mysql+pymysql://`")
    off = [name for name in ("ssl_verify_cert", "ssl_verify_identity") if asked.get(name, "").lower() in _NO]
    if asked.get("ssl_disabled", "no").lower() not in _NO or off:
        raise _refused(office, f"the connection switches TLS or its verification off: {_CLEAR}", "`ssl_ca=…`")
    if "ssl_ca" in asked or "ssl_capath" in asked:
        return url
    return url.update_query_dict({"ssl_ca": _authorities()})


def _mssql(office: str, url: URL, asked: Mapping[str, str]) -> URL:
    parts = [part.partition("=") for part in asked.get("odbc_connect", "").split(";")]
    said = {**asked, **{name.strip().lower(): one.strip() for name, _, one in parts}}
    trusting = said.get("trustservercertificate", "no").lower() not in _NO
    if said.get("encrypt", "no").lower() not in _ENCRYPTED or trusting:
        raise _refused(
            office, f"the connection does not say Encrypt=yes and have the server verified: {_CLEAR}",
            "`Encrypt=yes`, and no `TrustServerCertificate`",
        )  # fmt: skip
    return url


def _oracle(office: str, url: URL) -> URL:
    host = (url.host or "").lower()
    # A name alone stands in the administrator's tnsnames.ora; a host and a port are always plain TCP.
    plain = url.database or "service_name" in url.query or ("(" in host and "tcps" not in host)
    if plain:
        raise _refused(
            office, f"the connection is plain TCP: {_CLEAR}",
            "a name of tnsnames.ora whose protocol is TCPS, `oracle+oracledb://user:password@NAME`",
        )  # fmt: skip
    return url


def _refused(office: str, reason: str, instead: str) -> UnusableFeedError:
    return UnusableFeedError(
        office,
        "connection",
        f"The database is on another machine, and {reason}.",
        f"Write {instead} (docs/reference/mapping.md, SQL across a network); where the agency's server has "
        "no TLS, reach it through a tunnel that ends on this machine.",
    )
