"""Reads from ZooKeeper. A node has no client library, and needs no more of the protocol than this.

Records and their order are those of ZooKeeper 3.8: zookeeper-jute/src/main/resources/zookeeper.jute (ConnectRequest, ConnectResponse, RequestHeader,
ReplyHeader, GetChildrenRequest, GetDataRequest) and ZooDefs.java (numbers of operations); error numbers: KeeperException.java. Nothing here writes or
sets a watch.
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

# A znode holds less than 1 MiB (jute.maxbuffer); whatever announces more does not speak this protocol.
LARGEST_ANSWER = 4 << 20
# The server keeps a session whose client vanished for this long, in milliseconds, or for its own minimum.
SESSION_MS = 4000

Connect = Callable[[str, int, float], socket.socket]


class ZooKeeperError(Exception):
    """The server cannot be asked, or refuses to answer; says which one and why."""


def connect(address: str, port: int, patience: float) -> socket.socket:
    """A connection to a server; the one place that decides how it is made."""
    return socket.create_connection((address, port), timeout=patience)


class Session:
    """A session at one server. To open one is a transaction, so the server that grants it has a quorum.

    A context manager: leaving it closes the session and waits for the server's answer, or the server would log a broken connection.
    """

    def __init__(self, address: str, port: int = 2181, patience: float = 5.0, dial: Connect = connect):
        """patience: seconds for everything that is asked in this session. ZooKeeperError where no session is granted."""
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
            pass  # the server ends a session that does not close by itself
        finally:
            self._socket.close()

    def children(self, path: str) -> list[str] | None:
        """Names of the znodes below a path, in no order; None if there is no such path."""
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
            raise ZooKeeperError(f"{self._name}: its list of {path} cannot be read: {error}") from error
        return names

    def data(self, path: str) -> bytes | None:
        """What a znode holds; None if there is no such path."""
        answer = self._ask(GET_DATA, path)
        if answer is None:
            return None
        try:
            (size,) = struct.unpack_from(">i", answer)
        except struct.error as error:
            raise ZooKeeperError(f"{self._name}: what {path} holds cannot be read: {error}") from error
        # -1 stands for null.
        return answer[4 : 4 + max(size, 0)]

    def _open(self) -> None:
        # Protocol, last transaction seen, time-out, session (a new one), password, whether reading without a quorum would do.
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
        """The answer to a question about a path, None where there is no such path."""
        name = path.encode()
        self._number += 1
        # RequestHeader, path, no watch.
        self._send(struct.pack(f">iii{len(name)}s?", self._number, operation, len(name), name, False))
        answer = self._receive()
        if answer is None or len(answer) < 16:
            raise ZooKeeperError(f"{self._name}: the connection ended")
        # ReplyHeader: number of the question, transaction, error.
        number, _, error = struct.unpack_from(">iqi", answer)
        if number != self._number:
            raise ZooKeeperError(f"{self._name}: it answers another question")
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
        """The next record; None where the server ended the connection between two."""
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
