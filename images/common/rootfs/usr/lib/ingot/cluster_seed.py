"""/etc/ingot/cluster.json, the cluster seed: the same text on every node of the cluster."""

import ipaddress
import json
import re
from typing import Dict, List, NamedTuple, Optional, Tuple


class IdentityError(Exception):
    """A node that must not join the cluster, and why: read by people on a console."""


# First and last address, as numbers.
Range = Tuple[int, int]


class Agents(NamedTuple):
    """Attributes of the agents whose address lies in one of the ranges."""

    ranges: List[Range]
    attributes: Dict[str, str]


class Secret(NamedTuple):
    """Where a node finds a secret: a file on its data disk, or what a command prints. principal: Marathon's name, else ""."""

    file: str
    command: List[str]
    principal: str


class Logs(NamedTuple):
    """Where the journal goes; ca: a file of certificates, or ""."""

    url: str
    ca: str


class Seed(NamedTuple):
    """What the seed says; network None: the own address is that of the route to the first master."""

    cluster: str
    masters: List[str]
    agents: List[Agents]
    # "disk /dev/…" or "label …": where every node's state is to lie, if not on the partition labelled ingot-data. The initrd obeys it.
    data: Optional[str]
    network: Optional[Range]
    time_servers: List[str]
    secrets: Dict[str, Secret]
    logs: Optional[Logs]


WHERE = "the seed /etc/ingot/cluster.json"
KEYS = {"version", "cluster", "masters", "attributes", "data", "network", "timeServers", "agents", "secrets", "logs"}
EVERY: Range = (0, 2**32 - 1)

# As src/spec has them. No label is longer on ext4, and no letter of a path means anything to a shell.
LABEL = re.compile(r"[A-Za-z0-9._-]{1,16}")
DISK = re.compile(r"/dev/(?!.*\.\.)[A-Za-z0-9/:._+@-]+")
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
TIME_SERVER = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?")
STATE_FILE = re.compile(r"/var/lib/ingot/state(/(?!\.{1,2}(/|$))[A-Za-z0-9._+@-]+)+")
PRINCIPAL = re.compile(r"[A-Za-z0-9_.@-]{1,100}")
LOG_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?")
CA_FILE = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._+@-]+)+")
SECRETS = ("agentCredential", "masterCredentials", "marathon", "dockerConfig")


def parse_seed(text: str) -> Seed:
    """The seed in the text; IdentityError if anything in it is not as it must be."""
    try:
        seed = json.loads(text)
    except ValueError as error:
        raise IdentityError(f"{WHERE} is no JSON: {error}") from error
    if not isinstance(seed, dict) or seed.get("version") != 1:
        raise IdentityError(f'{WHERE} must be an object with "version": 1')
    unknown = sorted(set(seed) - KEYS)
    if unknown:
        raise IdentityError(f"{WHERE} has an unknown key: {', '.join(unknown)}; an image that knows it was baked with a newer ingot")
    cluster = seed.get("cluster")
    # Part of a host name, of at most 63 characters in all.
    if not isinstance(cluster, str) or not NAME.fullmatch(cluster):
        raise IdentityError(f"{WHERE}: cluster must be a name of up to 32 letters a-z, digits and hyphens, not {cluster!r}")
    everybody = [Agents([EVERY], _attributes(seed["attributes"]))] if seed.get("attributes") else []
    return Seed(
        cluster,
        _masters(seed.get("masters")),
        everybody + _agents(seed.get("agents", [])),
        _data(seed["data"]) if "data" in seed else None,
        _range(seed["network"], "network") if "network" in seed else None,
        _time_servers(seed.get("timeServers", [])),
        _secrets(seed.get("secrets", {})),
        _logs(seed["logs"]) if "logs" in seed else None,
    )


def number(address: str) -> int:
    """The number of an IPv4 address; ValueError if it is none."""
    return int(ipaddress.IPv4Address(address))


def _masters(masters: object) -> List[str]:
    if not isinstance(masters, list) or not masters:
        raise IdentityError(f"{WHERE}: masters must be a list of addresses; without a master there is no quorum")
    for master in masters:
        try:
            if not isinstance(master, str):
                raise ValueError
            number(master)
        except ValueError:
            raise IdentityError(f"{WHERE}: {master!r} in masters is no IPv4 address") from None
    if len(set(masters)) != len(masters):
        raise IdentityError(f"{WHERE}: an address stands in masters twice")
    if len(masters) % 2 == 0:
        raise IdentityError(f"{WHERE}: {len(masters)} masters; an even number has no better quorum and can split")
    return masters


def _range(text: object, what: str) -> Range:
    try:
        if not isinstance(text, str):
            raise ValueError
        if "/" in text:
            network = ipaddress.IPv4Network(text)
            return int(network.network_address), int(network.broadcast_address)
        first, _, last = text.partition("-")
        found = number(first), number(last or first)
        if found[0] > found[1]:
            raise ValueError
        return found
    except ValueError:
        raise IdentityError(f"{WHERE}: {text!r} in {what} is no address, no FIRST-LAST and no network with its prefix") from None


def _agents(agents: object) -> List[Agents]:
    found = []
    for one in agents if isinstance(agents, list) else [agents]:
        if not isinstance(one, dict) or set(one) - {"addresses"} != {"attributes"}:
            raise IdentityError(f"{WHERE}: agents must be a list of maps with addresses and attributes, not {one!r}")
        addresses = one.get("addresses")
        if addresses is not None and not isinstance(addresses, list):
            raise IdentityError(f"{WHERE}: addresses in agents must be a list, not {addresses!r}")
        ranges = [EVERY] if addresses is None else [_range(each, "agents") for each in addresses]
        found.append(Agents(ranges, _attributes(one["attributes"])))
    return found


def _attributes(attributes: object) -> Dict[str, str]:
    # ";" and ":" separate attributes in the agent's flag.
    if not isinstance(attributes, dict) or not all(
        isinstance(value, str) and value and not set(name + value) & set(";:\n") for name, value in attributes.items()
    ):
        raise IdentityError(f"{WHERE}: attributes must be names and texts without ; and :")
    return attributes


def _data(data: object) -> str:
    if isinstance(data, dict) and all(isinstance(value, str) for value in data.values()):
        if set(data) == {"label"} and LABEL.fullmatch(data["label"]):
            return f"label {data['label']}"
        formats = data.get("format", "never") in ("never", "if-blank")
        if set(data) - {"format"} == {"disk"} and DISK.fullmatch(data["disk"]) and formats:
            return f"disk {data['disk']}"
    raise IdentityError(f'{WHERE}: data must be {{"label": LABEL}}, or {{"disk": "/dev/…"}} with "format": "if-blank" or "never", not {data!r}')


def _time_servers(servers: object) -> List[str]:
    if not isinstance(servers, list) or not all(isinstance(each, str) and TIME_SERVER.fullmatch(each) for each in servers):
        raise IdentityError(f"{WHERE}: timeServers must be a list of addresses or names, not {servers!r}")
    return servers


def _secret(name: str, given: object) -> Secret:
    # What is given is not repeated: somebody may have written the secret itself.
    if name in SECRETS and isinstance(given, dict):
        file, command, principal = given.get("file", ""), given.get("command", []), given.get("principal", "")
        one = isinstance(file, str) and STATE_FILE.fullmatch(file) and not command
        other = not file and isinstance(command, list) and command and all(isinstance(word, str) and word for word in command) and command[0].startswith("/")
        named = bool(PRINCIPAL.fullmatch(principal)) if name == "marathon" and isinstance(principal, str) else not principal
        if (one or other) and named and not set(given) - {"file", "command", "principal"}:
            return Secret(file, command, principal)
    raise IdentityError(
        f"{WHERE}: secrets.{name} must say where {', '.join(SECRETS)} are: a file below /var/lib/ingot/state or a command with its path (and principal, of marathon)"
    )


def _secrets(secrets: object) -> Dict[str, Secret]:
    if not isinstance(secrets, dict):
        raise IdentityError(f"{WHERE}: secrets must be a map")
    return {name: _secret(name, given) for name, given in secrets.items()}


def _logs(logs: object) -> Logs:
    if isinstance(logs, dict) and not set(logs) - {"url", "ca"}:
        url, ca = logs.get("url"), logs.get("ca", "")
        if isinstance(url, str) and LOG_URL.fullmatch(url) and isinstance(ca, str) and (not ca or CA_FILE.fullmatch(ca)):
            return Logs(url, ca)
    raise IdentityError(f"{WHERE}: logs must be an http(s) url, and a ca if need be, not {logs!r}")
