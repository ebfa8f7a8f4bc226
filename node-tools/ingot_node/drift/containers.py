"""Docker's files on the data partition: containers that start by themselves, or have more rights than a task has.

They survive a restart.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.finding import LASTING_STATE, Drift
from ingot_node.drift.patterns import fits
from ingot_node.drift.place import Place, names, read

DOCKER = "/var/lib/docker"
# Mesos' agent gives its containers such names, and never a restart policy (src/docker/docker.hpp of Mesos,
# DOCKER_NAME_PREFIX).
_TASK = r"mesos-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.[A-Za-z0-9_.-]+)?"
# Folders and sockets that give control of the node to whoever can write to them; paths below and above them count too.
_SENSITIVE = ("/etc", "/usr", "/boot", "/root", "/home", "/dev", "/proc", "/sys", "/run", "/var/run", "/var/lib/ingot", "/var/lib/docker", "/var/lib/containerd", "/var/lib/cloud", "/var/log/journal")


def _mapping(path: str) -> dict | None:
    try:
        found = json.loads(read(path) or "")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _part(of: dict, name: str) -> dict:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _list(of: dict, name: str) -> list:
    found = of.get(name)
    return found if isinstance(found, list) else []


def _sensitive(source: str) -> bool:
    # Without a slash, Docker's name means a volume, not a folder.
    if not source.startswith("/"):
        return False
    whole = os.path.normpath(source)
    return any(whole == one or whole.startswith(one + "/") or one.startswith(whole.rstrip("/") + "/") for one in _SENSITIVE)


def _binds(host: dict, config: dict) -> list[str]:
    given = [str(one).split(":", 1)[0] for one in _list(host, "Binds")]
    given += [str(one.get("Source", "")) for one in _list(host, "Mounts") if isinstance(one, dict) and one.get("Type") == "bind"]
    given += [str(one.get("Source", "")) for one in _part(config, "MountPoints").values() if isinstance(one, dict) and one.get("Type") == "bind"]
    return sorted({f"bind={one}" for one in given if _sensitive(one)})


def _restart(host: dict) -> list[str]:
    policy = _part(host, "RestartPolicy").get("Name") or "no"
    return [] if policy == "no" else [f"restart={policy}"]


def _rights(host: dict, config: dict) -> list[str]:
    """Rights on the node that a usual container does not have, one word each."""
    # The cgroup namespace is not checked: with cgroup v1 every container has the node's.
    spaces = {"host-pid": "PidMode", "host-ipc": "IpcMode", "host-uts": "UTSMode", "host-users": "UsernsMode", "host-network": "NetworkMode"}
    found = ["privileged"] if host.get("Privileged") else []
    found += [word for word, name in spaces.items() if host.get(name) == "host"]
    found += [f"capability={one}" for one in sorted(map(str, _list(host, "CapAdd")))]
    found += [f"device={one.get('PathOnHost', '')}" for one in _list(host, "Devices") if isinstance(one, dict)]
    found += ["device-rules"] if _list(host, "DeviceCgroupRules") else []
    found += [f"security={one}" for one in sorted(map(str, _list(host, "SecurityOpt"))) if "unconfined" in str(one) or "disable" in str(one)]
    return found + _binds(host, config)


def _allowed(declared: Declared, name: str, image: str, word: str) -> bool:
    statements = (one.rest for one in declared.all("container"))
    return any(fits(rest[0], name) and fits(rest[1], image) and any(fits(each, word) for each in rest[2].split(",")) for rest in statements)


def _container(place: Place, declared: Declared, identifier: str) -> Iterator[Drift]:
    folder = place.live(f"{DOCKER}/containers/{identifier}")
    host, config = _mapping(f"{folder}/hostconfig.json"), _mapping(f"{folder}/config.v2.json")
    if host is None or config is None:
        # Docker does not load a container without both files; one may be missing while a container is created or
        # removed.
        return
    name = str(config.get("Name", "")).lstrip("/") or identifier[:12]
    image = str(_part(config, "Config").get("Image", ""))
    # Rights of a task are decided by its framework and the cluster. A task never starts by itself.
    rights = [] if re.fullmatch(_TASK, name) else _rights(host, config)
    found = [word for word in [*_restart(host), *rights] if not _allowed(declared, name, image, word)]
    if not found:
        return
    path = f"container:{name}" if not re.fullmatch(_TASK, name) else "container:mesos-*"
    kind = "starts by itself" if _restart(host) and found[0].startswith("restart=") else "has rights"
    yield Drift(path, "forbidden", "critical", kind, "a container of the cluster, or one that drift.d declares", f"{image}: {' '.join(found)}", LASTING_STATE)


def check(place: Place, declared: Declared) -> Iterator[Drift]:
    """Checks containers, and what else Docker starts: its plugins, and the services of a swarm."""
    for identifier in names(place.live(f"{DOCKER}/containers")):
        yield from _container(place, declared, identifier)
    for identifier in names(place.live(f"{DOCKER}/plugins")):
        if re.fullmatch(r"[0-9a-f]{64}", identifier):
            said = _mapping(place.live(f"{DOCKER}/plugins/{identifier}/config.json")) or {}
            name = str(_part(said, "plugin").get("Name", "")) or identifier[:12]
            yield Drift(f"container:plugin {name}", "forbidden", "critical", "starts by itself", None, "a plugin of Docker, which runs as root", LASTING_STATE)
    if names(place.live(f"{DOCKER}/swarm")):
        yield Drift("container:swarm", "forbidden", "critical", "starts by itself", None, "this node is in a swarm, whose services Docker starts", LASTING_STATE)
