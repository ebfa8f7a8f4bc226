"""What a node's configuration says: a pure function of the cluster seed, the node's own address and its release."""

import ipaddress
import json
import re
from typing import Dict, List, NamedTuple, Optional


class IdentityError(Exception):
    """A node that must not join the cluster, and why: read by people on a console."""


class Seed(NamedTuple):
    """/etc/ingot/cluster.json: the same text on every node of the cluster."""

    cluster: str
    masters: List[str]
    attributes: Dict[str, str]
    # "disk /dev/…" or "label …": where every node's state is to lie, if not on the partition labelled ingot-data. The initrd obeys it.
    data: Optional[str]


class Release(NamedTuple):
    """What of /usr/lib/ingot/release.json decides about files."""

    role: str
    layout: str


# Where a layout's packages read the flags of the process that runs on a slave.
AGENT_FOLDERS = {"mesosphere": "/etc/mesos-slave", "clusterd": "/etc/mesos-agent"}

# As src/spec/data-schema.ts has them; no label is longer on ext4, and no letter of a path means anything to a shell.
LABEL = re.compile(r"[A-Za-z0-9._-]{1,16}")
DISK = re.compile(r"/dev/(?!.*\.\.)[A-Za-z0-9/:._+@-]+")

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")


def parse_seed(text: str) -> Seed:
    """The seed in the text; IdentityError if anything in it is not as it must be."""
    where = "the seed /etc/ingot/cluster.json"
    try:
        seed = json.loads(text)
    except ValueError as error:
        raise IdentityError(f"{where} is no JSON: {error}") from error
    if not isinstance(seed, dict) or seed.get("version") != 1:
        raise IdentityError(f'{where} must be an object with "version": 1')
    unknown = sorted(set(seed) - {"version", "cluster", "masters", "attributes", "data"})
    if unknown:
        raise IdentityError(f"{where} has an unknown key: {', '.join(unknown)}")
    cluster = seed.get("cluster")
    # Part of a host name, of at most 63 characters in all.
    if not isinstance(cluster, str) or not NAME.fullmatch(cluster):
        raise IdentityError(f"{where}: cluster must be a name of up to 32 letters a-z, digits and hyphens, not {cluster!r}")
    return Seed(
        cluster,
        _masters(seed.get("masters"), where),
        _attributes(seed.get("attributes", {}), where),
        _data(seed["data"], where) if "data" in seed else None,
    )


def _masters(masters: object, where: str) -> List[str]:
    if not isinstance(masters, list) or not masters:
        raise IdentityError(f"{where}: masters must be a list of addresses")
    for master in masters:
        try:
            if not isinstance(master, str):
                raise ValueError
            ipaddress.IPv4Address(master)
        except ValueError:
            raise IdentityError(f"{where}: {master!r} in masters is no IPv4 address") from None
    if len(set(masters)) != len(masters):
        raise IdentityError(f"{where}: an address stands in masters twice")
    if len(masters) % 2 == 0:
        raise IdentityError(f"{where}: {len(masters)} masters; an even number has no better quorum and can split")
    return masters


def _attributes(attributes: object, where: str) -> Dict[str, str]:
    # ";" and ":" separate attributes in the agent's flag.
    if not isinstance(attributes, dict) or not all(
        isinstance(value, str) and value and not set(name + value) & set(";:\n") for name, value in attributes.items()
    ):
        raise IdentityError(f"{where}: attributes must be names and texts without ; and :")
    return attributes


def _data(data: object, where: str) -> str:
    if isinstance(data, dict) and all(isinstance(value, str) for value in data.values()):
        if set(data) == {"label"} and LABEL.fullmatch(data["label"]):
            return f"label {data['label']}"
        formats = data.get("format", "never") in ("never", "if-blank")
        if set(data) - {"format"} == {"disk"} and DISK.fullmatch(data["disk"]) and formats:
            return f"disk {data['disk']}"
    raise IdentityError(f'{where}: data must be {{"label": LABEL}}, or {{"disk": "/dev/…"}} with "format": "if-blank" or "never", not {data!r}')


def host_name(seed: Seed, role: str, address: str) -> str:
    """The name of the node with this address."""
    return f"{seed.cluster}-{role}-{address.replace('.', '-')}"


def files(seed: Seed, address: str, release: Release) -> Dict[str, str]:
    """Absolute path -> whole content of every file that the node's identity decides; IdentityError if it has none."""
    if release.layout not in AGENT_FOLDERS:
        raise IdentityError(f"the image says layout {release.layout!r}; known are {', '.join(AGENT_FOLDERS)}")
    shared = {
        "/etc/hostname": host_name(seed, release.role, address) + "\n",
        "/etc/hosts": _hosts(seed, address, release.role),
        "/etc/mesos/zk": _zk(seed, "mesos") + "\n",
        "/run/ingot/address": address + "\n",
    }
    if release.role == "master":
        return {**shared, **_master(seed, address)}
    if release.role == "slave":
        return {**shared, **_slave(seed, address, AGENT_FOLDERS[release.layout])}
    raise IdentityError(f"the image says role {release.role!r}; known are master and slave")


def _master(seed: Seed, address: str) -> Dict[str, str]:
    if address not in seed.masters:
        raise IdentityError(
            f"this is a master image, but the node's address {address} is not in the seed's list of masters: {', '.join(seed.masters)}"
        )
    return {
        "/etc/zookeeper/conf/zoo.cfg": _zoo_cfg(seed),
        # The position, so that replacing one master leaves the others' numbers alone.
        "/var/lib/zookeeper/myid": f"{seed.masters.index(address) + 1}\n",
        "/etc/mesos-master/cluster": seed.cluster + "\n",
        # The address, not a name: it must mean the same to everybody, with or without a name server.
        "/etc/mesos-master/hostname": address + "\n",
        "/etc/mesos-master/ip": address + "\n",
        "/etc/mesos-master/quorum": f"{len(seed.masters) // 2 + 1}\n",
        # An EnvironmentFile of systemd: no shell reads it.
        "/etc/default/marathon": "".join(
            f"{name}={value}\n"
            for name, value in {
                "MARATHON_HOSTNAME": address,
                "MARATHON_HTTP_PORT": "8080",
                "MARATHON_MASTER": _zk(seed, "mesos"),
                "MARATHON_ZK": _zk(seed, "marathon"),
            }.items()
        ),
    }


def _slave(seed: Seed, address: str, folder: str) -> Dict[str, str]:
    content = {f"{folder}/hostname": address + "\n", f"{folder}/ip": address + "\n"}
    if seed.attributes:
        pairs = ";".join(f"{name}:{value}" for name, value in sorted(seed.attributes.items()))
        content[f"{folder}/attributes"] = pairs + "\n"
    return content


def _zk(seed: Seed, path: str) -> str:
    return "zk://" + ",".join(f"{master}:2181" for master in seed.masters) + f"/{path}"


def _zoo_cfg(seed: Seed) -> str:
    """zookeeperAdmin.html of 3.8, "Configuration Parameters"."""
    lines = [
        "tickTime=2000",
        # 20 and 10 ticks: a follower may take 40 s to load a snapshot, and be 20 s behind.
        "initLimit=20",
        "syncLimit=10",
        "dataDir=/var/lib/zookeeper",
        "clientPort=2181",
        # It would take 8080, Marathon's port.
        "admin.enableServer=false",
        "4lw.commands.whitelist=srvr,ruok,mntr",
        # Off by default: snapshots would fill the disk.
        "autopurge.snapRetainCount=5",
        "autopurge.purgeInterval=1",
    ]
    # A single server.1 line is ignored with a warning; none at all is a standalone server.
    if len(seed.masters) > 1:
        lines += [f"server.{number}={master}:2888:3888" for number, master in enumerate(seed.masters, 1)]
    return "\n".join(lines) + "\n"


def _hosts(seed: Seed, address: str, role: str) -> str:
    names = {master: host_name(seed, "master", master) for master in seed.masters}
    names[address] = host_name(seed, role, address)
    lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]
    return "\n".join(lines + [f"{each} {name}" for each, name in names.items()]) + "\n"
