"""The node's own address, asked for as ingot-identity does."""

import json
import socket
from typing import Optional

from drift.place import Place, read


def own_address(place: Place, first_master: str) -> Optional[str]:
    """The source address of the route towards the first master, or None without one; in a folder what /run/ingot/address says. Connecting a UDP socket sends no packet."""
    if place.root != "/":
        return (read(place.live("/run/ingot/address")) or "").strip() or None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((first_master, 2181))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def release(place: Place) -> dict:
    """release.json of the verified root."""
    try:
        return json.loads(read(place.golden("/usr/lib/ingot/release.json")) or "{}")
    except ValueError:
        return {}
