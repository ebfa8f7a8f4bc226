"""Answers for systemd at a node's socket (D-Bus Specification, "Message Protocol").

The state of each unit is read from a file; otherwise it is running.
"""

import os
import re
import socket
import struct
import threading


def _pad(data: bytes, to: int) -> bytes:
    return data + bytes(-len(data) % to)


def _text(text: str) -> bytes:
    return struct.pack("=I", len(text)) + text.encode() + b"\0"


def _texts(texts) -> bytes:
    elements = b""
    for text in texts:
        elements = _pad(elements, 4) + _text(text)
    return struct.pack("=I", len(elements)) + elements


def _reply(serial: int, kind: bytes, value: bytes) -> bytes:
    variant = bytes([len(kind)]) + kind + b"\0"
    body = _pad(variant, 4) + value
    fields = struct.pack("=BB2sI", 5, 1, b"u\0", serial) + bytes([8, 1]) + b"g\0" + b"\1v\0"
    return _pad(b"l" + struct.pack("=BBBIII", 2, 1, 1, len(body), serial, len(fields)) + fields, 8) + body


def _said(root: str, unit: str) -> list:
    """The line of run/units for a unit: its state, whether its conditions were met, its file, its drop-ins."""
    try:
        with open(f"{root}/run/units", encoding="utf-8") as file:
            found = [line.split()[1:] for line in file if line.split()[:1] == [unit]]
    except FileNotFoundError:
        found = []
    return found[0] if found else ["active", "yes", f"/lib/systemd/system/{unit}"]


def _active(root: str) -> dict:
    """Lines of run/active: an active unit, and the units that want it."""
    try:
        with open(f"{root}/run/active", encoding="utf-8") as file:
            return {line.split()[0]: line.split()[1:] for line in file}
    except FileNotFoundError:
        return {}


def _listed(serial: int, units) -> bytes:
    elements = b""
    for unit in units:
        elements = _pad(elements, 8)
        for text in (unit, "", "loaded", "active", "running", "", "/"):
            elements = _pad(elements, 4) + _text(text)
        elements = _pad(elements, 4) + struct.pack("=I", 0)
        for text in ("", "/"):
            elements = _pad(elements, 4) + _text(text)
    body = _pad(struct.pack("=I", len(elements)), 8) + elements
    fields = struct.pack("=BB2sI", 5, 1, b"u\0", serial) + bytes([8, 1]) + b"g\0" + bytes([13]) + b"a(ssssssouso)\0"
    return _pad(b"l" + struct.pack("=BBBIII", 2, 1, 1, len(body), serial, len(fields)) + fields, 8) + body


def _answer(root: str, call: bytes) -> bytes:
    body_length, serial, fields_length = struct.unpack_from("=III", call, 4)
    fields, body = call[16 : 16 + fields_length], call[len(call) - body_length :]
    if b"ListUnitsByPatterns" in fields:
        # The signature of the arguments must be a field of type g, or systemd does not answer (D-Bus Specification,
        # "Header Fields").
        assert b"\x08\x01g\0\4asas\0" in fields
        return _listed(serial, _active(root))
    found = re.search(rb"/org/freedesktop/systemd1/unit/(\w+)\0", fields)
    assert found is not None
    escaped = found.group(1).decode()
    unit = re.sub("_([0-9a-f]{2})", lambda code: chr(int(code.group(1), 16)), escaped)
    (length,) = struct.unpack_from("=I", body)
    at = 4 + length + 1 + -(4 + length + 1) % 4
    assert body[4 : 4 + length] == b"org.freedesktop.systemd1.Unit"
    name = body[at + 4 : -1].decode()
    if name in ("WantedBy", "RequiredBy", "BoundBy", "TriggeredBy"):
        return _reply(serial, b"as", _texts(_active(root).get(unit, []) if name == "WantedBy" else []))
    state, condition, fragment, *drop_ins = _said(root, unit)
    if name == "DropInPaths":
        return _reply(serial, b"as", _texts(drop_ins))
    if name == "Job":
        # Lines of run/jobs: the units that wait to be started.
        try:
            with open(f"{root}/run/jobs", encoding="utf-8") as file:
                job = 7 if unit in file.read().split() else 0
        except FileNotFoundError:
            job = 0
        # A structure begins at a multiple of eight bytes, as it does here behind its signature.
        return _reply(serial, b"(uo)", struct.pack("=I", job) + _text("/org/freedesktop/systemd1/job/7" if job else "/"))
    if name == "ConditionResult":
        return _reply(serial, b"b", struct.pack("=I", condition == "yes"))
    return _reply(serial, b"s", _text({"ActiveState": state, "FragmentPath": fragment}[name]))


def _serve(root: str, listening: socket.socket) -> None:
    connection, _ = listening.accept()
    listening.close()
    with connection, connection.makefile("rb") as stream:
        assert stream.readline() == b"\0AUTH EXTERNAL " + str(os.geteuid()).encode().hex().encode() + b"\r\n"
        assert stream.readline() == b"BEGIN\r\n"
        connection.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
        while head := stream.read(16):
            body_length, _, fields_length = struct.unpack_from("=III", head, 4)
            call = head + stream.read(fields_length + -fields_length % 8 + body_length)
            connection.sendall(_answer(root, call))


def answer_once(root: str) -> None:
    """Answers the first client that connects to the socket, until it disconnects."""
    os.makedirs(f"{root}/run/systemd", exist_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{root}/run/systemd/private")
    listening.listen(1)
    threading.Thread(target=_serve, args=(root, listening), daemon=True).start()
