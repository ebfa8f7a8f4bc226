"""The processes of the node itself: their programs, sockets and cgroups."""

from __future__ import annotations

import os
from collections import namedtuple

from ingot_node.drift.declared import Declared
from ingot_node.drift.place import Place, read


class Process(namedtuple("Process", ("pid", "program", "task"))):
    """`program`: the path that the kernel reports; `task`: whether it belongs to a task or a container of the cluster.
    """

    @property
    def name(self) -> str:
        return self.program.rpartition("/")[2]


def processes(place: Place, declared: Declared) -> list[Process]:
    """The processes that run a program; kernel threads run none."""
    found = []
    for pid in sorted(filter(str.isdigit, os.listdir(place.live("/proc"))), key=int):
        try:
            program = os.readlink(place.live(f"/proc/{pid}/exe"))
        except OSError:
            continue
        groups = {line.split(":", 2)[-1] for line in (read(place.live(f"/proc/{pid}/cgroup")) or "").splitlines()}
        found.append(Process(pid, program, any(declared.first("task", group) for group in groups)))
    return found


def socket_owners(place: Place, found: list[Process]) -> dict[str, Process]:
    """Inode of a socket -> the process that holds it (proc(5), fd)."""
    owners: dict[str, Process] = {}
    for process in found:
        folder = place.live(f"/proc/{process.pid}/fd")
        try:
            numbers = os.listdir(folder)
        except OSError:
            continue
        for number in numbers:
            try:
                target = os.readlink(f"{folder}/{number}")
            except OSError:
                continue
            if target.startswith("socket:["):
                owners.setdefault(target[8:-1], process)
    return owners
