"""One JSON request over HTTP, or over HTTPS if the process uses TLS."""

import http.client
import json

from stand_in import libprocess

# For call(tls=…) and serve(tls=…): plain text, although the process uses TLS for libprocess.
PLAIN = object()


class Answer:
    """status: the HTTP status; body: the parsed JSON, or the text."""

    def __init__(self, status, raw, content_type):
        self.status = status
        self.raw = raw
        self.content_type = content_type

    @property
    def ok(self):
        """True for 2xx."""
        return 200 <= self.status < 300

    @property
    def body(self):
        """The parsed JSON. Raises ValueError if it is not JSON."""
        return json.loads(self.raw) if self.raw else None

    @property
    def message(self):
        """The "message" of an error, or the text itself."""
        try:
            return str(self.body["message"])
        except (ValueError, KeyError, TypeError):
            return self.raw.decode("utf-8", "replace")[:200]


def call(method, address, path, body=None, timeout=10.0, headers=None, tls=None):
    """Sends a request to (ip, port). body: a dict, or raw bytes; tls: connects instead of libprocess.

    Raises OSError, http.client.HTTPException.
    """
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} if data else {}
    connection = http.client.HTTPConnection(*address, timeout=timeout)
    secure = None if tls is PLAIN else tls or libprocess.own()
    try:
        if secure:
            connection.sock = secure.connect(address, timeout)
        connection.request(method, path, body=data, headers={**sent, **(headers or {})})
        reply = connection.getresponse()
        return Answer(reply.status, reply.read(), reply.getheader("Content-Type") or "text/plain")
    finally:
        connection.close()


FAILURES = (OSError, http.client.HTTPException, ValueError)
