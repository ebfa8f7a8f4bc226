"""Reads from ZooKeeper. A node has no client library, and needs only this part of the protocol.

The records and their order are those of ZooKeeper 3.8: zookeeper-jute/src/main/resources/zookeeper.jute
(ConnectRequest, ConnectResponse, RequestHeader, ReplyHeader, GetChildrenRequest, GetDataRequest) and ZooDefs.java
(operation numbers); error numbers: KeeperException.java. Nothing here writes or sets a watch.
"""

import socket
import struct
import time
from collections.abc import Callable

GET_DATA = 4
GET_CHILDREN = 8
CLOSE = -11
NO_NODE = -101
ERRORS = {-102: "reading it is not allowed", -112: "the session expired", -115: "authentication failed"}

# A znode holds less than 1 MiB (jute.maxbuffer); a server that announces more does not speak this protocol.
LARGEST_ANSWER = 4 << 20
# How long the server keeps a session whose client disappeared, in milliseconds, unless its own minimum is larger.
SESSION_MS = 4000

Connect = Callable[[str, int, float], socket.socket]


class ZooKeeperError(Exception):
    """A server does not answer, or refuses to; the text has its address and the reason."""


def connect(address: str, port: int, patience: float) -> socket.socket:
    """Connects to a server; the only place that decides how this is done."""
    return socket.create_connection((address, port), timeout=patience)


class Session:
    """A session with one server. Opening one is a transaction, so the server that grants it has a quorum.

    A context manager: at the end it closes the session and waits for the server's answer; otherwise the server would
    log a broken connection.
    """

    def __init__(self, address: str, port: int = 2181, patience: float = 5.0, dial: Connect = connect):
        """patience: seconds for all requests of this session. Raises ZooKeeperError if no session is granted."""
        self._name = f"{address}:{port}"
        self._end = time.monotonic() + patience
        self._number = 0
        try:
            self._socket = dial(address, port, patience)
        except OSError as error:
            raise ZooKeeperError(f"{self._name}: {error.strerror or error}") from error
        try:
            self._open()
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_exception) -> None:
        try:
            self._number += 1
            self._send(struct.pack(">ii", self._number, CLOSE))
            while self._receive() is not None:
                pass
        except ZooKeeperError:
            pass  # the server ends an unclosed session by itself
        finally:
            self._socket.close()

    def children(self, path: str) -> list[str] | None:
        """Names of the znodes below a path, in no particular order; None if the path does not exist."""
        answer = self._ask(GET_CHILDREN, path)
        if answer is None:
            return None
        names, at = [], 4
        try:
            (count,) = struct.unpack_from(">i", answer)
            for _ in range(count):
                (size,) = struct.unpack_from(">i", answer, at)
                names.append(answer[at + 4 : at + 4 + size].decode())
                at += 4 + size
        except (struct.error, UnicodeDecodeError) as error:
            raise ZooKeeperError(f"{self._name}: the list of {path} cannot be read: {error}") from error
        return names

    def data(self, path: str) -> bytes | None:
        """The content of a znode; None if the path does not exist."""
        answer = self._ask(GET_DATA, path)
        if answer is None:
            return None
        try:
            (size,) = struct.unpack_from(">i", answer)
        except struct.error as error:
            raise ZooKeeperError(f"{self._name}: the content of {path} cannot be read: {error}") from error
        # -1 means null.
        return answer[4 : 4 + max(size, 0)]

    def _open(self) -> None:
        # Protocol, last transaction seen, time-out, session (a new one), password, whether a read-only server is
        # accepted.
        self._send(struct.pack(">iqiqi16s?", 0, 0, SESSION_MS, 0, 16, bytes(16), False))
        answer = self._receive()
        if answer is None:
            raise ZooKeeperError(f"{self._name}: it serves nobody (no quorum)")
        try:
            _, granted, session = struct.unpack_from(">iiq", answer)
        except struct.error as error:
            raise ZooKeeperError(f"{self._name}: it does not speak ZooKeeper's protocol") from error
        if granted <= 0 or session == 0:
            raise ZooKeeperError(f"{self._name}: it grants no session")

    def _ask(self, operation: int, path: str) -> bytes | None:
        """The answer to a request about a path; None if the path does not exist."""
        name = path.encode()
        self._number += 1
        # RequestHeader, path, no watch.
        self._send(struct.pack(f">iii{len(name)}s?", self._number, operation, len(name), name, False))
        answer = self._receive()
        if answer is None or len(answer) < 16:
            raise ZooKeeperError(f"{self._name}: the connection ended")
        # ReplyHeader: request number, transaction, error.
        number, _, error = struct.unpack_from(">iqi", answer)
        if number != self._number:
            raise ZooKeeperError(f"{self._name}: it answers another request")
        if error == NO_NODE:
            return None
        if error != 0:
            raise ZooKeeperError(f"{self._name}: {path}: {ERRORS.get(error, f'error {error}')}")
        return answer[16:]

    def _send(self, record: bytes) -> None:
        self._wait_no_longer()
        try:
            self._socket.sendall(struct.pack(">i", len(record)) + record)
        except OSError as error:
            raise ZooKeeperError(f"{self._name}: {error.strerror or error}") from error

    def _receive(self) -> bytes | None:
        """The next record; None if the server closed the connection between two records."""
        head = self._exactly(4)
        if not head:
            return None
        (size,) = struct.unpack(">i", head)
        if not 0 <= size <= LARGEST_ANSWER:
            raise ZooKeeperError(f"{self._name}: it does not speak ZooKeeper's protocol")
        content = self._exactly(size)
        if len(content) < size:
            raise ZooKeeperError(f"{self._name}: the connection ended")
        return content

    def _exactly(self, count: int) -> bytes:
        content = b""
        while len(content) < count:
            self._wait_no_longer()
            try:
                more = self._socket.recv(count - len(content))
            except ConnectionResetError:
                more = b""
            except OSError as error:
                raise ZooKeeperError(f"{self._name}: {error.strerror or error}") from error
            if not more:
                break
            content += more
        return content

    def _wait_no_longer(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise ZooKeeperError(f"{self._name}: no answer in time")
        self._socket.settimeout(left)
