"""The seed's settings of Mesos: flags of masters and agents, CNI networks, quotas.

ingot check validates the values first; Mesos validates them again.
"""

from __future__ import annotations

import json
import re
from collections import namedtuple

from ingot_node.cluster_seed import WHERE, IdentityError

# The folder where agents read the CNI networks of the seed. Nothing else writes there, so every file in it is a network
# of the seed.
NETWORKS = "/etc/mesos/cni"
# The folder with the programs of Debian's containernetworking-plugins.
PLUGINS = "/usr/lib/cni"
# The quotas that ingot-quotas sets at the leading master.
QUOTAS = "/run/ingot/quotas.json"
# Why the master refused some of them.
QUOTAS_REFUSED = "/run/ingot/quotas-refused"

FLAG = r"[a-z][a-z0-9_]{0,60}"
NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}"
# Set by the node itself or from a secret. If a seed set one of them, Mesos would stop ("already loaded") or leave its
# cluster.
OWN = frozenset(
    "attributes cluster credential credentials docker_config hostname http_credentials ip master network_cni_config_dir port quorum resources work_dir zk".split()
)


class Mesos(namedtuple("Mesos", ("master", "agent", "networks", "quotas"))):
    """master, agent: {flag: text}; networks: {name: text of its JSON file}; quotas: [{role, limits}]."""


def _flags(given: object, process: str) -> dict[str, str]:
    if not isinstance(given, dict):
        raise IdentityError(f"{WHERE}: mesos.{process} must be a map of flags")
    for name, value in given.items():
        if not re.fullmatch(FLAG, name) or name in OWN:
            raise IdentityError(f"{WHERE}: mesos.{process} sets {name!r}, which is not a flag that a seed may set")
        # The init wrapper makes one word of the output of `cat`; a line feed inside would become part of the value.
        if not isinstance(value, str) or not value.strip() or "\n" in value or "\0" in value:
            raise IdentityError(f"{WHERE}: the value of {name} in mesos.{process} must be a text on one line")
    return given


def _networks(given: object) -> dict[str, str]:
    if not isinstance(given, list):
        raise IdentityError(f"{WHERE}: mesos.networks must be a list")
    found = {}
    for one in given:
        name = one.get("name") if isinstance(one, dict) else None
        if not isinstance(name, str) or not re.fullmatch(NAME, name) or not isinstance(one.get("type"), str) or name in found:
            raise IdentityError(f"{WHERE}: each of mesos.networks must have a unique name and a type, not {one!r}")
        found[name] = json.dumps(one, indent=2) + "\n"
    return found


def _quotas(given: object) -> list[dict]:
    if not isinstance(given, list) or not all(isinstance(one, dict) and isinstance(one.get("role"), str) and isinstance(one.get("limits"), dict) for one in given):
        raise IdentityError(f"{WHERE}: mesos.quotas must be a list of maps with a role and limits")
    return given


def parse(mesos: object) -> Mesos:
    """The settings in the seed's section; IdentityError if anything in it is invalid."""
    if not isinstance(mesos, dict) or set(mesos) - {"master", "agent", "networks", "quotas"}:
        raise IdentityError(f"{WHERE}: mesos must be a map of master, agent, networks and quotas")
    return Mesos(
        _flags(mesos.get("master", {}), "master"),
        _flags(mesos.get("agent", {}), "agent"),
        _networks(mesos.get("networks", [])),
        _quotas(mesos.get("quotas", [])),
    )


def files(mesos: Mesos, role: str, agent_folder: str) -> dict[str, str]:
    """Absolute path -> complete content of the files of a node of this role."""
    if role == "master":
        flags = {f"/etc/mesos-master/{name}": value + "\n" for name, value in mesos.master.items()}
        return {**flags, **({QUOTAS: json.dumps(mesos.quotas) + "\n"} if mesos.quotas else {})}
    content = {}
    if mesos.networks:
        content = {f"{NETWORKS}/{name}.json": text for name, text in mesos.networks.items()}
        content[f"{agent_folder}/network_cni_config_dir"] = NETWORKS + "\n"
        content[f"{agent_folder}/network_cni_plugins_dir"] = PLUGINS + "\n"
    return {**content, **{f"{agent_folder}/{name}": value + "\n" for name, value in mesos.agent.items()}}
