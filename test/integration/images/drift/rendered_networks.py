"""Compares the network files that ingot-drift computes for random configurations with those of cloud-init; prints the number of comparisons.

Arguments: the folder with the package ingot_node, a seed for the random numbers, the number of comparisons.
"""

import copy
import json
import logging
import os
import random
import sys
import tempfile

sys.path.insert(0, sys.argv[1])

# pylint: disable=wrong-import-position
from cloudinit import distros  # noqa: E402
from cloudinit.net.network_state import parse_net_config_data  # noqa: E402
from cloudinit.net.networkd import Renderer  # noqa: E402

from ingot_node import kept_network  # noqa: E402
from ingot_node.drift.network import network_files  # noqa: E402

logging.disable(logging.CRITICAL)
DRAW = random.Random(int(sys.argv[2]))


def some(values: list) -> list:
    return DRAW.sample(values, DRAW.randint(1, len(values)))


def card(number: int) -> dict:
    routes = [{"to": to, "via": via} for to in ("0.0.0.0/0", "10.9.0.0/16", "::/0", "fd01::/48") for via in ("10.0.0.1", "fd00::1")]
    may_have = {
        "dhcp4": DRAW.choice([True, False]),
        "dhcp6": DRAW.choice([True, False]),
        "addresses": some(["10.0.0.2/24", "10.0.0.3/24", "fd00::5/64", "10.1.0.1/8"]),
        "gateway4": "10.0.0.1",
        "gateway6": "fd00::1",
        "routes": [DRAW.choice(routes) for _ in range(DRAW.randint(1, 13))],
        "nameservers": {"addresses": some(["10.0.0.53", "1.1.1.1"]), **DRAW.choice([{}, {"search": ["b.example", "a.example"]}])},
        "mtu": 1400,
        "dhcp4-overrides": {"route-metric": 100, "use-dns": DRAW.choice([True, False])},
        "dhcp6-overrides": {"use-domains": True},
    }
    named = DRAW.choice([{}, {"match": {"macaddress": f"52:54:00:78:00:{number:02X}"}, "set-name": f"c{number}"}])
    return {**named, **{key: value for key, value in may_have.items() if DRAW.random() < 0.5}}


def rendered(config: dict) -> dict:
    files = Renderer({})._render_content(parse_net_config_data(copy.deepcopy(config)))  # pylint: disable=protected-access
    return {f"/etc/systemd/network/10-cloud-init-{name}.network": text for name, text in files.items()}


class Distribution:
    """The part of a distribution that applies a configuration."""

    def _get_renderer(self):
        raise NotImplementedError

    def _apply_network_from_network_config(self, config, bring_up):
        return config, bring_up


def kept() -> dict:
    """The configuration that the cloud-init wrapper saves and passes on unchanged."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run", "kept.json")
        kept_network.keep_network(path)
        config = {"version": 2, "ethernets": {"e0": card(0)}}
        assert distros.Distro.apply_network_config(Distribution(), config, bring_up=False) == (config, False)
        with open(path, encoding="utf-8") as file:
            assert json.load(file) == config
        return config


assert network_files(kept()) is not None
for _count in range(int(sys.argv[3])):
    configuration = {"version": 2, "ethernets": {f"e{number}": card(number) for number in range(DRAW.randint(1, 3))}}
    real, computed = rendered(configuration), network_files(configuration)
    if real != computed:
        sys.exit(f"{json.dumps(configuration)}\ncloud-init: {real}\ningot-drift: {computed}")
print(int(sys.argv[3]))
