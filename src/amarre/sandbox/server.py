"""The HTTP servers: cheroot with a gateway of our own, mutual TLS or plain, routing nothing by itself.

The TLS handshake happens in the worker thread, so that a client which stalls in the middle of it holds one
thread and not the whole server; and the peer certificate is read from the socket, not from variables.
"""

from __future__ import annotations

import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable
from http import HTTPStatus

from cheroot.makefile import StreamReader, StreamWriter
from cheroot.server import Gateway, HTTPConnection, HTTPServer
from cheroot.ssl import Adapter
from cryptography import x509

from amarre.interop.common.clock import Clock
from amarre.sandbox.service import SandboxRequest, SandboxResponse

LOGGER = logging.getLogger("amarre.sandbox")
Handler = Callable[[SandboxRequest], SandboxResponse]
Refusal = Callable[[ssl.SSLError], None]
THREADS = 16
HANDSHAKE_SECONDS = 10
DRAIN_SECONDS = 1


class DeferredTlsAdapter(Adapter):
    """Wraps an accepted socket without the handshake, which the first read of the worker does."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: socket.socket) -> socket.socket:
        """Return the listening socket unchanged."""
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """Return the TLS socket, handshake still to do, and no variables."""
        return self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), {}

    def get_environ(self) -> dict[str, str]:
        """Return nothing: the gateway reads the certificate from the socket."""
        return {}

    def makefile(self, sock: socket.socket, mode: str = "r", bufsize: int = -1) -> object:
        """Return cheroot's own buffered file over the socket."""
        return (StreamReader if "r" in mode else StreamWriter)(sock, mode, bufsize)


class Connection(HTTPConnection):
    """A connection that does its own handshake, once, in the worker thread."""

    handshaken = False

    def communicate(self) -> bool:
        """Serve one request; return whether the connection stays open."""
        if not self.handshaken and isinstance(self.socket, ssl.SSLSocket):
            try:
                self.socket.settimeout(HANDSHAKE_SECONDS)
                self.socket.do_handshake()
            except OSError as error:
                # No certificate, an unknown authority, an expired one, a client that left: TLS said it.
                _drain(self.socket)
                if isinstance(error, ssl.SSLError):
                    self.server.tls_refused(error)
                return False
            self.handshaken = True
        serve: Callable[[], object] = super().communicate
        return bool(serve())


class SandboxHttpServer(HTTPServer):
    """An HTTP server that hands every request to one function."""

    ConnectionClass = Connection

    def __init__(self, address: tuple[str, int], handler: Handler, clock: Clock, max_body: int) -> None:
        super().__init__(address, _SandboxGateway, minthreads=THREADS, maxthreads=THREADS)
        self.handler = handler
        self.clock = clock
        self.max_request_body_size = max_body
        self.server_name = "Amarre-bac-a-sable"
        self.shutdown_timeout = 1
        self.timeout = 60
        self.tls_refused: Refusal = _forget
        self._bind_error: OSError | None = None
        self._thread: threading.Thread | None = None

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Report faults of the sandbox itself; connections that clients cut are part of the situations."""
        if level >= logging.ERROR:
            LOGGER.error(msg, exc_info=traceback)

    def prepare(self) -> None:
        """Bind the port and start the workers. Raises OSError with its errno, which cheroot loses."""
        try:
            super().prepare()
        except OSError as error:
            raise (self._bind_error or error) from error

    def bind(self, family: int, type: int, proto: int = 0) -> socket.socket:
        """Bind one address, remembering why it failed."""
        try:
            bound: socket.socket = super().bind(family, type, proto)
        except OSError as error:
            self._bind_error = error
            raise
        return bound

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:
        """Bind the listening socket, and close it when the port is taken. Raises OSError."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_

    def start_in_thread(self) -> None:
        """Accept connections until `stop_and_join`. `prepare` has bound the port."""
        self._thread = threading.Thread(target=self.serve, daemon=True)
        self._thread.start()

    def stop_and_join(self) -> None:
        """Stop accepting, close every connection, wait for the thread."""
        self.stop()
        if self._thread is not None:
            self._thread.join(timeout=5)

    @property
    def port(self) -> int:
        """The real port, once prepared."""
        return int(self.socket.getsockname()[1])


class _SandboxGateway(Gateway):
    """Turns a cheroot request into ours, and writes the response with its faults."""

    def respond(self) -> None:
        request = self.req
        try:
            body = request.rfile.read()
        except ValueError:
            # A negative length, a chunk whose size is no number: no request at all for the services.
            request.close_connection = True
            request.simple_response("400 Bad Request", "Malformed body length")
            # Said once: cheroot would add the headers of an answer that does not exist.
            request.sent_headers = True
            return
        uri = request.uri.decode("latin-1")
        path, _, query = uri.partition("?")
        peer = request.conn.socket
        certificate = None
        if isinstance(peer, ssl.SSLSocket):
            der = peer.getpeercert(binary_form=True)
            certificate = x509.load_der_x509_certificate(der) if der else None
        response = request.server.handler(
            SandboxRequest(
                method=request.method.decode("ascii"),
                path=path,
                query=query,
                headers={
                    key.decode("latin-1").lower(): value.decode("latin-1")
                    for key, value in request.inheaders.items()
                },
                body=body,
                client_certificate=certificate,
                received_at=request.server.clock.now(),
            )
        )
        if response.delay_seconds:
            _wait(request.server, response.delay_seconds)
        self._write(response)

    def _write(self, response: SandboxResponse) -> None:
        request = self.req
        if response.cut:
            request.sent_headers = True
            request.close_connection = True
            return
        request.status = f"{response.status} {_reason(response.status)}".encode()
        request.outheaders = [
            (key.encode("latin-1"), value.encode("latin-1")) for key, value in response.headers.items()
        ]
        announced = len(response.body) if response.declared_length is None else response.declared_length
        request.outheaders.append((b"Content-Length", str(announced).encode()))
        if response.declared_length is not None:
            request.close_connection = True
        body = response.body
        if response.truncate_at is not None:
            body = body[: response.truncate_at]
            request.close_connection = True
        request.sent_headers = True
        request.send_headers()
        if request.method == b"HEAD":
            return
        if not response.send_rate:
            request.write(body)
            return
        for start in range(len(body)):
            if not request.server.ready:
                return
            request.write(body[start : start + 1])
            time.sleep(1 / response.send_rate)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _drain(peer: ssl.SSLSocket) -> None:
    """Read what the client still sends, so that closing does not destroy the TLS alert on its way."""
    try:
        with socket.socket(fileno=os.dup(peer.fileno())) as raw:
            raw.shutdown(socket.SHUT_WR)
            raw.settimeout(DRAIN_SECONDS)
            while raw.recv(4096):
                pass
    except OSError:
        return


def _wait(server: SandboxHttpServer, seconds: float) -> None:
    """Sleep, but wake up when the server stops."""
    end = time.monotonic() + seconds
    while server.ready and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))


def _forget(error: ssl.SSLError) -> None:
    """A plain server refuses nobody."""


def tls_server(
    address: tuple[str, int],
    handler: Handler,
    clock: Clock,
    max_body: int,
    context: ssl.SSLContext,
    refused: Refusal,
) -> SandboxHttpServer:
    """Return a TLS server with `context`, not yet listening. `refused` hears failed handshakes."""
    server = SandboxHttpServer(address, handler, clock, max_body)
    server.tls_refused = refused
    server.ssl_adapter = DeferredTlsAdapter(context)
    return server
