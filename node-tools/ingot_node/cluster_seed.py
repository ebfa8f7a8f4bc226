"""/etc/ingot/cluster.json, the cluster seed: the same text on every node of the cluster."""

from __future__ import annotations

import json
import re
from collections import namedtuple

from ingot_node.seed_tls import parse_tls


class IdentityError(Exception):
    """Why a node must not join the cluster; the text is for people at a console."""


# First and last address, as numbers.
Range = tuple[int, int]


class Agents(namedtuple("Agents", ("ranges", "attributes", "resources"), defaults=("",))):
    """Settings of the agents whose address is in one of the ranges.

    resources: in the form of --resources, or "".
    """


class Secret(namedtuple("Secret", ("file", "command", "principal"))):
    """Where a node finds a secret: a file on its data disk, or the output of a command.

    principal: the name to log in with, or "".
    """


class Logs(namedtuple("Logs", ("url", "ca"))):
    """The server that the journal is sent to; ca: a file of certificates, or ""."""


class Seed(namedtuple("Seed", ("cluster", "masters", "agents", "data", "network", "time_servers", "secrets", "logs", "mesos", "tls"), defaults=(None, None))):
    """The parsed seed.

    agents: [Agents]; network: Range, or None if the own address is that of the route to the first master; secrets: {name:
    Secret}; logs: Logs or None; mesos: the result of cluster_mesos, or None; tls: Tls or None.

    data: "disk /dev/…" or "label …", the place for every node's state, or None for the partition labelled ingot-data. The
    initrd reads it.
    """


WHERE = "the seed /etc/ingot/cluster.json"
KEYS = {"version", "cluster", "masters", "attributes", "data", "network", "timeServers", "agents", "secrets", "logs", "mesos", "tls"}
# Characters.
LARGEST = 4 << 20
EVERY: Range = (0, 2**32 - 1)

# The same patterns as in src/spec; compiled where they are used, because most seeds need few of them. A label on ext4
# is at most this long, and no character of a path has a meaning in a shell.
LABEL = r"[A-Za-z0-9._-]{1,16}"
DISK = r"/dev/(?!.*\.\.)[A-Za-z0-9/:._+@-]+"
NAME = r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?"
TIME_SERVER = r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?"
STATE_FILE = r"/var/lib/ingot/state(/(?!\.{1,2}(/|$))[A-Za-z0-9._+@-]+)+"
PRINCIPAL = r"[A-Za-z0-9_.@-]{1,100}"
LOG_URL = r"https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?"
CA_FILE = r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._+@-]+)+"
SECRETS = ("agentCredential", "agentHttpCredentials", "masterCredentials", "operator", "dockerConfig", "tlsKey", "tlsCertificate")
# For this secret the seed has to set the name to log in with; for an agent's credential it may.
OPERATOR = "operator"
# Any other name is the login of a scheduler of this name: images of clusters without a scheduler have no list of them.
SCHEDULER = r"[a-z][a-z0-9-]{0,30}"


def parse_seed(text: str) -> Seed:
    """Parses the seed; IdentityError if anything in it is invalid."""
    if len(text) > LARGEST:
        raise IdentityError(f"{WHERE} has more than {LARGEST} characters")
    try:
        seed = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise IdentityError(f"{WHERE} is not JSON: {error}") from error
    if not isinstance(seed, dict) or isinstance(seed.get("version"), bool) or seed.get("version") != 1:
        raise IdentityError(f'{WHERE} must be an object with "version": 1')
    unknown = sorted(set(seed) - KEYS)
    if unknown:
        raise IdentityError(f"{WHERE} has an unknown key: {', '.join(unknown)}; only an image baked with a newer ingot knows it")
    cluster = seed.get("cluster")
    # It is part of a host name, which has at most 63 characters.
    if not isinstance(cluster, str) or not re.fullmatch(NAME, cluster):
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
        _mesos(seed["mesos"]) if "mesos" in seed else None,
        _tls(seed),
    )


def _mesos(mesos: object) -> object:
    from ingot_node import cluster_mesos  # pylint: disable=import-outside-toplevel # many seeds have no settings of Mesos

    return cluster_mesos.parse(mesos)


def _once(pairs: list[tuple[str, object]]) -> dict:
    # The second value would win here, but perhaps not in another parser.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def number(address: str) -> int:
    """The number of an IPv4 address; ValueError if the text is not an IPv4 address."""
    # Importing ipaddress takes longer than this whole module.
    parts = [int(part) for part in address.split(".") if part.isascii() and part.isdecimal()]
    if len(parts) != 4 or max(parts) > 255 or ".".join(map(str, parts)) != address:
        raise ValueError(f"{address!r} is not an IPv4 address")
    return int.from_bytes(bytes(parts), "big")


def zookeepers(seed: Seed, path: str) -> str:
    """The address of a path in ZooKeeper in the form of Mesos and its frameworks: zk://HOST:PORT,…/PATH."""
    return "zk://" + ",".join(f"{master}:2181" for master in seed.masters) + f"/{path}"


def _masters(masters: object) -> list[str]:
    if not isinstance(masters, list) or not masters:
        raise IdentityError(f"{WHERE}: masters must be a list of addresses; without a master there is no quorum")
    for master in masters:
        try:
            if not isinstance(master, str):
                raise ValueError
            number(master)
        except ValueError:
            raise IdentityError(f"{WHERE}: {master!r} in masters is not an IPv4 address") from None
    if len(set(masters)) != len(masters):
        raise IdentityError(f"{WHERE}: an address appears twice in masters")
    if len(masters) % 2 == 0:
        raise IdentityError(f"{WHERE}: {len(masters)} masters; an even number has no better quorum and can split")
    return masters


def _range(text: object, what: str) -> Range:
    try:
        if not isinstance(text, str):
            raise ValueError
        if "/" in text:
            import ipaddress  # pylint: disable=import-outside-toplevel # most seeds name no network

            network = ipaddress.IPv4Network(text)
            return int(network.network_address), int(network.broadcast_address)
        first, _, last = text.partition("-")
        found = number(first), number(last or first)
        if found[0] > found[1]:
            raise ValueError
        return found
    except ValueError:
        raise IdentityError(f"{WHERE}: {text!r} in {what} is not an address, FIRST-LAST or a network with its prefix") from None


def _agents(agents: object) -> list[Agents]:
    found = []
    for one in agents if isinstance(agents, list) else [agents]:
        if not isinstance(one, dict) or set(one) - {"addresses", "resources"} != {"attributes"}:
            raise IdentityError(f"{WHERE}: agents must be a list of maps with addresses, attributes and resources, not {one!r}")
        resources = one.get("resources", "")
        if not isinstance(resources, str) or "\n" in resources:
            raise IdentityError(f"{WHERE}: resources in agents must be a text on one line, not {resources!r}")
        addresses = one.get("addresses")
        if addresses is not None and not isinstance(addresses, list):
            raise IdentityError(f"{WHERE}: addresses in agents must be a list, not {addresses!r}")
        ranges = [EVERY] if addresses is None else [_range(each, "agents") for each in addresses]
        found.append(Agents(ranges, _attributes(one["attributes"]), resources))
    return found


def _attributes(attributes: object) -> dict[str, str]:
    # ";" and ":" separate attributes in the agent's flag.
    if not isinstance(attributes, dict) or not all(
        isinstance(value, str) and value and not set(name + value) & set(";:\n") for name, value in attributes.items()
    ):
        raise IdentityError(f"{WHERE}: attributes must be names and texts without ; and :")
    return attributes


def _data(data: object) -> str:
    if isinstance(data, dict) and all(isinstance(value, str) for value in data.values()):
        if set(data) == {"label"} and re.fullmatch(LABEL, data["label"]):
            return f"label {data['label']}"
        formats = data.get("format", "never") in ("never", "if-blank")
        if set(data) - {"format"} == {"disk"} and re.fullmatch(DISK, data["disk"]) and formats:
            return f"disk {data['disk']}"
    raise IdentityError(f'{WHERE}: data must be {{"label": LABEL}}, or {{"disk": "/dev/…"}} with "format": "if-blank" or "never", not {data!r}')


def _time_servers(servers: object) -> list[str]:
    if not isinstance(servers, list) or not all(isinstance(each, str) and re.fullmatch(TIME_SERVER, each) for each in servers):
        raise IdentityError(f"{WHERE}: timeServers must be a list of addresses or names, not {servers!r}")
    return servers


def _secret(name: str, given: object) -> Secret:
    # The value is not repeated in the message: it may be the secret itself.
    login = name not in SECRETS and re.fullmatch(SCHEDULER, name)
    if (name in SECRETS or login) and isinstance(given, dict):
        file, command, principal = given.get("file", ""), given.get("command", []), given.get("principal", "")
        one = isinstance(file, str) and re.fullmatch(STATE_FILE, file) and not command
        other = not file and isinstance(command, list) and command and all(isinstance(word, str) and word for word in command) and command[0].startswith("/")
        may = isinstance(principal, str) and (login or name == OPERATOR or name == "agentCredential" and principal)
        named = bool(re.fullmatch(PRINCIPAL, principal)) if may else not principal
        if (one or other) and named and not set(given) - {"file", "command", "principal"}:
            return Secret(file, command, principal)
    raise IdentityError(
        f"{WHERE}: secrets.{name} must name its source, a file below /var/lib/ingot/state or a command with its path (and principal, for operator and a scheduler); known secrets: {', '.join(SECRETS)}, or the name of a scheduler"
    )


def _secrets(secrets: object) -> dict[str, Secret]:
    if not isinstance(secrets, dict):
        raise IdentityError(f"{WHERE}: secrets must be a map")
    return {name: _secret(name, given) for name, given in secrets.items()}


def _logs(logs: object) -> Logs:
    if isinstance(logs, dict) and not set(logs) - {"url", "ca"}:
        url, ca = logs.get("url"), logs.get("ca", "")
        if isinstance(url, str) and re.fullmatch(LOG_URL, url) and isinstance(ca, str) and (not ca or re.fullmatch(CA_FILE, ca)):
            return Logs(url, ca)
    raise IdentityError(f"{WHERE}: logs must be an http(s) url, and optionally a ca, not {logs!r}")


def _tls(seed: dict) -> object:
    secrets = seed.get("secrets", {})
    if "tls" not in seed:
        unused = [name for name in ("tlsKey", "tlsCertificate") if name in secrets]
        if unused:
            raise IdentityError(f"{WHERE}: secrets has {' and '.join(unused)}, but the seed has no tls: without the CA no certificate can be verified")
        return None
    try:
        return parse_tls(seed["tls"], secrets)
    except ValueError as error:
        raise IdentityError(f"{WHERE}: {error}") from None
