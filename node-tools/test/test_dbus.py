"""D-Bus messages (drift/running/systemd.py), with the layout of the D-Bus Specification."""

import os
import socket
import struct
import tempfile
import threading
import unittest

from ingot_node.drift.running.systemd import Systemd, get_calls, list_call, object_path


def string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("=I", len(data)) + data + b"\0"


def pad(data: bytes, to: int) -> bytes:
    return data + bytes(-len(data) % to)


def reply(serial: int, signature: str, body: bytes, kind: int = 2) -> bytes:
    """A reply to a call, as systemd sends it on a little-endian machine."""
    fields = pad(b"\5\1u\0" + struct.pack("=I", serial), 8)
    fields += b"\x08\1g\0" + bytes((len(signature),)) + signature.encode() + b"\0"
    head = b"l" + struct.pack("=BBBIII", kind, 0, 1, len(body), 1, len(fields))
    return pad(head + fields, 8) + body


def variant(kind: str, body: bytes, to: int) -> bytes:
    return pad(bytes((len(kind),)) + kind.encode() + b"\0", to) + body


class FakeSystemd:
    """Accepts one connection, reads once, and answers with these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "private")
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(self.path)
        self.server.listen(1)
        self.asked = b""
        self.thread = threading.Thread(target=self.serve, args=(pieces,))
        self.thread.start()

    def serve(self, pieces: tuple[bytes, ...]) -> None:
        connection, _ = self.server.accept()
        with connection:
            self.asked = connection.recv(1 << 16)
            for piece in pieces:
                connection.sendall(piece)

    def close(self) -> None:
        self.thread.join()
        self.server.close()
        self.folder.cleanup()


class Calls(unittest.TestCase):
    def test_the_object_of_a_unit_is_escaped(self) -> None:
        self.assertEqual(object_path("ssh.service"), "/org/freedesktop/systemd1/unit/ssh_2eservice")
        self.assertEqual(object_path("9p@a-b.service"), "/org/freedesktop/systemd1/unit/_39p_40a_2db_2eservice")

    def test_a_call_has_the_lengths_in_its_header(self) -> None:
        message = get_calls(7, "ssh.service", ["ActiveState"])
        order, kind, _, version, body, serial, fields = struct.unpack_from("=cBBBIII", message)
        self.assertEqual((order, kind, version, serial), (b"l", 1, 1, 7))
        self.assertEqual(len(message), 16 + fields + (-fields % 8) + body)
        self.assertTrue(message.endswith(string("ActiveState")))

    def test_each_property_is_a_message_with_its_own_number(self) -> None:
        one, two = (get_calls(number, "a.service", [name]) for number, name in ((3, "Id"), (4, "SubState")))
        self.assertEqual(get_calls(3, "a.service", ["Id", "SubState"]), one + two)

    def test_lists_of_texts_are_aligned_to_four_bytes(self) -> None:
        message = list_call(1, ["a", "bc"], ["*.service"])
        body = message[-struct.unpack_from("=I", message, 4)[0] :]
        states = struct.pack("=I", 15) + pad(string("a"), 4) + string("bc")
        patterns = struct.pack("=I", 14) + string("*.service")
        self.assertEqual(body, pad(states, 4) + patterns)


class Answers(unittest.TestCase):
    def ask(self, *pieces: bytes, count: int = 1):
        fake = FakeSystemd(*pieces)
        connection = Systemd(fake.path)
        try:
            connection.ask(["a.service"], [f"Property{number}" for number in range(count)])
            return connection.answers(count)
        finally:
            connection.close()
            fake.close()

    def test_values_have_the_order_of_the_requests_in_any_order_of_the_answers(self) -> None:
        second = reply(2, "v", variant("b", struct.pack("=I", 1), 4))
        first = reply(1, "v", variant("s", string("active"), 4))
        self.assertEqual(self.ask(b"OK 0123\r\n" + second + first, count=2), ["active", True])

    def test_a_message_may_arrive_in_any_pieces(self) -> None:
        whole = b"OK 0123\r\n" + reply(1, "v", variant("as", struct.pack("=I", 15) + pad(string("a"), 4) + string("bc"), 4))
        self.assertEqual(self.ask(*(whole[at : at + 1] for at in range(len(whole)))), [["a", "bc"]])

    def test_a_signal_is_not_an_answer(self) -> None:
        signal = reply(1, "s", string("noise"), kind=4)
        self.assertEqual(self.ask(b"OK 0123\r\n" + signal + reply(1, "v", variant("u", struct.pack("=I", 9), 4))), [9])

    def test_an_error_contains_systemds_text(self) -> None:
        with self.assertRaisesRegex(ValueError, "systemd says: no such unit"):
            self.ask(b"OK 0123\r\n" + reply(1, "s", string("no such unit"), kind=3))

    def test_a_refused_login_is_an_error(self) -> None:
        with self.assertRaisesRegex(ValueError, "REJECTED"):
            self.ask(b"REJECTED EXTERNAL\r\n")

    def test_a_connection_that_ends_early_is_an_error(self) -> None:
        with self.assertRaisesRegex(ValueError, "closed the connection"):
            self.ask(b"OK 0123\r\n" + reply(1, "v", variant("u", struct.pack("=I", 9), 4))[:-1])
