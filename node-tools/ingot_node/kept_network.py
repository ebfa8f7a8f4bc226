"""Saves the network configuration that cloud-init is about to apply.

ingot-drift computes from it what the node's network files must contain.
"""

import json
import os

from cloudinit import distros

KEPT = "/run/ingot/network-config.json"


def keep_network(path: str = KEPT) -> None:
    """From now on, each configuration that cloud-init applies is saved to the file before any network file is written.
    """
    apply_network_config = distros.Distro.apply_network_config

    def kept(distro, netconfig, *more, **options):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            json.dump(netconfig, file, default=str)
        os.replace(f"{path}.new", path)
        return apply_network_config(distro, netconfig, *more, **options)

    distros.Distro.apply_network_config = kept
