"""Checks that a version suits this node.

It must be signed, the requested one, for the node's role and cluster, not older, and not one that failed here.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from ingot_node.update import record
from ingot_node.update.error import Missing, UpdateError
from ingot_node.update.fetch import ALTERED, small
from ingot_node.update.node import Node
from ingot_node.update.trust import UNSIGNED, parse_sums, signed_payload
from ingot_node.update.version import FILES, NAME, RECORD, Origin, Version, published_in, read_boot, slot_config

LATEST = "latest"


class Allowed(NamedTuple):
    """What the operator allows in addition to naming the version."""

    older: bool = False
    again: bool = False
    # Stand-ins, on a node that runs a version for production.
    not_for_production: bool = False
    # The cluster of the version, if it differs from that of the node's seed.
    of_cluster: str = ""
    # The name of the version, if its address does not end with it.
    expect: str = ""


def read_version(source, keys) -> Version:
    """The version at the source, if one of the keys has signed it; UpdateError with the reason if it is not trusted."""
    try:
        envelope = small(source, "SHA256SUMS.dsse")
    except Missing:
        raise UpdateError(f"{source.name} is not a signed version: it has no SHA256SUMS.dsse", UNSIGNED) from None
    payload = signed_payload(envelope, keys)
    if small(source, "SHA256SUMS") != payload:
        raise UpdateError(f"{source.name}/SHA256SUMS is not the list that was signed", ALTERED)
    try:
        digests = parse_sums(payload.decode())
    except UnicodeDecodeError:
        raise UpdateError(f"{source.name}/SHA256SUMS is signed, but not UTF-8", ALTERED) from None
    missing = [name for name in (*FILES, "slot.cfg") if name not in digests]
    if missing:
        raise UpdateError(f"the version has no signed {', '.join(missing)}", "It was made by an ingot without slots: bake it again.")
    facts = read_boot(small(source, "boot.json", digests["boot.json"]), f"{source.name}/boot.json")
    published = published_in(small(source, RECORD, digests[RECORD])) if RECORD in digests else ""
    version = Version(*facts, published, digests, small(source, "slot.cfg", digests["slot.cfg"]), payload, envelope)
    if slot_config(version.slot_config.decode("utf-8", "replace")) != {"version": version.name, "rootHash": version.root_hash}:
        raise UpdateError(f"slot.cfg and boot.json of {source.name} do not name the same version and root hash", ALTERED)
    return version


def refuse_other_name(version: Version, source, expect: str, say: Callable[[str], None]) -> None:
    """Raises UpdateError if the signed name is not the requested one: --expect, or the last part of the address.

    `latest` is accepted for any version; a line shows which one it is.
    """
    asked = expect or source.last
    if version.name == asked:
        return
    if asked == LATEST:
        say(f"{source.name} is {version.name}")
        return
    if not re.fullmatch(NAME, asked):
        raise UpdateError(
            f"{source.name} does not end with the name of a version, so {version.name} may not be the version that you want",
            f"If it is: --expect {version.name}.",
        )
    raise UpdateError(f"{source.name} holds {version.name}, but {asked} was requested", "Another version was put in its place: check the server.")


def refuse_unfit(version: Version, node: Node, allowed: Allowed) -> None:
    """Raises UpdateError if the version does not suit this node now."""
    if version.role != node.role:
        raise UpdateError(f"{version.name} is a {version.role}, and this node is a {node.role}", f"Name a version of out/{node.role}.")
    if version.origin:
        _refuse_foreign(version, version.origin, node, allowed)
    if not allowed.older:
        _refuse_older(version, node)
    fell_back = record.failed(node.state).get(version.name)
    if fell_back and not allowed.again:
        raise UpdateError(
            f"{version.name} did not become healthy on this node at {fell_back.get('when')}: {fell_back.get('why')}",
            "If the cause is fixed: --again.",
        )


def _refuse_foreign(version: Version, origin: Origin, node: Node, allowed: Allowed) -> None:
    """Raises UpdateError for another cluster, architecture or layout, or for additional stand-ins."""
    release = node.release
    cluster = allowed.of_cluster or node.cluster
    if not cluster:
        raise UpdateError(
            f"{version.name} is for the cluster {origin.cluster}, and this node has no seed that names its cluster",
            f"If it is in that cluster: --of-cluster {origin.cluster}.",
        )
    if origin.cluster != cluster:
        raise UpdateError(
            f"{version.name} was baked for the cluster {origin.cluster}, and this node is in {cluster}",
            f"If both clusters share the image: --of-cluster {origin.cluster}.",
        )
    for what, theirs in (("architecture", origin.architecture), ("layout", origin.layout)):
        ours = release.get(what, theirs)
        if theirs != ours:
            raise UpdateError(f"{version.name} has the {what} {theirs}, and this node {ours}", "Write an image to the disk instead.")
    if release.get("production") is True and not origin.production and not allowed.not_for_production:
        raise UpdateError(
            f"{version.name} contains stand-ins and is not for production, but the running version is",
            "If that is what you want: --not-for-production.",
        )


def _refuse_older(version: Version, node: Node) -> None:
    """Raises UpdateError for a version with an older lock, or with the same lock but published earlier."""
    hint = "If that is what you want: --allow-older."
    if not version.origin:
        raise UpdateError(f"{version.name} has no cluster and no time in boot.json (made by an old ingot), so it counts as older than {node.version}", hint)
    theirs, ours = version.origin.date, node.release.get("date") or ""
    if theirs < ours:
        raise UpdateError(
            f"{version.name} is older than the running {node.version}: its lock is from {theirs}, the running one from {ours}; fixes made in between would be lost",
            hint,
        )
    if theirs == ours and version.published and version.published < node.published:
        raise UpdateError(
            f"{version.name} is older than the running {node.version}: both have the same lock, but it was published at {version.published}, the running one at {node.published}",
            hint,
        )
