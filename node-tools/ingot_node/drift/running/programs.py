"""Running programs whose file was deleted, is in memory, or is not in the root."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.finding import INVESTIGATE, Drift, running
from ingot_node.drift.place import Place, read
from ingot_node.drift.running.processes import Process

_GONE = " (deleted)"
# ld.so(8): these variables load other code into every program that is started with them.
_LOADERS = ("LD_PRELOAD=", "LD_AUDIT=")


def _drift(place: Place, declared: Declared, process: Process) -> Iterator[Drift]:
    program = process.program
    name = f"process:{program.removesuffix(_GONE)}"
    if program.startswith("/memfd:"):
        yield running(name, "from memory", "a program of the root", program, INVESTIGATE)
    elif program.endswith(_GONE):
        yield running(name, "deleted", "a program of the root", program, "restart its service, or the node; " + INVESTIGATE)
    elif not os.path.isfile(place.golden(program)) and not declared.first("program", program):
        yield running(name, "not of the root", "a program of the root", program, INVESTIGATE)
    environment = (read(place.live(f"/proc/{process.pid}/environ")) or "").split("\0")
    for variable in environment:
        if variable.startswith(_LOADERS):
            yield running(f"{name}:{variable.partition('=')[0]}", "loads", "nothing of others", variable, INVESTIGATE)


def check(place: Place, declared: Declared, found: list[Process]) -> Iterator[Drift]:
    """Tasks of the cluster bring their own programs and are skipped."""
    for process in found:
        if not process.task:
            yield from _drift(place, declared, process)
