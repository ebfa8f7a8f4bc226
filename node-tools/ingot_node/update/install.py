"""The steps of an update: writes a verified version into the other slot, so that GRUB tries it at the next start."""

import json
import os
import subprocess
from collections.abc import Callable

from ingot_node.update import grubenv, record
from ingot_node.update.channel import refuse_revoked
from ingot_node.update.error import UpdateError
from ingot_node.update.fetch import digest_of, into, limit_of
from ingot_node.update.judge import Allowed, read_version, refuse_other_name, refuse_unfit
from ingot_node.update.node import Node
from ingot_node.update.partition import alone, put, remove, sync_folder, writable
from ingot_node.update.version import Version

# Marks a slot that is being written: its version, and the id of the boot that wrote it.
MARK = "incoming.json"
NOTHING_ALLOWED = Allowed()


def install(node: Node, source, say: Callable[[str], None], allowed: Allowed = NOTHING_ALLOWED) -> bool:
    """
    Writes the version of the source into the other slot, to be tried at the next start; False if it is already running.
    Raises UpdateError if the version is refused or a transfer breaks off. Then the running version and the choice of
    GRUB are unchanged.
    """
    with alone(node):
        slot, target = node.slot, node.other
        facts: dict[str, str] = {"from": source.name, "slot": target}
        try:
            if node.on_trial:
                raise UpdateError(f"{node.version} is itself on trial, and the other slot is its fallback", "Wait until it is confirmed: ingot-update --status.")
            say(f"reading {source.name}")
            version = read_version(source, node.keys)
            facts["version"] = version.name
            refuse_other_name(version, source, allowed.expect, say)
            if version.name == node.version:
                say(f"{version.name} is already running: nothing to do")
                return False
            refuse_unfit(version, node, allowed)
            refuse_revoked(version, source, node, say)
            refuse_too_large(node, {**{name: source.size(name) for name in version.files}, "root.squashfs": version.root_bytes, "SHA256SUMS": len(version.sums) + len(version.envelope)})
            say(f"signature valid: {version.name}, {version.role}; writing it into slot {target} ({node.version or 'the running version'} is in slot {slot})")
        except UpdateError as error:
            record.note(node.state, "refused", why=str(error), **facts)
            raise
        try:
            with writable(node):
                write_slot(node, source, version, say)
                grubenv.change(node.environment, ingot_try=target)
        except (UpdateError, OSError, KeyboardInterrupt) as error:
            record.note(node.state, "broken-off", why=str(error) or "interrupted", **facts)
            raise
        record.note(node.state, "written", **facts)
        say(f"{version.name} is in slot {target}, verified; the next start tries it once")
        return True


def refuse_too_large(node: Node, sizes: dict[str, int | None]) -> None:
    """Raises UpdateError if the files do not fit into the boot partition in place of the other slot's.

    Nothing has been changed at this point.
    """
    folder = node.folder(node.other)
    inside = [os.path.join(folder, name) for name in os.listdir(folder)] if os.path.isdir(folder) else []
    disk = os.statvfs(node.esp)
    room = disk.f_bavail * disk.f_frsize + sum(os.stat(path).st_blocks * 512 for path in inside)
    # The last cluster of each file, and of the folder, may be partly empty.
    wanted = sum(size or 0 for size in sizes.values()) + (len(sizes) + 2) * disk.f_frsize
    if wanted > room:
        raise UpdateError(f"the version needs {wanted >> 20} MiB, and slot {node.other} has room for {room >> 20} MiB", "Write an image with larger slots to the disk.")


def write_slot(node: Node, source, version: Version, say: Callable[[str], None]) -> None:
    """Writes the version's files into the other slot and verifies each.

    slot.cfg is written last, so that an incomplete slot has none and GRUB never boots it.
    """
    folder = node.folder(node.other)
    # From here on nothing boots the other slot, even if GRUB had chosen it.
    grubenv.change(node.environment, ingot_slot=node.slot, ingot_try="", ingot_tried="")
    os.makedirs(folder, exist_ok=True)
    mark = {"slotConfig": version.digests["slot.cfg"], "boot": node.boot}
    keep = _mark_of(folder) == mark or digest_of(os.path.join(folder, "slot.cfg")) == version.digests["slot.cfg"]
    remove(folder, "slot.cfg")
    if not keep:
        # Also after a restart: a file on FAT that was being written during a power failure cannot be continued safely.
        for name in os.listdir(folder):
            os.remove(os.path.join(folder, name))
        sync_folder(folder)
    put(folder, MARK, json.dumps(mark).encode())
    for name in version.files:
        # Sizes reported by the server are not signed.
        into(source, name, os.path.join(folder, name), version.digests[name], limit_of(name, version.root_bytes), say)
    prove_root(folder, version.root_hash, say)
    put(folder, "SHA256SUMS", version.sums)
    put(folder, "SHA256SUMS.dsse", version.envelope)
    remove(folder, MARK)
    put(folder, "slot.cfg", version.slot_config)
    if digest_of(os.path.join(folder, "slot.cfg")) != version.digests["slot.cfg"]:
        remove(folder, "slot.cfg")
        raise UpdateError("the disk does not store what is written to it: slot.cfg reads back differently", "Replace the disk.")


def _mark_of(folder: str) -> object:
    try:
        with open(os.path.join(folder, MARK), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def prove_root(folder: str, root_hash: str, say: Callable[[str], None]) -> None:
    """Verifies every block of the root against the hash tree and the root hash, as the kernel does at the next start.

    See veritysetup(8), verify.
    """
    root, tree = (os.path.join(folder, name) for name in ("root.squashfs", "root.verity"))
    done = subprocess.run(["veritysetup", "verify", root, tree, root_hash], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UpdateError(f"the root does not have the root hash {root_hash}: {done.stderr.strip()}", "Bake the version again.")
    say(f"root verified, root hash {root_hash}")
