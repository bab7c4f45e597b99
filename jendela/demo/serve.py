"""The servers that some of the demo's offices need: SFTP and REST, on the loopback address, until stopped.

with serving(folder):
    ...        # the connections of connections.env answer
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh

from jendela.demo import served, state
from jendela.demo.connections import write_connections
from jendela.demo.country import country
from jendela.demo.house import House
from jendela.demo.rest_office import serving as rest_serving
from jendela.demo.rest_routes import Account
from jendela.demo.rest_store import RestStore
from jendela.demo.shelves.database import Database
from jendela.demo.shelves.inboxes import TableInbox
from jendela.demo.shelves.kept import Kept
from jendela.model.errors import WrongUseError


@contextmanager
def serving(folder: Path) -> Iterator[list[str]]:
    """Serves what the offices of a demo folder need; gives a line for each server.

    A port that somebody else has taken is changed, and connections.env is written anew.

    Raises:
        WrongUseError: there is no demo in the folder, or none of its offices needs a server.
    """
    place = country(state.load(folder).offices)
    by_sftp = [house for house in place.houses if isinstance(house.shelf, Kept) and house.shelf.server]
    by_rest = [house for house in place.houses if isinstance(house.shelf, Database) and house.shelf.server]
    if not by_sftp and not by_rest:
        raise WrongUseError(
            f"No office of {folder} needs a server: it was written with --offices {place.name}. "
            f"Write all of them with `jendela demo agencies {folder} --offices all`."
        )
    known = served.servers(folder)
    taken = {
        name: served.free_port()
        for name in ("sftp_port", "rest_port")
        if not served.is_free(getattr(known, name))
    }
    if taken:
        served.move(folder, **taken)
        write_connections(folder, place)
        known = served.servers(folder)
    (sftp_office,), (rest_office,) = by_sftp, by_rest
    account = Account(served.USER, known.password)
    with (
        _sftp(folder, sftp_office, known),
        rest_serving(_store(folder, rest_office), account, port=known.rest_port),
    ):
        yield [
            f"{sftp_office.agency}: SFTP on {served.HOST}:{known.sftp_port}, key {known.fingerprint}",
            f"{rest_office.agency}: REST on http://{served.HOST}:{known.rest_port}/api",
        ]


def _store(folder: Path, house: House) -> RestStore:
    """The office's tables as its interface shows them, and the inbox behind it."""
    shelf, inbox = house.shelf, house.inbox
    assert isinstance(shelf, Database)  # noqa: S101  as `serving` chose it
    assert isinstance(inbox, TableInbox)  # noqa: S101
    records = folder / shelf.agency / shelf.file
    return RestStore(records, inbox.place(folder), {book.table: book.changed for book in house.books})


class _Account(asyncssh.SSHServer):
    """Lets our account in, and nobody else."""

    def __init__(self, password: str) -> None:
        self._password = password

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (served.USER, self._password)


@contextmanager
def _sftp(folder: Path, house: House, known: served.Servers) -> Iterator[None]:
    """An SFTP server over the office's folder, which it never leaves, in a thread of its own."""
    root = str((folder / house.agency).resolve()).encode()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: _Account(known.password),
            served.HOST,
            known.sftp_port,
            server_host_keys=[str(served.host_key(folder))],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=root),
            allow_scp=False,
        )

    async def stop(server: asyncssh.SSHAcceptor) -> None:
        server.close()
        await server.wait_closed()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:  # of a client that went without a word
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    try:
        server = asyncio.run_coroutine_threadsafe(start(), loop).result(30)
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(stop(server), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
