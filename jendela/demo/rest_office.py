"""A demo office that offers REST on the loopback address: over HTTP, or HTTPS with client certificates.

with serving(store, Account("jendela", secret)) as office:
    office.url        # the connection's URL, with the credentials
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, urlencode

from jendela.crypto.loopback_tls import Certificates
from jendela.demo.rest_faults import Fault, Faults, spoiled
from jendela.demo.rest_routes import BASE, TOKEN, Account, Reply, Request, Routes
from jendela.demo.rest_store import RestStore

HOST = "127.0.0.1"
_BEFORE = frozenset({"drop", "401", "403", "404", "410", "429", "500", "503", "redirect", "elsewhere"})


class RestOffice:
    """A running office: where it is, what it was asked (`method path`), and what shall go wrong next."""

    def __init__(self, store: RestStore, account: Account, tls: Certificates | None, port: int) -> None:
        self.routes, self.faults, self.tls = Routes(store, account), Faults(), tls
        self.requests: list[str] = []
        self.last: dict[str, bytes] = {}
        handler = type("Handler", (_Handler,), {"office": self})
        self._server = _Server((HOST, port), handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.server, tls.server_key)
            context.load_verify_locations(tls.ca)
            context.verify_mode = ssl.CERT_REQUIRED
            # The handshake is the thread's: one client that never finishes it must not keep the others out.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def base(self) -> str:
        """Its URL without credentials."""
        return f"{'https' if self.tls else 'http'}://{HOST}:{self._server.server_port}{BASE}"

    @property
    def url(self) -> str:
        """The connection's URL: client credentials, and the certificates where it wants them."""
        scheme, _, rest = self.base.partition("://")
        account = self.routes.account
        query = {"token_url": self.base.removesuffix(BASE) + TOKEN, "scope": "pertukaran"}
        if self.tls:
            query |= {
                "cert": str(self.tls.client), "key": str(self.tls.client_key), "ca": str(self.tls.ca),
            }  # fmt: skip
        known = f"{quote(account.client_id, safe='')}:{quote(account.secret, safe='')}"
        return f"{scheme}://{known}@{rest}?{urlencode(query)}"

    def start(self) -> None:
        """Serve until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Answer nothing any more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def serving(
    store: RestStore, account: Account, *, tls: Certificates | None = None, port: int = 0
) -> Iterator[RestOffice]:
    """The office, served as long as the block runs; port 0 is any that is free.

    Raises:
        OSError: the port is taken.
    """
    office = RestOffice(store, account, tls, port)
    office.start()
    try:
        yield office
    finally:
        office.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or has no certificate, is no matter for the terminal."""


class _Handler(BaseHTTPRequestHandler):
    office: RestOffice
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer a request."""
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.title(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(length))
        self.office.requests.append(f"{request.method} {request.path}")
        fault = self.office.faults.take(request.path) or Fault("none")
        if fault.kind == "slow":
            time.sleep(self.office.faults.delay)
        if fault.kind in _BEFORE:
            self._refuse(fault)
            return
        reply = self.office.routes.answer(request)
        if fault.kind == "slow_after":
            time.sleep(self.office.faults.delay)
        self._send(request, reply, fault.kind)

    do_POST = do_PUT = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as http.server calls it
        """Nothing: a URL may hold a key."""

    def _refuse(self, fault: Fault) -> None:
        if fault.kind == "drop":
            self.close_connection = True
            return
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        if fault.kind in ("redirect", "elsewhere"):
            host = "http://127.0.0.2:1" if fault.kind == "elsewhere" else ""
            self._write(Reply(307, {}, {"Location": f"{host}{self.path}"}))
        else:
            self._write(Reply(int(fault.kind), {"error": "NIK 3215014101900001"}, headers))

    def _send(self, request: Request, reply: Reply, kind: str) -> None:
        if kind == "drop_after":
            self.close_connection = True
            return
        if kind in ("shrunk", "more", "no_total", "link_elsewhere") and reply.status == 200:
            _misshape(kind, reply)
        body = reply.body()
        if kind == "repeated":
            body = self.office.last.get(request.path, body)
        self.office.last[request.path] = body
        self._write(reply, spoiled(kind, body, reply.headers), cut=kind == "cut")

    def _write(self, reply: Reply, body: bytes | None = None, *, cut: bool = False) -> None:
        content = reply.body() if body is None else body
        if reply.status == 204:
            content = b""
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        self.close_connection = self.close_connection or cut


def _misshape(kind: str, reply: Reply) -> None:
    document = json.loads(reply.body())
    if kind == "shrunk":
        document["data"] = document["data"][:-1]
    elif kind == "more":
        document["data"] = document["data"] * 2
    elif kind == "no_total":
        del document["meta"]["total"]
    else:
        document["meta"]["next"] = "http://127.0.0.2:1/api"
        reply.headers["Link"] = '<http://127.0.0.2:1/api>; rel="next"'
    reply.document = document
