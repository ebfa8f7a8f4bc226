"""Looks at the whole node once: files by class, then what no file shows."""

from __future__ import annotations

import time
from collections import namedtuple
from collections.abc import Callable, Iterator

from drift.declared import Declared, load
from drift.derived import Derived
from drift.finding import Drift
from drift.judge import judge_files
from drift.own_address import release
from drift.place import Place, read
from drift.running import clock, command_line, modules, mounts, outside, programs, sockets, sysctls, units, verity
from drift.running.processes import processes


class Seen(namedtuple("Seen", ("node", "role", "version", "root_hash", "verified", "synchronised", "drifts", "state", "derived", "when", "seconds"))):
    """What one look found."""


def _version(place: Place) -> str | None:
    words = dict(word.partition("=")[::2] for word in (read(place.live("/proc/cmdline")) or "").split())
    return words.get("ingot.version")


def look(place: Place, address: str | None = None, clock_says: Callable[[], float] = time.time) -> Seen:
    """DriftError where the node cannot be looked at."""
    place.require()
    began, now = time.monotonic(), clock_says()
    declared: Declared = load(place)
    question = units.Question(place)
    derived = Derived(place, declared, address)
    files = judge_files(place, declared, derived)
    found: dict[str, Drift] = dict(files.drifts)

    def add(drifts: Iterator[Drift]) -> None:
        for drift in drifts:
            found.setdefault(f"{drift.klass} {drift.path} {drift.kind}", drift)

    kernel = verity.kernel_says(place)
    before = len(found)
    add(verity.check(place, kernel))
    verified = len(found) == before
    running = processes(place, declared)
    for check in (command_line.check, modules.check, sysctls.check, mounts.check, outside.check):
        add(check(place, declared))
    add(sockets.check(place, declared, running))
    add(programs.check(place, declared, running))
    add(clock.check(place, now))
    add(units.check(place, question))
    return Seen(
        node=(read(place.live("/proc/sys/kernel/hostname")) or "unknown").strip(),
        role=release(place).get("role", "unknown"),
        version=_version(place),
        root_hash=verity.root_hash(place),
        verified=verified,
        synchronised=clock.synchronised(place),
        drifts=sorted(found.values(), key=lambda one: (one.klass, one.path, one.kind)),
        state=files.state,
        derived=len(derived.identity) + len(derived.files),
        when=now,
        seconds=time.monotonic() - began,
    )
