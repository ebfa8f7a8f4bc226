"""Compares the node's listening sockets with those that the image declares."""

from __future__ import annotations

import _socket as socket
import struct
from collections import namedtuple
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.finding import INVESTIGATE, Drift, running
from ingot_node.drift.patterns import fits
from ingot_node.drift.place import Place, read
from ingot_node.drift.running.processes import Process, socket_owners

# proc(5), /proc/net/tcp: TCP_LISTEN, and TCP_CLOSE for a datagram socket that is bound but not connected.
_STATES = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07", "raw": "07", "raw6": "07"}


# A socket: its protocol, "address:port", and its inode, which identifies the process that holds it.
Listening = namedtuple("Listening", ("protocol", "address", "inode"))


def _address(text: str) -> str:
    """Converts an address of /proc/net, which is in host order, four bytes at a time."""
    host, port = text.split(":")
    raw = b"".join(struct.pack("=I", int(host[at : at + 8], 16)) for at in range(0, len(host), 8))
    said = socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw)
    return f"{said}:{int(port, 16)}"


def listening(place: Place) -> list[Listening]:
    """The sockets in the network of the node itself, not of containers."""
    found = []
    for protocol, state in _STATES.items():
        for line in (read(place.live(f"/proc/1/net/{protocol}")) or "").splitlines()[1:]:
            words = line.split()
            if len(words) > 9 and words[3] == state:
                found.append(Listening(protocol, _address(words[1]), words[9]))
    for line in (read(place.live("/proc/1/net/packet")) or "").splitlines()[1:]:
        words = line.split()
        if len(words) > 8:
            # A packet socket receives all packets of a card: packet(7).
            found.append(Listening("packet", f"{words[4]}:{int(words[3], 16)}", words[8]))
    return found


def check(place: Place, declared: Declared, found: list[Process]) -> Iterator[Drift]:
    """Reports undeclared sockets; those of the cluster's tasks are not checked."""
    owners: dict[str, Process] = socket_owners(place, found)
    reported = set()
    for one in listening(place):
        owner = owners.get(one.inode)
        if owner is not None and owner.task:
            continue
        program = owner.name if owner else "nobody"
        known = any(
            fits(protocol, one.protocol) and fits(address, one.address) and fits(name, program)
            for protocol, address, name in (statement.rest for statement in declared.all("listen"))
        )
        path = f"listen:{one.protocol}:{one.address}"
        if not known and (path, program) not in reported:
            reported.add((path, program))
            yield running(path, "added", None, program, INVESTIGATE)
