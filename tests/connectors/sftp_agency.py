"""Agencies whose folder is behind SFTP: a real OpenSSH server on the loopback address."""

from __future__ import annotations

import atexit
import functools
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.files import FilesConnector
from tests.connectors.files_agency import FORMATS, LocalStore, agency_of

OFFLINE = {"sftp": (FilesConnector, "sftp://sri:rahasia@127.0.0.1:1/export?fingerprint=SHA256:abc")}
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
LogLevel ERROR
"""


@dataclass(frozen=True)
class Sshd:
    """A running server: its port, its folder with the keys, the fingerprint of its host key."""

    port: int
    folder: Path
    fingerprint: str
    process: subprocess.Popen

    def end(self):
        """End the server and the sessions that it started."""
        for task in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for child in task.read_text().split():
                os.kill(int(child), signal.SIGKILL)
        self.process.terminate()
        self.process.wait(10)

    def url(self, path, **query):
        """The URL of a folder of this machine behind the server."""
        asked = {"fingerprint": self.fingerprint, "key_file": self.folder / "client_key", **query}
        said = "&".join(f"{name}={value}" for name, value in asked.items() if value)
        return f"sftp://{getpass.getuser()}@127.0.0.1:{self.port}{path}?{said}"


@functools.cache
def sshd():
    """The server of this test process; the test is skipped without one, unless servers are required."""
    program = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        if os.environ.get("JENDELA_REQUIRE_SERVERS") == "1":
            pytest.fail("there is no sshd, and servers are required: install openssh-server")
        pytest.skip("there is no sshd (openssh-server)")
    folder = Path(tempfile.mkdtemp(prefix="jendela-sshd-"))
    for key in ("host_key", "client_key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key]
        subprocess.run(command, check=True)
    (folder / "authorized_keys").write_bytes((folder / "client_key.pub").read_bytes())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "sshd_config").write_text(CONFIG.format(port=port, folder=folder))
    if (
        os.geteuid() == 0
    ):  # the empty folder that the server locks itself into, which its package makes on boot
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    server = subprocess.Popen([program, "-D", "-e", "-f", folder / "sshd_config"], stderr=subprocess.DEVNULL)
    atexit.register(_end, server, folder)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    shown = subprocess.run(["ssh-keygen", "-lf", folder / "host_key.pub"], check=True, capture_output=True)
    return Sshd(port, folder, shown.stdout.decode().split()[1], server)


def _end(server, folder):
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


def behind_sftp(form):
    """How an agency of this format behind SFTP is made."""

    @contextmanager
    def build(folder):
        yield agency_of(LocalStore(folder, sshd().url(folder)), form)

    return build


AGENCIES = {f"{name}_sftp": behind_sftp(form) for name, form in FORMATS.items()}
SERVERS = set(AGENCIES)
