"""A folder behind SFTP. The server's key is always verified: by a known_hosts file or by its fingerprint."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import asyncssh
from asyncssh.sftp import SFTPOpUnsupported
from sshfs import SSHFileSystem

from connectors.place import CONNECT_SECONDS, Place
from jendela.model.errors import UnusableFeedError

_ALIVE_SECONDS, _ALIVE_TIMES = 15, 3  # a server that is silent for 45 seconds is gone
_KNOWN = ("known_hosts", "fingerprint", "key_file", "passphrase")


class SftpFolder(SSHFileSystem):  # type: ignore[misc]  # sshfs ships no types
    """sshfs, but never through a shell: a rename over a file that is there, on servers of any age."""

    cachable = False

    async def _mv(self, lpath: str, rpath: str, **_: Any) -> None:
        async with self._pool.get() as channel:
            try:
                await channel.posix_rename(lpath, rpath)
            except SFTPOpUnsupported:
                # SFTP 3 without OpenSSH's extension renames only to a name that is free.
                if await channel.exists(rpath):
                    await channel.unlink(rpath)
                await channel.rename(lpath, rpath)


class _Pinned(asyncssh.SSHClient):
    """A client that knows its server by the fingerprint of its key."""

    def __init__(self, fingerprints: list[str]) -> None:
        self._fingerprints = {one.rstrip("=") for one in fingerprints}

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        return key.get_fingerprint("sha256").rstrip("=") in self._fingerprints


def open_sftp(office: str, url: str) -> Place:
    """The folder at `sftp://user:password@host:port/path?known_hosts=…`.

    The query may say `fingerprint=SHA256:…` instead, and `key_file=…` with its `passphrase=…`.

    Without known_hosts or fingerprint, the server's key must be in the account's own `~/.ssh/known_hosts`.

    Raises:
        UnusableFeedError: the URL says something unknown, or the key file or known_hosts cannot be read.
        OSError, asyncssh.Error: the server does not answer, or does not let us in.
    """
    parts = urlsplit(url)
    asked = parse_qs(parts.query.replace("+", "%2B"))  # a fingerprint has plus signs that are no blanks
    if unknown := sorted(set(asked) - set(_KNOWN)):
        raise _wrong(
            office, f"The SFTP connection says {', '.join(unknown)}.", f"It can say {', '.join(_KNOWN)}."
        )
    try:
        options = {**_identity(parts, asked), **_server(office, asked)}
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise _wrong(
            office,
            "The key file or the known_hosts file of the SFTP connection cannot be read.",
            "Correct key_file, passphrase or known_hosts in the connection's URL.",
        ) from None
    fs = SftpFolder(
        parts.hostname or "",
        port=parts.port or 22,
        config=None,
        agent_path=None,
        connect_timeout=CONNECT_SECONDS,
        login_timeout=CONNECT_SECONDS * 2,
        keepalive_interval=_ALIVE_SECONDS,
        keepalive_count_max=_ALIVE_TIMES,
        skip_instance_cache=True,
        **options,
    )
    root = unquote(parts.path).rstrip("/") or "/"
    return Place(fs, root, root, renames=True)


def _identity(parts: SplitResult, asked: dict[str, list[str]]) -> dict[str, Any]:
    keys: list[asyncssh.SSHKey] = []
    if "key_file" in asked:
        passphrase = asked["passphrase"][-1] if "passphrase" in asked else None
        keys = [asyncssh.read_private_key(Path(asked["key_file"][-1]).expanduser(), passphrase)]
    return {
        "username": unquote(parts.username) if parts.username else (),
        "password": unquote(parts.password) if parts.password else None,
        "client_keys": keys or None,
    }


def _server(office: str, asked: dict[str, list[str]]) -> dict[str, Any]:
    if "fingerprint" in asked:
        if not all(one.startswith("SHA256:") for one in asked["fingerprint"]):
            raise _wrong(
                office,
                "The fingerprint of the SFTP connection is not in the form SHA256:….",
                "Take it from the server's administrator: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
            )
        # An empty list of known keys, and not none at all, which would accept any.
        return {"known_hosts": _nobody, "client_factory": lambda: _Pinned(asked["fingerprint"])}
    path = Path(asked["known_hosts"][-1] if "known_hosts" in asked else "~/.ssh/known_hosts").expanduser()
    if "known_hosts" not in asked and not path.is_file():
        return {"known_hosts": _nobody}
    return {"known_hosts": asyncssh.read_known_hosts(str(path))}


def _nobody(host: str, addr: str, port: int | None) -> tuple[list[str], list[str], list[str]]:
    return [], [], []


def _wrong(office: str, reason: str, remedy: str) -> UnusableFeedError:
    return UnusableFeedError(office, "connection", reason, remedy)
