"""One slot: compares kernel, initrd and slot.cfg with the digests that its root hash binds."""

from __future__ import annotations

import os
import re
from collections import namedtuple
from collections.abc import Iterator

from ingot_node.drift.boot.hash_tree import hash_tree, unhashed
from ingot_node.drift.boot.partition import FOLDER, Started
from ingot_node.drift.boot.signed_list import ENVELOPE, SUMS, signed_digests
from ingot_node.drift.digest import sha256, sha256_of_disk
from ingot_node.drift.finding import LASTING, Drift
from ingot_node.drift.place import Place, names, read_bytes

FILES = ("vmlinuz", "initrd.img", "root.verity", "root.squashfs", "slot.cfg")
# Other files that an update leaves in a slot, or uses while it writes.
OTHERS = ("boot.json", "checks.json", SUMS, ENVELOPE, "incoming.json", "slot.cfg.new", "incoming.json.new", f"{SUMS}.new", f"{ENVELOPE}.new")
_VERSION = rb"^set ingot_version='?([A-Za-z0-9._-]+)'?$"
_ROOT_HASH = rb"\bingot\.roothash=([0-9a-f]{64})\b"


class Slot(namedtuple("Slot", ("version", "root_hash", "signed", "proven"))):
    """`signed`: whether an update key of the image signed its list.

    `proven`: whether its kernel, initrd and slot.cfg are bound by its root hash or by the signed list.
    """

    def facts(self) -> dict:
        return {"version": self.version, "rootHash": self.root_hash, "signed": self.signed, "proven": self.proven}


def boot_drift(path: str, kind: str, expected: str | None, there: str | None, severity: str = "critical", hint: str = LASTING) -> Drift:
    """A drift of a file of the boot partition.

    An additional file is forbidden; a file that is missing or differs is of the class fixed.
    """
    return Drift(f"boot:{path}", "forbidden" if kind == "added" else "fixed", severity, kind, expected, there, hint)


def _whole(place: Place, slot: str) -> str:
    return place.live(f"{FOLDER}/{slot}")


def _named(pattern: bytes, text: bytes) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1).decode() if found else ""


def _digests(folder: str) -> dict[str, str | None]:
    return {name: sha256_of_disk(f"{folder}/{name}") for name in ("vmlinuz", "initrd.img")}


def _compare(slot: str, wanted: dict[str, str], there: dict[str, str | None], by: str) -> Iterator[Drift]:
    for name, digest in wanted.items():
        if there.get(name) != digest:
            found = there.get(name)
            yield boot_drift(f"/{slot}/{name}", "content" if found else "deleted", f"sha256:{digest}, by {by}", found and f"sha256:{found}")


def look_at_slot(place: Place, slot: str, runs: Started | None) -> tuple[Slot | None, list[Drift]]:
    """The content of a slot and its drifts; None for a slot that GRUB does not boot from.

    `runs`: the arguments of the kernel, if this is the running slot.
    """
    folder = _whole(place, slot)
    text = read_bytes(f"{folder}/slot.cfg")
    if not text:
        return None, _unused(slot, folder, runs)
    found = Slot(_named(_VERSION, text), _named(_ROOT_HASH, text), False, False)
    drifts = []
    if runs and (found.version, found.root_hash) != (runs.version, runs.root_hash):
        drifts.append(boot_drift(f"/{slot}/slot.cfg", "content", f"{runs.version}, root hash {runs.root_hash}, which runs", f"{found.version}, root hash {found.root_hash}"))
    tree = hash_tree(f"{folder}/root.verity")
    if tree is None or tree.root_hash != found.root_hash:
        return found, [*drifts, boot_drift(f"/{slot}/root.verity", "content", f"a hash tree with the root hash {found.root_hash} of slot.cfg", tree and f"root hash {tree.root_hash}")]
    if os.path.getsize(f"{folder}/root.squashfs") != tree.data_bytes if os.path.isfile(f"{folder}/root.squashfs") else True:
        drifts.append(boot_drift(f"/{slot}/root.squashfs", "content", f"{tree.data_bytes} bytes, by the hash tree", "another size, or no file"))
    there: dict[str, str | None] = {**_digests(folder), "slot.cfg": unhashed(text, found.root_hash)}
    if tree.bound:
        drifts += _compare(slot, {"vmlinuz": tree.bound.kernel, "initrd.img": tree.bound.initrd, "slot.cfg": tree.bound.slot_config}, there, "the root hash")
    signed, refusal = signed_digests(place, folder)
    if refusal:
        drifts.append(boot_drift(f"/{slot}/{ENVELOPE}", "not signed", "a list that an update key of this image has signed", refusal))
    elif signed is not None:
        there["slot.cfg"] = sha256(text).hexdigest()
        by_list = {name: signed.get(name, "nothing") for name in there}
        reported = {drift.path for drift in drifts}
        drifts += [drift for drift in _compare(slot, by_list, there, "the signed list") if drift.path not in reported]
    if not tree.bound and signed is None:
        drifts.append(boot_drift(f"/{slot}/vmlinuz", "not proven", "a version whose root hash binds its kernel and initrd", f"{found.version}, made by an older ingot", "warning", UPDATE_AGAIN))
    return found._replace(signed=signed is not None, proven=tree.bound is not None or signed is not None), drifts


UPDATE_AGAIN = "nothing states what its kernel and initrd must be: the next ingot-update rewrites the slot"


def _unused(slot: str, folder: str, runs: Started | None) -> list[Drift]:
    """Drifts of a slot without slot.cfg, which is not booted: it is empty, or an update was interrupted in it."""
    if runs:
        return [boot_drift(f"/{slot}/slot.cfg", "deleted", "GRUB's configuration of the running slot", None)]
    if not names(folder) or os.path.exists(f"{folder}/incoming.json"):
        return []
    return [boot_drift(f"/{slot}", "left over", "an empty slot, or one with slot.cfg", ", ".join(names(folder)), "warning", UPDATE_AGAIN)]
