"""Compares the kernel's settings with the files of the image, in the order of sysctl.d(5)."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.finding import Drift, running
from ingot_node.drift.patterns import fits
from ingot_node.drift.place import Place, names, read

FOLDERS = ("/usr/lib/sysctl.d", "/etc/sysctl.d")


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def _file(place: Place, name: str) -> str:
    """The path below /proc/sys; the first separator decides the meaning of . and / (sysctl.d(5))."""
    slashed = "/" in name and ("." not in name or name.index("/") < name.index("."))
    return place.live("/proc/sys/" + (name if slashed else name.translate(str.maketrans("./", "/."))))


def _matching(path: str) -> list[str]:
    """The files that a path with globs matches."""
    folders = [""]
    for part in path.strip("/").split("/"):
        folders = [f"{folder}/{name}" for folder in folders for name in ([part] if "*" not in part else names(folder)) if fits(part, name)]
    return folders


def _wanted(place: Place) -> dict[str, str]:
    """Name, possibly a glob -> value: the file with the last name wins, whatever its folder."""
    files: dict[str, str] = {}
    for folder in FOLDERS:
        files.update({name: f"{folder}/{name}" for name in names(place.golden(folder)) if name.endswith(".conf")})
    found: dict[str, str] = {}
    for name in sorted(files):
        for line in (read(place.golden(files[name])) or "").splitlines():
            key, equals, value = line.strip().partition("=")
            if equals and key[:1] not in ("#", ";", "") and not key.startswith("-"):
                found[key.strip()] = value.strip()
    return found


def check(place: Place, declared: Declared) -> Iterator[Drift]:
    """Checks each setting of the image, and each declared default of the kernel.

    Settings that this kernel does not have are skipped.
    """
    wanted = _wanted(place)
    kernel = {one.rest[0]: " ".join(one.rest[1:]) for one in declared.all("sysctl")}
    for name, value in {**kernel, **wanted}.items():
        path = _file(place, name)
        for found in _matching(path) if "*" in name else [path]:
            there = read(found)
            if there is not None and not _same(there, value):
                said = os.path.relpath(found, place.live("/proc/sys")).replace("/", ".") if "*" in name else name
                yield running(f"sysctl:{said}", "changed", value, " ".join(there.split()), f"sysctl -w {said}='{value}'", "warning")
