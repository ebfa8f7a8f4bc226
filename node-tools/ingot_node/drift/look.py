"""Checks the whole node once: first files by class, then what no file shows."""

from __future__ import annotations

import time
from collections import namedtuple
from collections.abc import Iterable, Iterator

from ingot_node.drift import containers
from ingot_node.drift.boot.check import Boot, look_at_boot
from ingot_node.drift.changes import changes
from ingot_node.drift.declared import Declared, load
from ingot_node.drift.derived import Derived
from ingot_node.drift.finding import Drift
from ingot_node.drift.judge import judge_files
from ingot_node.drift.own_address import release
from ingot_node.drift.place import MutablePlace, Place, read
from ingot_node.drift.running import clock, command_line, modules, mounts, outside, programs, sockets, sysctls, units, verity
from ingot_node.drift.running.processes import processes


class Seen(namedtuple("Seen", ("node", "role", "version", "root_hash", "verified", "synchronised", "drifts", "state", "derived", "when", "seconds", "seed", "boot", "scan"), defaults=(None, None, None))):
    """The result of one check.

    `seed` and `boot`: for the head of the answer; `scan`: what was read of a root without dm-verity.
    """


def _version(place: Place) -> str | None:
    words = {name: value for name, _, value in (word.partition("=") for word in (read(place.live("/proc/cmdline")) or "").split())}
    return words.get("ingot.version")


def _running(place: Place, declared: Declared, question: units.Question, now: float) -> Iterator[Drift]:
    """What no file shows, except whether the root is verified."""
    found = processes(place, declared)
    for check in (command_line.check, modules.check, sysctls.check, mounts.check, outside.check):
        yield from check(place, declared)
    yield from sockets.check(place, declared, found)
    yield from programs.check(place, declared, found)
    yield from clock.check(place, now)
    yield from units.check(place, declared, question)


def _named(drifts: Iterable[Drift]) -> dict[str, Drift]:
    return {f"{drift.klass} {drift.path} {drift.kind}": drift for drift in drifts}


def _sorted(found: dict[str, Drift]) -> list[Drift]:
    return sorted(found.values(), key=lambda one: (one.klass, one.path, one.kind))


def _host_name(place: Place) -> str:
    return (read(place.live("/proc/sys/kernel/hostname")) or "unknown").strip()


def look(place: Place, address: str | None = None, files_alone: bool = False) -> Seen:
    """Checks a node whose root is verified by dm-verity, below an overlay.

    files_alone: skips what no file shows, and whether the kernel verifies the root. Raises DriftError if the node
    cannot be checked.
    """
    place.require()
    began, now = time.monotonic(), time.time()
    declared: Declared = load(place)
    question = None if files_alone else units.Question(place)
    derived = Derived(place, declared, address)
    files = judge_files(changes(place), declared, derived)
    root = list(verity.check(place, verity.kernel_says(place))) if question else []
    shown = _running(place, declared, question, now) if question else ()
    boot = look_at_boot(place)
    return Seen(
        node=_host_name(place),
        role=release(place).get("role", "unknown"),
        version=_version(place),
        root_hash=verity.root_hash(place),
        verified=question is not None and not root,
        synchronised=clock.synchronised(place),
        drifts=_sorted({**files.drifts, **_named([*root, *shown, *boot.drifts, *containers.check(place, declared)])}),
        state=files.state,
        derived=len(derived.identity) + len(derived.files),
        seed=derived.seed.facts(),
        boot=boot.facts,
        when=now,
        seconds=time.monotonic() - began,
    )


def look_at_mutable(place: MutablePlace, scan, address: str | None = None) -> Seen:
    """Checks a root without dm-verity with drift.scan (`scan` is its Scan).

    What no file shows is checked only if it is the running root. Raises DriftError if it cannot be checked.
    """
    from ingot_node.drift.scan import Scanner  # pylint: disable=import-outside-toplevel # nodes with a golden root do not need it

    place.require()
    began, now = time.monotonic(), time.time()
    declared = load(place)
    runs = place.root == "/"
    question = units.Question(place) if runs else None
    derived = Derived(place, declared, address)
    boot = look_at_boot(place) if runs else Boot(None, [])
    contained = containers.check(place, declared) if runs else ()
    scanner = Scanner(place, declared, scan)
    files = judge_files(scanner.changes(), declared, derived)
    return Seen(
        node=_host_name(place) if runs else place.root,
        role=scanner.role,
        version=scanner.version,
        root_hash=None,
        verified=False,
        synchronised=clock.synchronised(place),
        drifts=_sorted({**files.drifts, **_named(_running(place, declared, question, now) if question else ()), **_named([*boot.drifts, *contained])}),
        state=files.state,
        derived=len(derived.identity) + len(derived.files),
        seed=derived.seed.facts(),
        boot=boot.facts,
        when=now,
        seconds=time.monotonic() - began,
        scan=scanner.report,
    )
