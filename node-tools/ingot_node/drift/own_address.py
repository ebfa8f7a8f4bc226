"""The node's own address, determined as ingot-identity does it."""

from __future__ import annotations

import json

from ingot_node import own_address as identity
from ingot_node.cluster_seed import Seed
from ingot_node.drift.place import Place, read


def own_address(place: Place, seed: Seed, role: str) -> str | None:
    """IdentityError if the node has none; for a folder, the content of /run/ingot/address, or None."""
    if place.root != "/":
        return (read(place.live("/run/ingot/address")) or "").strip() or None
    return identity.own_address(seed, role, identity.local_addresses(read("/proc/net/fib_trie") or ""), None)


def release(place: Place) -> dict:
    """release.json of the verified root."""
    try:
        return json.loads(read(place.golden("/usr/lib/ingot/release.json")) or "{}")
    except ValueError:
        return {}
