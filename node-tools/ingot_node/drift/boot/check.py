"""Checks the whole boot partition once."""

from __future__ import annotations

from collections import namedtuple

from ingot_node.drift.boot.loader import look_at_loader, next_slot
from ingot_node.drift.boot.partition import FOLDER, SLOTS, device, is_partition_of, started, update_at_work
from ingot_node.drift.boot.slot import FILES, OTHERS, boot_drift, look_at_slot
from ingot_node.drift.finding import Drift
from ingot_node.drift.place import Place

MOUNT = f"mount it again: mount -o ro,umask=0077 /dev/disk/by-uuid/ID {FOLDER}, or restart the node"


class Boot(namedtuple("Boot", ("facts", "drifts"))):
    """`facts`: for the head of the answer, None if the node has no boot partition."""


def look_at_boot(place: Place) -> Boot:
    """Checks both slots, GRUB's files, and whatever else is on the partition."""
    runs = started(place)
    if runs is None:
        return Boot(None, [])
    source = device(place)
    if source is None or not is_partition_of(place, source, runs.esp):
        wrong: Drift = boot_drift("/", "not the partition", f"the file system {runs.esp}, which GRUB started from, at {FOLDER}", source, "critical", MOUNT)
        return Boot({"esp": runs.esp, "slot": runs.slot, "next": None, "loader": None, "slots": {}}, [wrong])
    loader, drifts = look_at_loader(place, runs, source, (*FILES, *OTHERS))
    upcoming, of_environment = next_slot(place, runs)
    drifts += of_environment
    slots = {}
    busy = update_at_work(place)
    for slot in SLOTS:
        if slot != runs.slot and busy:
            slots[slot] = {"updating": True}
            continue
        found, of_slot = look_at_slot(place, slot, runs if slot == runs.slot else None)
        slots[slot] = found.facts() if found else None
        drifts += of_slot
    return Boot({"esp": runs.esp, "slot": runs.slot, "next": upcoming, "loader": loader, "slots": slots}, drifts)
