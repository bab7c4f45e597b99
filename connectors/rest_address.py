"""The URL of an office's HTTP interface, taken apart: where it is, who we are to it, and whom we trust.

`https://client_id:secret@host/base?token_url=…&scope=…` is OAuth2 client credentials; without `token_url`
user and password are HTTP Basic, a password alone (`https://:token@host`) a bearer token, or the value of the
header named by `header=…`. `cert`, `key` and `key_password` are our client certificate (PEM), `ca` the
authority that the office's own certificate is judged by. Nothing switches that judgement off, and `http://`
is for loopback only.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from jendela.model.errors import UnusableFeedError
from jendela.model.loopback import is_loopback

_KNOWN = ("token_url", "scope", "header", "cert", "key", "key_password", "ca")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Address:
    """Where an office is reached. `base` has no credentials, no query and no slash at its end."""

    office: str
    base: str
    user: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    more: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what we give our credentials to, and nobody else."""
        return origin_of(self.base)

    def at(self, path: str) -> str:
        """The URL of a path below the base."""
        return f"{self.base}/{path.lstrip('/')}" if path else self.base

    def context(self) -> ssl.SSLContext:
        """TLS as the office wants it: its certificate always judged, ours shown where it asks for one.

        Raises:
            UnusableFeedError: a file that the URL names is missing or is no certificate or key.
        """
        try:
            context = ssl.create_default_context(cafile=self.more.get("ca"))
        except (OSError, ValueError):
            raise self._unusable("ca", "is not a readable PEM file of certificates") from None
        if cert := self.more.get("cert"):
            password = self.more.get("key_password", "")
            try:
                # Always given, or OpenSSL would ask for it at the terminal and wait.
                context.load_cert_chain(cert, self.more.get("key"), password=lambda: password)
            except (OSError, ValueError):
                problem = "are not a readable PEM certificate and the key that belongs to it"
                raise self._unusable("cert and key", problem) from None
        return context

    def _unusable(self, name: str, problem: str) -> UnusableFeedError:
        return UnusableFeedError(
            self.office,
            "connection",
            f"The connection's {name} {problem}.",
            "Correct the path in the connection, and see that this account may read the file.",
        )


def address_of(office: str, url: str) -> Address:
    """The address in a connection's URL.

    Raises:
        UnusableFeedError: it is no http(s) URL, would send credentials in clear, or says something unknown.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        asked = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise _wrong(office, "The connection's URL cannot be read.") from None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host:
        raise _wrong(office, "The connection's URL is not an https:// URL.")
    if unknown := sorted(set(asked) - set(_KNOWN)):
        # Their names only where they are plain words: a password with an ampersand in it ends up here.
        named = f" {unknown[0]!r}" if unknown[0].isidentifier() and len(unknown[0]) < 20 else ""
        said = f"The connection's URL has a parameter{named} that is none of {', '.join(_KNOWN)}."
        raise _wrong(office, said)
    for scheme, where in ((parts.scheme, host), _scheme_and_host(asked.get("token_url", ""))):
        if scheme == "http" and not is_loopback(where):
            raise _wrong(office, "The connection's URL is http://: credentials would travel in clear.")
    shown = f"[{host}]" if ":" in host else host
    base = f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
    return Address(office, base, unquote(parts.username or ""), unquote(parts.password or ""), asked)


def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL; empty where it has none or cannot be read."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0


def _scheme_and_host(url: str) -> tuple[str, str]:
    scheme, host, _ = origin_of(url)
    return scheme, host


def _wrong(office: str, reason: str) -> UnusableFeedError:
    remedy = "Correct the connection: https://id:secret@host/base?token_url=…&cert=…&key=…&ca=…; see rest.md."
    return UnusableFeedError(office, "connection", reason, remedy)
