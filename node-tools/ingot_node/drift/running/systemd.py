"""Queries systemd about units over its root-only socket (D-Bus without a bus).

No program is started, and systemd computes only what is requested.
"""

from __future__ import annotations

# Only the C part: building the tables of names in socket takes longer than the query.
import _socket as socket
import os
import struct
from collections import namedtuple
from collections.abc import Iterator, Sequence

# D-Bus Specification, "Message Protocol" and "Authentication Protocol"; systemctl(1) uses the same socket.
SOCKET = "/run/systemd/private"
UNIT = "org.freedesktop.systemd1.Unit"
_MANAGER = b"org.freedesktop.systemd1.Manager"
# The result of ListUnitsByPatterns of org.freedesktop.systemd1(5): name, description, load, active and sub state,
# followed unit, path, job with its type and path.
_LISTED = "a(ssssssouso)"
# Job of org.freedesktop.systemd1.Unit: its number, 0 if there is none, and its path.
_JOB = "(uo)"
_CALL, _RETURN, _ERROR = 1, 2, 3
_PATH, _INTERFACE, _MEMBER, _REPLY_SERIAL, _SIGNATURE = 1, 2, 3, 5, 8
# Seconds.
PATIENCE = 60

# serial: number of the call that it answers; error: whether the call failed; then the value is the reason.
Answer = namedtuple("Answer", ("serial", "error", "value"))


def _padding(length: int, to: int) -> int:
    return -length % to


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("=I", len(data)) + data + b"\0"


def _greeting() -> bytes:
    """Authenticates with the number of the user, as hexadecimal digits of its text."""
    return b"\0AUTH EXTERNAL " + str(os.geteuid()).encode().hex().encode() + b"\r\nBEGIN\r\n"


def _field(code: int, kind: bytes, value: bytes) -> bytes:
    field = bytes((code, 1)) + kind + b"\0" + value
    return field + bytes(_padding(len(field), 8))


def object_path(unit: str) -> str:
    """The object path of a unit (sd_bus_path_encode(3)).

    All characters except letters and digits are escaped, and so is a digit at the beginning.
    """
    escaped = "".join(letter if letter.isascii() and letter.isalnum() else f"_{ord(letter):02x}" for letter in unit)
    return "/org/freedesktop/systemd1/unit/" + (f"_{ord(unit[0]):02x}{escaped[1:]}" if unit[:1].isdigit() else escaped)


_ORDER = b"l" if struct.pack("=H", 1) == b"\1\0" else b"B"
_INTERFACE_OF_UNITS = _string(UNIT) + bytes(_padding(len(_string(UNIT)), 4))
# Get of org.freedesktop.DBus.Properties, with two texts.
_GET = (
    _field(_INTERFACE, b"s", _string("org.freedesktop.DBus.Properties"))
    + _field(_MEMBER, b"s", _string("Get"))
    + bytes((_SIGNATURE, 1))
    + b"g\0\2ss\0"
)


def get_calls(serial: int, unit: str, names: Sequence[str]) -> bytes:
    """The messages that request properties of a unit, numbered from `serial` on."""
    fields = _field(_PATH, b"o", _string(object_path(unit))) + _GET
    return b"".join(_call(serial + number, fields, _INTERFACE_OF_UNITS + _string(name)) for number, name in enumerate(names))


def _texts(texts: Sequence[str]) -> bytes:
    elements = b""
    for text in texts:
        elements += bytes(_padding(len(elements), 4)) + _string(text)
    return struct.pack("=I", len(elements)) + elements


def list_call(serial: int, states: Sequence[str], patterns: Sequence[str]) -> bytes:
    """The message that requests the units in one of the states whose name matches one of the patterns."""
    fields = (
        _field(_PATH, b"o", _string("/org/freedesktop/systemd1"))
        + _field(_INTERFACE, b"s", _string(_MANAGER.decode()))
        + _field(_MEMBER, b"s", _string("ListUnitsByPatterns"))
        + bytes((_SIGNATURE, 1))
        + b"g\0\4asas\0"
    )
    first = _texts(states)
    return _call(serial, fields, first + bytes(_padding(len(first), 4)) + _texts(patterns))


def _call(serial: int, fields: bytes, body: bytes) -> bytes:
    return _ORDER + struct.pack("=BBBIII", _CALL, 0, 1, len(body), serial, len(fields)) + fields + bytes(_padding(len(fields), 8)) + body


class _Reader:
    """Reads values in sequence, with their alignment."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def number(self) -> int:
        self.at += _padding(self.at, 4)
        self.at += 4
        return struct.unpack_from("=I", self.data, self.at - 4)[0]

    def text(self, length: int) -> str:
        self.at += length + 1
        return self.data[self.at - length - 1 : self.at - 1].decode("utf-8", "replace")

    def signature(self) -> str:
        self.at += 1
        return self.text(self.data[self.at - 1])

    def value(self, kind: str) -> object:
        """Reads texts, lists of texts, numbers, booleans and the number of a job; ValueError for types that are never requested."""
        if kind in ("s", "o"):
            return self.text(self.number())
        if kind == "g":
            return self.signature()
        if kind == "u":
            return self.number()
        if kind == "b":
            return self.number() != 0
        if kind == "as":
            length = self.number()
            end, found = self.at + length, []
            while self.at < end:
                found.append(self.value("s"))
            return found
        if kind == _LISTED:
            return self._listed()
        if kind == _JOB:
            self.at += _padding(self.at, 8)
            number = self.number()
            self.value("o")
            return number
        if kind == "v":
            return self.value(self.signature())
        raise ValueError(f"a value of type {kind}")

    def _listed(self) -> list[str]:
        """The names of units."""
        length = self.number()
        self.at += _padding(self.at, 8)
        end, found = self.at + length, []
        while self.at < end:
            self.at += _padding(self.at, 8)
            name, *_ = [self.value(kind) for kind in _LISTED[2:-1]]
            found.append(str(name))
        return found


def _message(data: bytes) -> Answer | None:
    """None for a message that is not an answer, such as a signal."""
    kind, length = data[1], struct.unpack_from("=I", data, 12)[0]
    reader, fields = _Reader(data, 16), {}
    while reader.at < 16 + length:
        reader.at += _padding(reader.at, 8)
        code = data[reader.at]
        reader.at += 1
        fields[code] = reader.value("v")
    if kind not in (_RETURN, _ERROR):
        return None
    start = 16 + length + _padding(length, 8)
    said = str(fields.get(_SIGNATURE, ""))
    body = _Reader(data[start:]).value(said) if said in ("s", "v", _LISTED) else None
    return Answer(fields.get(_REPLY_SERIAL), kind == _ERROR, body)


class Systemd:
    """A connection; OSError if nothing answers, ValueError if something other than systemd does."""

    def __init__(self, path: str) -> None:
        self._serial = 0
        self._data = b""
        self._greeted = False
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(path)

    def ask(self, units: Sequence[str], names: Sequence[str]) -> None:
        """Requests all these properties of each unit.

        `answers` returns them later, so other work can be done meanwhile.
        """
        calls = [get_calls(self._serial + 1 + number * len(names), unit, names) for number, unit in enumerate(units)]
        self._socket.sendall((b"" if self._serial else _greeting()) + b"".join(calls))
        self._serial += len(units) * len(names)

    def ask_list(self, states: Sequence[str], patterns: Sequence[str]) -> None:
        """Requests the names of units; `answers` returns them as one more value."""
        self._serial += 1
        self._socket.sendall((b"" if self._serial > 1 else _greeting()) + list_call(self._serial, states, patterns))

    def _more(self) -> None:
        piece = self._socket.recv(1 << 16)
        if not piece:
            raise ValueError("systemd closed the connection")
        self._data += piece

    def _messages(self) -> Iterator[Answer]:
        while not self._greeted:
            line, end, rest = self._data.partition(b"\r\n")
            if not end:
                self._more()
            elif not line.startswith(b"OK "):
                raise ValueError(f"systemd says {line.decode('utf-8', 'replace')!r}")
            else:
                self._greeted, self._data = True, rest
        while True:
            while len(self._data) < 16:
                self._more()
            body, _, fields = struct.unpack_from("=III", self._data, 4)
            whole = 16 + fields + _padding(fields, 8) + body
            while len(self._data) < whole:
                self._more()
            data, self._data = self._data[:whole], self._data[whole:]
            answer = _message(data)
            if answer is not None:
                yield answer

    def answers(self, count: int) -> list:
        """The values of the last `count` properties, in the order of the units and names.

        Raises ValueError if systemd refuses one.
        """
        found = {}
        first = self._serial - count + 1
        for answer in self._messages() if count else ():
            if answer.error:
                raise ValueError(f"systemd says: {answer.value}")
            found[answer.serial] = answer.value
            if len(found) == count:
                break
        return [found[serial] for serial in range(first, first + count)]

    def close(self) -> None:
        self._socket.close()
