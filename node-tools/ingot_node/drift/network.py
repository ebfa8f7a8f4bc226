"""The files that cloud-init 22.4 writes for networkd from a network configuration, version 2, with plain cards.

Sources: cloudinit/net/network_state.py and networkd.py.
"""

from __future__ import annotations

import json
import re

from ingot_node.drift.place import Place, read

# Written by the cloud-init wrapper: the configuration that cloud-init was about to apply, from the seed, a cloud or its
# own DHCP search.
KEPT = "/run/ingot/network-config.json"
FOLDER = "/etc/systemd/network"

_CARD = {"match", "set-name", "dhcp4", "dhcp6", "dhcp4-overrides", "dhcp6-overrides", "addresses", "gateway4", "gateway6", "routes", "nameservers", "mtu"}
_ADDRESS = r"([0-9a-fA-F:.]+)/(0|[1-9]\d{0,2})"
_OVERRIDES = {
    "4": {
        **{"UseDNS": "use-dns", "UseDomains": "use-domains", "UseHostname": "use-hostname", "UseNTP": "use-ntp", "SendHostname": "send-hostname"},
        **{"Hostname": "hostname", "RouteMetric": "route-metric", "UseMTU": "use-mtu", "UseRoutes": "use-routes"},
    },
    "6": {"UseDNS": "use-dns", "UseDomains": "use-domains", "UseHostname": "use-hostname", "UseNTP": "use-ntp"},
}


class UnknownNetwork(Exception):
    """A configuration that is not computed here, such as bonds or VLANs."""


def _need(true: object) -> None:
    if not true:
        raise UnknownNetwork


def _prefixed(text: object) -> tuple[str, str]:
    """Splits "ADDRESS/PREFIX"."""
    found = re.fullmatch(_ADDRESS, text) if isinstance(text, str) else None
    if found is None:
        raise UnknownNetwork
    address, prefix = found.groups()
    # cloud-init treats an IPv6 prefix of 0 as missing (ipv6_mask_to_net_prefix).
    return address, "64" if ":" in address and prefix == "0" else prefix


def _texts(given) -> list[str]:
    _need(isinstance(given, list) and all(isinstance(one, str) for one in given))
    return given


def _routes(given) -> list[list[str]]:
    _need(isinstance(given, list))
    found = []
    for route in given:
        _need(isinstance(route, dict) and set(route) == {"to", "via"} and isinstance(route["via"], str))
        found.append(["Destination=" + "/".join(_prefixed(route["to"])), f"Gateway={route['via']}"])
    return found


def _dhcp(card: dict) -> str:
    words = [version for version in ("4", "6") if card.get(f"dhcp{version}")]
    return {"": "no", "4": "ipv4", "6": "ipv6", "46": "yes"}["".join(words)]


def _overrides(card: dict, version: str, dhcp: str) -> list[str]:
    given = card.get(f"dhcp{version}-overrides", {})
    _need(isinstance(given, dict) and all(isinstance(value, (str, int)) for value in given.values()))
    applies = dhcp in ("yes", f"ipv{version}")
    return [f"{key}={given[name]}" for key, name in _OVERRIDES[version].items() if applies and name in given]


class _Card:
    """The sections of one card's file; each line appears once per section, sorted."""

    def __init__(self, key: str, card) -> None:
        _need(isinstance(card, dict) and set(card) <= _CARD)
        match = card.get("match", {})
        mac = match.get("macaddress") if isinstance(match, dict) else None
        _need(isinstance(match, dict) and set(match) <= {"macaddress", "driver"} and (card.get("set-name") or not mac))
        self.name = card.get("set-name") or key
        self.sections: dict[str, list[str]] = {"Match": [f"Name={self.name}"], "Network": [f"DHCP={_dhcp(card)}"]}
        self.addresses: list[str] = []
        self.routes: list[list[str]] = []
        self._add("Match", "Driver", match.get("driver"))
        self._add("Match", "MACAddress", mac)
        self._add("Link", "MTUBytes", card.get("mtu"))
        servers = card.get("nameservers", {})
        _need(isinstance(servers, dict) and set(servers) <= {"addresses", "search"})
        for setting, name in (("DNS", "addresses"), ("Domains", "search")):
            self._add("Network", setting, " ".join(_texts(servers.get(name, []))))
        # cloud-init rejects nameservers without addresses.
        _need(not servers or servers.get("addresses"))
        for version in ("4", "6"):
            self.sections[f"DHCPv{version}"] = _overrides(card, version, _dhcp(card))
        self._place(card)

    def _add(self, section: str, setting: str, value: object) -> None:
        if value:
            _need(isinstance(value, (str, int)))
            self.sections.setdefault(section, []).append(f"{setting}={value}")

    def _place(self, card: dict) -> None:
        """Adds the addresses, the routes if the card has any address, and one gateway per address family."""
        addresses = _texts(card.get("addresses", []))
        if card.get("dhcp4") or card.get("dhcp6") or addresses:
            self.routes += _routes(card.get("routes", []))
        waiting = {version: card.get(f"gateway{version}") for version in ("4", "6")}
        for address in addresses:
            self.addresses.append("Address=" + "/".join(_prefixed(address)))
            gateway = waiting.pop("6" if ":" in address else "4", None)
            if gateway:
                _need(isinstance(gateway, str))
                self.routes.append([f"Gateway={gateway}"])

    def text(self) -> str:
        """The text in the order and with the blank lines of networkd.py.

        Routes are sorted by names that show their origin.
        """
        texts = {name: "".join(f"{line}\n" for line in sorted(set(lines))) for name, lines in self.sections.items() if lines}
        found = [f"[Address]\n{line}\n\n" for line in sorted(set(self.addresses))]
        found += [f"[{name}]\n{texts[name]}\n" for name in ("DHCPv4", "DHCPv6", "Link", "Match", "Network") if name in texts]
        return "".join(found) + "".join("[Route]\n" + "".join(f"{line}\n\n" for line in sorted(set(route))) for route in self._sorted_routes())

    def _sorted_routes(self) -> list[list[str]]:
        # Routes are named r0, r1, … and gateways a0, a1, …, with common numbers, and sorted as text.
        named = {f"{'a' if len(route) == 1 else 'r'}{number}": route for number, route in enumerate(self.routes)}
        return [named[name] for name in sorted(named)]


def network_files(config) -> dict[str, str]:
    """Path -> content of every file that cloud-init writes.

    Raises UnknownNetwork for a configuration that is not computed here.
    """
    _need(isinstance(config, dict) and config.get("version") == 2 and set(config) <= {"version", "renderer", "ethernets"})
    cards = config.get("ethernets", {})
    _need(isinstance(cards, dict))
    made = [_Card(key, card) for key, card in cards.items()]
    _need(len({card.name for card in made}) == len(made))
    return {f"{FOLDER}/10-cloud-init-{card.name}.network": card.text() for card in made}


def kept_network(place: Place) -> dict[str, str] | None:
    """The files for the node's own cards, computed from the saved configuration.

    None if it cannot be computed here; empty if cloud-init did not configure the network.
    """
    kept = read(place.live(KEPT))
    if kept is None:
        return {}
    try:
        return network_files(json.loads(kept))
    except (ValueError, UnknownNetwork):
        return None
