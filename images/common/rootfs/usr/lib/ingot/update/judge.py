"""Whether a version is one for this node: signed, for its role, another one, not older, not one that failed here."""

import json
from typing import Dict, NamedTuple

from update import record
from update.error import Missing, UpdateError
from update.fetch import ALTERED, small
from update.node import Node, slot_config
from update.trust import UNSIGNED, parse_sums, signed_payload

# In the order in which they are brought: the large ones last, slot.cfg, which makes the slot whole, not among them.
FILES = ("boot.json", "vmlinuz", "initrd.img", "root.verity", "root.squashfs")


class Version(NamedTuple):
    """A version whose signature was right. Digests are SHA-256 in hex, by file."""

    name: str
    role: str
    root_hash: str
    root_bytes: int
    digests: Dict[str, str]
    slot_config: bytes
    # What was signed, and by whom: SHA256SUMS and SHA256SUMS.dsse, kept in the slot for ingot-drift.
    sums: bytes
    envelope: bytes


def read_version(source, keys) -> Version:
    """What the source has, as far as it was signed with one of the keys; UpdateError that says why it is not believed."""
    try:
        envelope = small(source, "SHA256SUMS.dsse")
    except Missing:
        raise UpdateError(f"{source.name} is no signed version: it has no SHA256SUMS.dsse", UNSIGNED) from None
    payload = signed_payload(envelope, keys)
    if small(source, "SHA256SUMS") != payload:
        raise UpdateError(f"{source.name}/SHA256SUMS is not what was signed", ALTERED)
    digests = parse_sums(payload.decode("utf-8", "replace"))
    missing = [name for name in (*FILES, "slot.cfg") if name not in digests]
    if missing:
        raise UpdateError(f"the version has no signed {', '.join(missing)}", "It was made by an ingot without slots: bake it anew.")
    try:
        boot = json.loads(small(source, "boot.json", digests["boot.json"]))
        version = Version(
            str(boot["version"]), boot["role"], boot["rootHash"], int(boot["rootBytes"]), digests, small(source, "slot.cfg", digests["slot.cfg"]), payload, envelope
        )
    except (ValueError, KeyError, TypeError):
        raise UpdateError(f"{source.name}/boot.json is signed, but not understood", "It was made by a newer ingot: update by way of a version between.") from None
    if slot_config(version.slot_config.decode("utf-8", "replace")) != {"version": version.name, "rootHash": version.root_hash}:
        raise UpdateError(f"slot.cfg and boot.json of {source.name} do not name the same version and root hash", ALTERED)
    return version


def date_of(version: str) -> str:
    """The day in a version's name, YYYYMMDD, or "" if it begins with none."""
    day = version.partition("-")[0]
    return day if len(day) == 8 and day.isdecimal() else ""


def refuse_unfit(version: Version, node: Node, allow_older: bool, again: bool) -> None:
    """UpdateError if the version is none for this node now."""
    if version.role != node.role:
        raise UpdateError(f"{version.name} is a {version.role}, and this node is a {node.role}", f"Name a version of out/{node.role}.")
    if date_of(version.name) < date_of(node.version) and not allow_older:
        raise UpdateError(
            f"{version.name} is older than {node.version}, which runs: what was mended since would be open again",
            "If that is what you want: --allow-older.",
        )
    fell_back = record.failed(node.state).get(version.name)
    if fell_back and not again:
        raise UpdateError(
            f"{version.name} did not become healthy on this node at {fell_back.get('when')}: {fell_back.get('why')}",
            "If its reason is gone: --again.",
        )
