"""TLS in front of a real database on this machine, which is spoken to in clear behind it.

PostgreSQL is asked for TLS before anything else; MariaDB says in its greeting that it has it, and counts the
packet in which a client asks, so that the two packets after it are counted anew here.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager

WANTS_TLS = 0x0800  # CLIENT_SSL in the low capabilities of MariaDB
SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"


@contextmanager
def tls_front(engine, behind, certificates):
    """The port of a front for the server at port `behind`; without certificates one that has no TLS."""
    context = None
    if certificates is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server, certificates.server_key)
    meet = {"postgresql": _postgres, "mysql": _mariadb}[engine]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening, behind, meet, context), daemon=True).start()
        yield listening.getsockname()[1]


def _serve(listening, behind, meet, context):
    while True:
        try:
            client, _ = listening.accept()
        except OSError:  # the test is over
            return
        threading.Thread(target=_one, args=(client, behind, meet, context), daemon=True).start()


def _one(client, behind, meet, context):
    server = socket.create_connection(("127.0.0.1", behind))
    met = None
    try:
        met = meet(client, server, context)
        if met is not None:
            back = threading.Thread(target=_pump, args=(server, met), daemon=True)
            back.start()
            _pump(met, server)
            back.join()
    except (OSError, EOFError):
        pass
    finally:
        for one in (client, server, met):
            if one is not None:
                one.close()


def _pump(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def _postgres(client, server, context):
    asked = _exactly(client, 8)
    if asked != SSL_REQUEST:
        server.sendall(asked)
        return client
    client.sendall(b"S" if context else b"N")
    return context.wrap_socket(client, server_side=True) if context else client


def _mariadb(client, server, context):
    number, greeting = _packet(server)
    version = greeting.index(b"\0") + 1
    low = version + 4 + 8 + 1
    said = int.from_bytes(greeting[low : low + 2], "little")
    said = said | WANTS_TLS if context else said & ~WANTS_TLS
    greeting = greeting[:low] + said.to_bytes(2, "little") + greeting[low + 2 :]
    _send(client, number, greeting)
    if context is None:
        return client
    number, asked = _packet(client)
    if not int.from_bytes(asked[:4], "little") & WANTS_TLS:  # it goes on in clear
        _send(server, number, asked)
        return client
    safe = context.wrap_socket(client, server_side=True)
    number, login = _packet(safe)
    flags = int.from_bytes(login[:4], "little") & ~WANTS_TLS
    _send(server, number - 1, flags.to_bytes(4, "little") + login[4:])
    number, answer = _packet(server)
    _send(safe, number + 1, answer)
    return safe


def _packet(source):
    head = _exactly(source, 4)
    return head[3], _exactly(source, int.from_bytes(head[:3], "little"))


def _send(target, number, body):
    target.sendall(len(body).to_bytes(3, "little") + bytes([number]) + body)


def _exactly(source, size):
    got = b""
    while len(got) < size:
        piece = source.recv(size - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got
