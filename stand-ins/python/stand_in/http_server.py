"""A small threaded HTTP server: a list of routes, JSON in and out; HTTPS if the process uses TLS."""

import json
import re
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from urllib.parse import parse_qs, urlsplit

from stand_in import libprocess, log
from stand_in.http_call import PLAIN

_BODY_LIMIT = 1024 * 1024


@dataclass
class Request:
    """path: without query; query: name → last value; body: the parsed JSON, or None."""

    method: str
    path: str
    query: dict
    body: object
    raw: bytes
    headers: object


@dataclass
class Reply:
    """body: a dict or list (sent as JSON), or text."""

    body: object
    status: int = 200
    headers: dict = field(default_factory=dict)


class HttpError(Exception):
    """A reply with the status of an error and {"message": …}."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Routes:
    """Handlers by method and regular expression for the whole path."""

    def __init__(self):
        self._routes = []

    def add(self, method, pattern, handler):
        """handler takes the Request and the groups of the pattern, and returns a Reply or raises HttpError."""
        self._routes.append((method, re.compile(pattern + r"\Z"), handler))

    def find(self, request, otherwise=None):
        """The Reply of the first route that matches; if none matches, that of otherwise, or 404 or 405."""
        known = False
        for method, pattern, handler in self._routes:
            match = pattern.match(request.path)
            if match and method in (request.method, "*"):
                return handler(request, *match.groups())
            known = known or match is not None
        if otherwise:
            return otherwise(request)
        raise HttpError(405 if known else 404, "Method not allowed" if known else "Not found")


class _Server(ThreadingMixIn, TCPServer):
    # HTTPServer would look up the host's name here, and hang without a DNS server.
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        # A peer with another protocol is not an error of this program: the connection ends, as in libprocess.
        problem = sys.exc_info()[1]
        if isinstance(problem, OSError):
            log.warning(f"Failed to accept socket from {client_address[0]}: {problem}")
        else:
            super().handle_error(request, client_address)

    block_on_close = False
    request_queue_size = 64


def serve(ip, port, answer, tls=None):
    """Listens on ip:port in the background. answer: Request → Reply; tls: accepts instead of libprocess.

    Returns the port. Raises OSError.
    """

    class Handler(_Handler):
        pass

    Handler.answer = staticmethod(answer)
    Handler.tls = None if tls is PLAIN else tls or libprocess.own()
    server = _Server((ip, port), Handler)
    # Only the end of the process shuts the server down, so it need not poll.
    run = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 3600}, daemon=True)
    run.start()
    return server.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    timeout = 30
    server_version = "stand-in"
    sys_version = ""
    tls = None

    def setup(self):
        # In the thread of this connection: a slow handshake does not delay other peers.
        if self.tls:
            self.request.settimeout(self.timeout)
            self.request = self.tls.accept(self.request)
        super().setup()

    def finish(self):
        super().finish()
        if self.tls:
            # The server closes the socket that it accepted, but TLS has replaced it.
            self.request.close()

    def log_message(self, format, *args):
        pass  # one line per health check would flood the log

    def _handle(self):
        try:
            reply = type(self).answer(self._read())
        except HttpError as problem:
            reply = Reply({"message": str(problem)}, problem.status)
        except Exception as problem:
            log.error(f"{self.command} {self.path} failed: {type(problem).__name__}: {problem}")
            reply = Reply({"message": f"{type(problem).__name__}: {problem}"}, 500)
        self._send(reply)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle

    def _read(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > _BODY_LIMIT:
            raise HttpError(413, f"The body is larger than {_BODY_LIMIT} bytes")
        raw = self.rfile.read(length) if length else b""
        try:
            body = json.loads(raw) if raw else None
        except ValueError as problem:
            raise HttpError(400, f"Invalid JSON: {problem}") from None
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        method = "GET" if self.command == "HEAD" else self.command
        return Request(method, url.path, query, body, raw, self.headers)

    def _send(self, reply):
        text = isinstance(reply.body, (str, bytes))
        data = reply.body if text else json.dumps(reply.body, sort_keys=True)
        data = data.encode() if isinstance(data, str) else data
        headers = {"Content-Type": "text/plain" if text else "application/json", **reply.headers}
        try:
            self.send_response(reply.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)
        except OSError:
            pass  # the client has closed the connection
