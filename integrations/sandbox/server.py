"""The HTTP server: a thread per connection, keep-alive, answers written in one piece."""

import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from integrations.sandbox.exchange import Reply
from integrations.sandbox.messages import Request, Response, json_response
from integrations.sandbox.sandbox import Sandbox

LARGEST_BODY = 8 * 1024 * 1024
IDLE_SECONDS = 60


class Server(ThreadingHTTPServer):
    """Serves one sandbox. Bugs in handlers are kept in `bugs` for tests to look at."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox):
        self.sandbox = sandbox
        self.bugs: list[BaseException] = []
        self._idle = threading.Condition()
        self._active = 0
        super().__init__(address, Handler)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def enter(self, change: int) -> None:
        """Note that a request began (1) or ended (-1)."""
        with self._idle:
            self._active += change
            self._idle.notify_all()

    def wait_until_idle(self, deadline: float) -> None:
        """Wait for requests under way, until a moment of the monotonic clock."""
        with self._idle:
            self._idle.wait_for(lambda: not self._active, max(0.0, deadline - time.monotonic()))

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError | TimeoutError):
            self.bugs.append(error)
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024

    def _exchange(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not length.isdigit():
            self._send(json_response(411, {"error": "Send a Content-Length."}), close=True)
            return
        if int(length) > LARGEST_BODY:
            self._send(json_response(413, {"error": "The body is too large."}), close=True)
            return
        body = self.rfile.read(int(length))
        request = Request.read(self.command, self.path, dict(self.headers.items()), body)
        self.server.enter(1)
        try:
            self._follow(self.server.sandbox.handle(request))
        finally:
            self.server.enter(-1)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _exchange

    def _follow(self, reply: Reply) -> None:
        if reply.delay:
            time.sleep(reply.delay)
        if reply.response is None:
            self._hang_up()
        elif reply.cut:
            self._send(reply.response, sent=len(reply.response.body) // 2, close=True)
        else:
            self._send(reply.response)

    def _send(self, response: Response, sent: int | None = None, close: bool = False) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(response.body)))
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(response.body[:sent])
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The client hung up first, which comes to the same.
            return

    def version_string(self) -> str:
        return "CrossdockSandbox"

    def log_message(self, *args: Any) -> None:
        """The sandbox keeps its own log of requests."""
