"""Whether the kernel enforces the root: the state of dm-verity, and whether the root is on that device."""

from __future__ import annotations

import fcntl
import os
import struct
from collections import namedtuple
from collections.abc import Iterator

from ingot_node.drift.finding import Drift, running
from ingot_node.drift.place import Place, read
from ingot_node.drift.running.mounts import parse

NAME = "ingot-root"
# linux/dm-ioctl.h: struct dm_ioctl and dm_target_spec; DM_TABLE_STATUS with DM_STATUS_TABLE_FLAG returns the table,
# without it the state.
_HEADER = struct.Struct("=3I I I I i I I I Q 128s 129s 7s")
_TARGET = struct.Struct("=Q Q i I 16s")
_COMMAND = (3 << 30) | (_HEADER.size << 16) | (0xFD << 8) | 12
_TABLE = 1 << 4
_SIZE = 16384
HINT = "boot an unchanged image of ingot; what this node reports about itself is not verified"


class Verity(namedtuple("Verity", ("root_hash", "health"))):
    """`root_hash`: the kernel's; `health`: V verified, C corrupted.

    Source: Linux, Documentation/admin-guide/device-mapper/verity.rst.
    """


def _ask(flags: int) -> str | None:
    """The parameters of the device's only target, or None if there is none."""
    buffer = bytearray(_SIZE)
    _HEADER.pack_into(buffer, 0, 4, 0, 0, _SIZE, _HEADER.size, 0, 0, flags, 0, 0, 0, NAME.encode(), b"", b"")
    with open("/dev/mapper/control", "rb", buffering=0) as control:
        fcntl.ioctl(control, _COMMAND, buffer)
    header = _HEADER.unpack_from(buffer)
    start, targets = header[4], header[5]
    if targets != 1 or _TARGET.unpack_from(buffer, start)[4].rstrip(b"\0") != b"verity":
        return None
    return bytes(buffer[start + _TARGET.size :]).split(b"\0", 1)[0].decode()


def verity_of(table: str | None, status: str | None) -> Verity | None:
    """Parses a table: version, device, device, two block sizes, count, start, algorithm, digest, salt."""
    words = (table or "").split()
    return Verity(words[8], (status or "").strip()) if len(words) >= 10 else None


def kernel_says(place: Place) -> Verity | None:
    """None if there is no such device. For a folder, two files at the device's path in sysfs have the texts."""
    if place.root != "/":
        folder = place.live(f"/sys/block/dm-0/dm/{NAME}")
        return verity_of(read(f"{folder}.table"), read(f"{folder}.status"))
    try:
        return verity_of(_ask(_TABLE), _ask(0))
    except OSError:
        return None


def root_hash(place: Place) -> str | None:
    """The root hash on the kernel command line."""
    words = {name: value for name, _, value in (word.partition("=") for word in (read(place.live("/proc/cmdline")) or "").split())}
    return words.get("ingot.roothash")


def check(place: Place, found: Verity | None) -> Iterator[Drift]:
    wanted = root_hash(place)
    if found is None:
        yield running("root", "not verified", f"dm-verity with the root hash {wanted}", "no dm-verity device below the root", HINT)
        return
    if found.root_hash != wanted:
        yield running("root", "not verified", f"the root hash {wanted} of the kernel command line", found.root_hash, HINT)
    if found.health != "V":
        yield running("root", "corrupted", "every block as it was sealed", f"dm-verity says {found.health}", "the disk or memory of this node is failing: replace it")
    sources = {mount.target: mount for mount in parse(read(place.live("/proc/1/mountinfo")) or "")}
    lower, root = sources.get("/run/ingot/lower"), sources.get("/")
    device = {f"/dev/mapper/{NAME}", os.path.realpath(place.live(f"/dev/mapper/{NAME}"))}
    if lower is None or lower.type != "squashfs" or lower.source not in device or root is None or root.type != "overlay":
        yield running("root", "not the root", f"an overlay over /dev/mapper/{NAME}", f"{root.said() if root else None} over {lower.said() if lower else None}", HINT)
