"""Whether a host is this machine itself: what goes there travels over no network."""

from __future__ import annotations

from ipaddress import ip_address

from sqlalchemy.engine import URL


def is_loopback(host: str) -> bool:
    """True for `localhost` and the loopback addresses."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def asked_of(url: URL) -> dict[str, str]:
    """The query of a database's URL, names in lower case; what is said twice is parted by commas."""
    return {name.lower(): one if isinstance(one, str) else ",".join(one) for name, one in url.query.items()}


def leaves(url: URL) -> bool:
    """Whether a connection to a database may go to another machine; a service's file or a DSN may."""
    asked = asked_of(url)
    if "unix_socket" in asked:
        return False
    named = [url.host or "", *asked.get("host", "").split(","), *asked.get("hostaddr", "").split(",")]
    hosts = [_bare(host) for host in named if host]
    elsewhere = "service" in asked or "odbc_connect" in asked
    return elsewhere or not all(host.startswith("/") or is_loopback(host) for host in hosts)


def _bare(host: str) -> str:
    """A host without a port: `db:5432`, `[::1]:5432`; an IPv6 address may stand alone."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() and ":" not in name else host
