"""Compares loaded modules with those of the image, and reads the kernel's taint flags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.finding import INVESTIGATE, Drift, running
from ingot_node.drift.place import Place, read

# Linux, Documentation/admin-guide/tainted-kernels.rst: flags of modules that are not from the distribution; they stay
# set after the module is unloaded.
TAINTS = {1: "a proprietary module", 2: "a module that was loaded by force", 4096: "a module from outside the kernel", 8192: "a module without a signature"}


# modules-load.d(5): the modules that the spec names under modules.
LOADED_AT_BOOT = "/etc/modules-load.d/60-cluster.conf"


def _of_image(place: Place) -> tuple[dict[str, str], dict[str, str]]:
    """Name as the kernel shows it -> path below /lib/modules/RELEASE, and path -> the paths of its dependencies."""
    release = (read(place.live("/proc/sys/kernel/osrelease")) or "").strip()
    text = read(place.golden(f"/usr/lib/modules/{release}/modules.dep")) or ""
    needs = dict(re.findall(r"^([^:\n]+):(.*)$", text, re.MULTILINE))
    return {re.sub(r"\.ko.*", "", path.rsplit("/", 1)[-1]).replace("-", "_"): path for path in needs}, needs


def _loaded_at_boot(place: Place, image: dict[str, str], needs: dict[str, str]) -> set[str]:
    """Paths of the modules that the image loads by name, and of their dependencies."""
    lines = (read(place.golden(LOADED_AT_BOOT)) or "").splitlines()
    paths = [image.get(line.strip().replace("-", "_"), "") for line in lines if not line.startswith("#")]
    return {one for path in paths for one in [path, *needs.get(path, "").split()]}


def _allowed(declared: Declared, path: str) -> bool:
    # Debian 13 compresses its modules; a declaration names them without that.
    path = re.sub(r"\.ko\.\w+$", ".ko", path)
    return declared.first("no-module", path) is None and declared.first("module", path) is not None


def check(place: Place, declared: Declared) -> Iterator[Drift]:
    """Reports a module that the image does not have or does not allow, and a kernel tainted by a module."""
    image, needs = _of_image(place)
    named = _loaded_at_boot(place, image, needs)
    for line in (read(place.live("/proc/modules")) or "").splitlines():
        name = line.split(" ", 1)[0]
        path = image.get(name)
        if path is None:
            yield running(f"module:{name}", "not of the image", "a module of the image", line, INVESTIGATE)
        elif path not in named and not _allowed(declared, path):
            yield running(f"module:{name}", "not declared", "not loaded on a node", path, f"modprobe -r {name}; " + INVESTIGATE, "warning")
    tainted = int((read(place.live("/proc/sys/kernel/tainted")) or "0").strip() or "0")
    for bit, what in TAINTS.items():
        if tainted & bit and not declared.names("taint", str(bit)):
            yield running(f"taint:{bit}", "tainted", "no such module since boot", what, INVESTIGATE)
