"""Asks the cluster's services over HTTP, or HTTPS where the seed says tls, in the one way that this node's configuration demands; programs of the node ask in no other."""

import http.client
import json
from typing import Any, NamedTuple

from ingot_node import cluster_channel, cluster_login

MASTER_PORT = 5050
AGENT_PORT = 5051
MARATHON_PORT = 8080


class Answer(NamedTuple):
    """body: the JSON of the answer; None where it has none. location: where a redirect leads; it is not followed. says: the text of a refusal."""

    status: int
    body: Any
    location: str | None = None
    says: str = ""


class NoAnswer(Exception):
    """Nobody answered; says who was asked and what went wrong."""


def ask(address: str, port: int, path: str, patience: float = 10.0, body: Any = None) -> Answer:
    """A GET of the path, or a POST of the body as JSON; patience: seconds. NoAnswer where nothing comes, what is no JSON, or the login is not accepted."""
    data = None if body is None else json.dumps(body).encode()
    kind = {} if data is None else {"Content-Type": "application/json", "Accept": "application/json"}
    connection = http.client.HTTPConnection(address, port, timeout=patience)
    try:
        # http.client connects by itself where it is given no socket.
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
    """What a person would type to ask the same."""
    return f"{'https' if cluster_channel.seeded() else 'http'}://{address}:{port}{path}"


def metrics(address: str, port: int, patience: float = 10.0) -> dict | None:
    """Mesos' /metrics/snapshot; None where the process refuses to answer. NoAnswer where nobody answers."""
    answer = ask(address, port, "/metrics/snapshot", patience)
    return answer.body if answer.status == 200 and isinstance(answer.body, dict) else None
