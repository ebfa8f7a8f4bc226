"""HTTP requests to the cluster's services.

HTTPS is used if the seed has tls. All programs of the node use this module, so all connect as its configuration
demands.
"""

import http.client
import json
from typing import Any, NamedTuple

from ingot_node import cluster_channel, cluster_login

MASTER_PORT = 5050
AGENT_PORT = 5051
MARATHON_PORT = 8080


class Answer(NamedTuple):
    """An HTTP response.

    body: the parsed JSON, None if there is none. location: target of a redirect, which is not followed. says: the text
    of a refusal.
    """

    status: int
    body: Any
    location: str | None = None
    says: str = ""


class NoAnswer(Exception):
    """There was no usable answer; the text has the address and what went wrong."""


def ask(address: str, port: int, path: str, patience: float = 10.0, body: Any = None) -> Answer:
    """Sends a GET of the path, or a POST of the body as JSON.

    patience: seconds. Raises NoAnswer if there is no answer, if it is not JSON, or if the login is not accepted.
    """
    data = None if body is None else json.dumps(body).encode()
    kind = {} if data is None else {"Content-Type": "application/json", "Accept": "application/json"}
    connection = http.client.HTTPConnection(address, port, timeout=patience)
    try:
        # http.client connects by itself if it gets no socket.
        connection.sock = cluster_channel.connect(address, port, patience)
        connection.request("GET" if data is None else "POST", path, data, {**kind, **cluster_login.headers(port)})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status == 401:
            raise NoAnswer(f"{url(address, port, path)}: HTTP status 401: {cluster_login.refusal()}")
        found = json.loads(text) if text.strip() and answer.status < 300 else None
        says = text.decode("utf-8", "replace").strip() if answer.status >= 300 else ""
        return Answer(answer.status, found, answer.getheader("Location"), says)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(f"{url(address, port, path)}: {cluster_channel.words(error)}") from error
    finally:
        connection.close()


def url(address: str, port: int, path: str) -> str:
    """The URL of a request, as a person would type it."""
    return f"{'https' if cluster_channel.seeded() else 'http'}://{address}:{port}{path}"


def metrics(address: str, port: int, patience: float = 10.0) -> dict | None:
    """Mesos' /metrics/snapshot; None if the process refuses to answer. Raises NoAnswer if there is no answer."""
    answer = ask(address, port, "/metrics/snapshot", patience)
    return answer.body if answer.status == 200 and isinstance(answer.body, dict) else None
