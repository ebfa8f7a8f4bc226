"""ZooKeeper's wire format (zookeeper_client.py), according to zookeeper.jute of ZooKeeper 3.8."""

import socket
import struct
import threading
import unittest

from ingot_node.zookeeper_client import Session, ZooKeeperError

GRANTED = struct.pack(">iiqi16s?", 0, 4000, 77, 16, bytes(16), False)


def record(content: bytes) -> bytes:
    return struct.pack(">i", len(content)) + content


def answer(number: int, error: int = 0, content: bytes = b"") -> bytes:
    return record(struct.pack(">iqi", number, 5, error) + content)


class Zoo(unittest.TestCase):
    def session(self, *answers: bytes, patience: float = 5.0) -> tuple[Session, list[bytes]]:
        """A session with a server that gives these answers to the first records, and the list of what it was sent."""
        ours, theirs = socket.socketpair()
        asked: list[bytes] = []

        def serve() -> None:
            with theirs:
                for one in answers:
                    (size,) = struct.unpack(">i", theirs.recv(4, socket.MSG_WAITALL))
                    asked.append(theirs.recv(size, socket.MSG_WAITALL))
                    theirs.sendall(one)

        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ours.close)
        return Session("127.0.0.1", 2181, patience, lambda *_: ours), asked

    def test_a_session_is_requested_in_the_form_of_zookeeper(self) -> None:
        _, asked = self.session(record(GRANTED))
        self.assertEqual(asked, [struct.pack(">iqiqi16s?", 0, 0, 4000, 0, 16, bytes(16), False)])

    def test_children_are_a_list_of_texts(self) -> None:
        content = struct.pack(">i", 2) + record(b"a_1") + record("é".encode())
        session, asked = self.session(record(GRANTED), answer(1, content=content))
        self.assertEqual(session.children("/mesos"), ["a_1", "é"])
        self.assertEqual(asked[1], struct.pack(">iii6s?", 1, 8, 6, b"/mesos", False))

    def test_data_are_bytes_and_null_is_empty(self) -> None:
        session, _ = self.session(record(GRANTED), answer(1, content=record(b"\0\1") + b"stat"), answer(2, content=struct.pack(">i", -1)))
        self.assertEqual(session.data("/a"), b"\0\1")
        self.assertEqual(session.data("/b"), b"")

    def test_a_missing_path_is_none(self) -> None:
        session, _ = self.session(record(GRANTED), answer(1, -101), answer(2, -101))
        self.assertIsNone(session.children("/a"))
        self.assertIsNone(session.data("/a"))

    def test_an_error_is_shown_as_text(self) -> None:
        session, _ = self.session(record(GRANTED), answer(1, -102), answer(2, -4))
        with self.assertRaisesRegex(ZooKeeperError, "127.0.0.1:2181: /a: reading it is not allowed"):
            session.data("/a")
        with self.assertRaisesRegex(ZooKeeperError, "/a: error -4"):
            session.data("/a")

    def test_the_answer_to_another_request_is_refused(self) -> None:
        session, _ = self.session(record(GRANTED), answer(2))
        with self.assertRaisesRegex(ZooKeeperError, "it answers another request"):
            session.data("/a")

    def test_a_truncated_list_is_refused(self) -> None:
        session, _ = self.session(record(GRANTED), answer(1, content=struct.pack(">i", 3) + record(b"a")))
        with self.assertRaisesRegex(ZooKeeperError, "the list of /a cannot be read"):
            session.children("/a")

    def test_a_server_without_a_quorum_serves_nobody(self) -> None:
        with self.assertRaisesRegex(ZooKeeperError, "it serves nobody"):
            self.session(b"")

    def test_a_server_with_another_protocol_is_refused(self) -> None:
        for said in (b"HTTP/1.1 400", record(b"short"), struct.pack(">i", -1)):
            with self.assertRaisesRegex(ZooKeeperError, "does not speak ZooKeeper's protocol"):
                self.session(said)

    def test_a_session_without_time_or_number_is_not_granted(self) -> None:
        for content in (struct.pack(">iiq", 0, 0, 77), struct.pack(">iiq", 0, 4000, 0)):
            with self.assertRaisesRegex(ZooKeeperError, "grants no session"):
                self.session(record(content.ljust(len(GRANTED), b"\0")))
