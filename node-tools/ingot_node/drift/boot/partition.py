"""The place of the boot partition, and what the kernel command line says about it."""

from __future__ import annotations

import os
from collections import namedtuple

from ingot_node.drift.place import Place, read
from ingot_node.drift.running.mounts import parse

FOLDER = "/run/ingot/esp"
SLOTS = ("a", "b")


class Started(namedtuple("Started", ("esp", "slot", "version", "root_hash", "trying"))):
    """The arguments that GRUB passed to the kernel.

    esp: file system id of the boot partition; slot; its version and root hash; trying: whether it is a trial.
    """


def started(place: Place) -> Started | None:
    """None for a node without a boot partition, such as one that boots from the network."""
    words = {name: value for name, _, value in (word.partition("=") for word in (read(place.live("/proc/cmdline")) or "").split())}
    if "ingot.esp" not in words:
        return None
    return Started(words["ingot.esp"], words.get("ingot.slot", ""), words.get("ingot.version", ""), words.get("ingot.roothash", ""), words.get("ingot.trying") == "1")


def device(place: Place) -> str | None:
    """The block device of the last mount there; None if nothing is mounted."""
    mounts = [one for one in parse(read(place.live("/proc/1/mountinfo")) or "") if one.target == FOLDER]
    return mounts[-1].source if mounts and mounts[-1].root == "/" else None


def is_partition_of(place: Place, source: str, esp: str) -> bool:
    """Whether the device is the one whose file system has this id, according to udev."""
    return os.path.realpath(place.live(f"/dev/disk/by-uuid/{esp}")) == os.path.realpath(place.live(source))


def update_at_work(place: Place) -> bool:
    """Whether ingot-update holds its lock (proc(5), /proc/locks). Taking the lock to find out would block an update."""
    try:
        inode = os.stat(place.live("/run/ingot/update.lock")).st_ino
    except OSError:
        return False
    lines = (line.split() for line in (read(place.live("/proc/locks")) or "").splitlines())
    return any(words[1] == "FLOCK" and words[5].split(":")[-1] == str(inode) for words in lines if len(words) > 5)
