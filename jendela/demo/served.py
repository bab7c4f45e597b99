"""What `demo serve` serves, and where: ports of the loopback address, an account, a key, once for a demo.

They lie in `servers/` of the demo folder. Connections are written from them before anything is served.
"""

from __future__ import annotations

import json
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

HOST, USER = "127.0.0.1", "jendela"


@dataclass(frozen=True)
class Servers:
    """The ports of both servers, the password of our account, the fingerprint of the SFTP server's key."""

    sftp_port: int
    rest_port: int
    password: str
    fingerprint: str

    def sftp(self, path: str) -> str:
        """The URL of a folder behind SFTP; the server is known by its fingerprint."""
        asked = urlencode({"fingerprint": self.fingerprint})
        return f"sftp://{USER}:{quote(self.password, safe='')}@{HOST}:{self.sftp_port}/{path}?{asked}"

    def rest(self) -> str:
        """The URL of the interface over HTTP, with client credentials (OAuth2)."""
        asked = urlencode({"token_url": f"http://{HOST}:{self.rest_port}/oauth/token", "scope": "pertukaran"})
        return f"http://{USER}:{quote(self.password, safe='')}@{HOST}:{self.rest_port}/api?{asked}"


def servers(folder: Path) -> Servers:
    """Those of a demo folder, made when they are asked for the first time."""
    file = folder / "servers" / "servers.json"
    if not file.is_file():
        _make(file)
    return Servers(**json.loads(file.read_text(encoding="utf-8")))


def host_key(folder: Path) -> Path:
    """The private key of the SFTP server."""
    return folder / "servers" / "sftp_host_key"


def move(folder: Path, **ports: int) -> None:
    """Other ports, where somebody else has taken ours."""
    file = folder / "servers" / "servers.json"
    _save(file, {**asdict(servers(folder)), **ports})


def is_free(port: int) -> bool:
    """Whether a port of the loopback address can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _make(file: Path) -> None:
    import asyncssh

    file.parent.mkdir(parents=True, exist_ok=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    host = file.parent / "sftp_host_key"
    host.touch(mode=0o600)
    host.write_bytes(key.export_private_key())
    _save(
        file,
        {
            "sftp_port": free_port(),
            "rest_port": free_port(),
            "password": secrets.token_urlsafe(18),
            "fingerprint": key.get_fingerprint("sha256"),
        },
    )


def _save(file: Path, values: dict[str, object]) -> None:
    half = file.with_name(f".{file.name}")
    half.touch(mode=0o600)
    half.write_text(json.dumps(values, indent=1), encoding="utf-8")
    half.replace(file)
