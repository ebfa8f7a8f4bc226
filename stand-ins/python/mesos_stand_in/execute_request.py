"""The request of mesos-execute, from its flags (src/cli/execute.cpp). The stand-in refuses what it does not support."""

import getpass
import json

from mesos_stand_in.agent_info import parse_pairs
from mesos_stand_in.flags import FlagError

_CAPABILITIES = ["RESERVATION_REFINEMENT", "TASK_KILLING_STATE", "REVOCABLE_RESOURCES"]
# Flags of the real one that the stand-in does not support: refusing them is better than ignoring them.
_MISSING = ("task", "task_group", "package", "appc_image", "effective_capabilities", "bounding_capabilities", "rlimits")


class Refused(Exception):
    """mesos-execute exits with status 1 and this message."""


def check(flags):
    """Refuses what the real one refuses. Raises FlagError (printed with the usage)."""
    if flags["task"] is None and flags["task_group"] is None:
        if flags["name"] is None:
            raise FlagError("Missing required option --name")
        if flags["shell"] and flags["command"] is None:
            raise FlagError("Missing required option --command")
    elif any(flags[name] is not None for name in ("name", "command", "env", "appc_image", "docker_image", "volumes")):
        raise FlagError("'--name, --command, --env, --appc_image, --docker_image, --volumes' can only be set when both "
                        "'--task' and '--task_group' are not set")
    for name in _MISSING:
        if flags[name] is not None:
            raise FlagError(f"The stand-in of mesos-execute does not have --{name}")


def framework_info(flags):
    """FrameworkInfo. Raises Refused."""
    asked = [name.strip() for name in (flags["framework_capabilities"] or "").split(",") if name.strip()]
    for name in asked:
        if name != "GPU_RESOURCES":
            raise Refused(f"Flags '--framework_capabilities' specifies an unsupported capability '{name}'")
    aware = ["PARTITION_AWARE"] if flags["partition_aware"] else []
    return {"name": "mesos-execute instance", "user": getpass.getuser(), "role": flags["role"],
            "checkpoint": flags["checkpoint"], "capabilities": [*_CAPABILITIES, *aware, *asked],
            **({"principal": flags["principal"]} if flags["principal"] else {})}


def _json(flags, name, kind):
    try:
        value = json.loads(flags[name])
    except ValueError as problem:
        raise Refused(f"Failed to load flag '{name}': {problem}") from None
    if not isinstance(value, kind):
        raise Refused(f"Failed to load flag '{name}': unexpected JSON")
    return value


def _container(flags):
    volumes = _json(flags, "volumes", list) if flags["volumes"] else []
    networks = [name for name in (flags["networks"] or "").split(",") if name]
    if flags["containerizer"] == "mesos":
        if not flags["docker_image"] and not networks and not volumes and not flags["tty"]:
            return None
        return {"type": "MESOS", "mesos": {"image": {"type": "DOCKER", "docker": {"name": flags["docker_image"]}}}}
    if flags["containerizer"] != "docker":
        raise Refused(f"Unsupported containerizer: {flags['containerizer']}")
    if not flags["docker_image"]:
        raise Refused("'Docker' containerizer requires docker image name")
    if len(networks) > 1:
        raise Refused("'Docker' containerizer can only support a single network")
    if flags["tty"]:
        raise Refused("'Docker' containerizer does not allow attaching a TTY")
    network = {"network": "USER"} if networks else {}
    return {"type": "DOCKER", "docker": {"image": flags["docker_image"], **network}, "volumes": volumes,
            "network_infos": [{"name": name} for name in networks]}


def task_info(flags):
    """The task in the form of the stand-in's agents. Raises Refused."""
    try:
        resources = parse_pairs(flags["resources"])
    except ValueError as problem:
        raise Refused(f"Failed to parse resources '{flags['resources']}': {problem}") from None
    container = _container(flags)
    return {"id": flags["name"], "name": flags["name"], "shell": flags["shell"],
            "cmd": flags["command"] if flags["shell"] else None,
            "env": {str(key): str(value) for key, value in (_json(flags, "env", dict) if flags["env"] else {}).items()},
            "resources": resources, **({"container": container} if container else {})}
