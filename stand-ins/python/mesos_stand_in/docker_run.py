"""The arguments of `docker run` for a task, as in Mesos (src/docker/docker.cpp: RunOptions::create and Docker::run)."""

# src/slave/containerizer/mesos/isolators/cgroups/constants.hpp
_CPU_SHARES_PER_CPU, _MIN_CPU_SHARES = 1024, 2
_CPU_CFS_PERIOD_US, _MIN_CPU_CFS_QUOTA_US = 100_000, 1_000
_MEGABYTE = 2**20
_MIN_MEMORY_MB = 32


class RunOptionsError(Exception):
    """Mesos does not run this task with `docker run`."""


def _limits(resources, enable_cfs):
    cpus, memory = resources.get("cpus"), resources.get("mem")
    if cpus is not None:
        yield from ("--cpu-shares", str(max(int(_CPU_SHARES_PER_CPU * cpus), _MIN_CPU_SHARES)))
        if enable_cfs:
            yield from ("--cpu-quota", str(max(int(_CPU_CFS_PERIOD_US * cpus), _MIN_CPU_CFS_QUOTA_US)))
    if memory is not None:
        yield from ("--memory", str(int(max(memory, _MIN_MEMORY_MB) * _MEGABYTE)))


def _volume(volume, sandbox, mapped):
    inside, outside = volume.get("container_path", ""), volume.get("host_path")
    mode = volume.get("mode", "RW").lower()
    if outside is None:
        raise RunOptionsError("Host path or volume source is required")
    if not outside.startswith("/") and not inside.startswith("/"):
        raise RunOptionsError(f"Both host_path '{outside}' and container_path '{inside}' of a volume are relative")
    if mode not in ("rw", "ro"):
        raise RunOptionsError("Unsupported volume mode")
    inside = inside if inside.startswith("/") else f"{mapped}/{inside}"
    outside = outside if outside.startswith("/") else f"{sandbox}/{outside}"
    return f"{outside}:{inside}:{mode}"


def _network(container):
    """The --net of a ContainerInfo. A task without a network setting shares the host's network."""
    mode = container["docker"].get("network", "HOST")
    if mode in ("HOST", "BRIDGE", "NONE"):
        return mode.lower()
    if mode != "USER":
        raise RunOptionsError(f"Unsupported Network mode: {mode}")
    infos = container.get("network_infos", [])
    if not infos:
        raise RunOptionsError("No network info found in container info")
    if len(infos) > 1:
        raise RunOptionsError("Only a single network can be defined in Docker run")
    if not infos[0].get("name"):
        raise RunOptionsError("No network name found in network info")
    return infos[0]["name"]


def _ports(container, network):
    mappings = container["docker"].get("port_mappings", [])
    if mappings and network in ("host", "none"):
        raise RunOptionsError("Port mappings are only supported for bridge and user-defined networks")
    for one in mappings:
        protocol = f"/{one['protocol'].lower()}" if one.get("protocol") else ""
        yield from ("-p", f"{one['host_port']}:{one['container_port']}{protocol}")


def _command(task):
    """(entry point or None, arguments after the image). A shell replaces the image's entry point."""
    if task.get("shell", True):
        if not task.get("cmd"):
            raise RunOptionsError("Shell specified but no command value provided")
        return "/bin/sh", ["-c", task["cmd"]]
    return None, ([task["cmd"]] if task.get("cmd") else []) + list(task.get("arguments", []))


def run_arguments(task, name, sandbox, mapped, enable_cfs):
    """The arguments after `docker -H SOCKET`: `run …` for a task.

    The task is {cmd, shell, arguments, env, resources, role, container}.
    name: of the container; sandbox: the folder on this host; mapped: its path in the container. Raises RunOptionsError.
    """
    container = task["container"]
    if "docker" not in container:
        raise RunOptionsError("No docker info found in container info")
    docker = container["docker"]
    environment = {**task.get("env", {}), "MESOS_SANDBOX": mapped, "MESOS_CONTAINER_NAME": name,
                   "MESOS_ALLOCATION_ROLE": task.get("role", "*")}
    network = _network(container)
    arguments = ["run"]
    arguments += ["--privileged"] if docker.get("privileged") else []
    arguments += _limits(task.get("resources", {}), enable_cfs)
    for key in sorted(environment):
        arguments += ["-e", f"{key}={environment[key]}"]
    for volume in container.get("volumes", []):
        arguments += ["-v", _volume(volume, sandbox, mapped)]
    arguments += ["-v", f"{sandbox}:{mapped}", "--net", network]
    if container.get("hostname"):
        if network == "host":
            raise RunOptionsError("Unable to set hostname with host network mode")
        arguments += ["--hostname", container["hostname"]]
    arguments += _ports(container, network)
    entry_point, after = _command(task)
    arguments += ["--entrypoint", entry_point] if entry_point else []
    arguments += ["--name", name]
    arguments += [f"--{one['key']}={one['value']}" for one in docker.get("parameters", [])]
    return [*arguments, docker["image"], *after]
