"""What an agent requires of its host before it starts, in the order and with the messages of src/slave/main.cpp.

Checks the same things as Mesos: /sbin/init, /proc/mounts, the folders that flags name.
"""

import os

import mesos_stand_in
from stand_in import log

_CGROUP2 = "/sys/fs/cgroup"


class HostError(Exception):
    """The agent does not start on this host with these flags."""


def require_host(flags):
    """Ends the process, as the real agent does, if the host does not meet its requirements."""
    try:
        _systemd(flags)
        _containerizers(flags)
    except HostError as problem:
        log.die(f"EXIT with status 1: {problem}")


def _mounts():
    """[(folder, type, options)] of /proc/mounts; proc_mounts(5)."""
    with open("/proc/mounts", encoding="utf-8", errors="replace") as file:
        rows = [line.split() for line in file]
    return [(row[1], row[2], row[3].split(",")) for row in rows]


def systemd_runs():
    """systemd::exists() of src/linux/systemd.cpp."""
    return os.path.basename(os.path.realpath("/sbin/init")) == "systemd"


def _systemd(flags):
    if not flags["systemd_enable_support"] or not systemd_runs():
        return
    runtime = flags["systemd_runtime_directory"]
    if not os.path.exists(runtime):
        raise HostError(f"Failed to initialize systemd: Failed to locate systemd runtime directory: {runtime}")
    hierarchy = os.path.join(flags["cgroups_hierarchy"], "systemd")
    if not any(folder == hierarchy and kind == "cgroup" for folder, kind, _ in _mounts()):
        raise HostError("Failed to initialize systemd: Failed to locate systemd cgroups hierarchy: "
                        f"'{hierarchy}' is not a valid hierarchy")


def _containerizers(flags):
    wanted = flags["containerizers"].split(",")
    if len(set(wanted)) != len(wanted):
        raise HostError("Failed to create a containerizer: "
                        f"Duplicate entries found in --containerizer flag '{flags['containerizers']}'")
    # A set in src/slave/containerizer/containerizer.cpp: in alphabetical order.
    for name in sorted(wanted):
        if name not in ("docker", "mesos"):
            raise HostError(f"Failed to create a containerizer: Unknown or unsupported containerizer: {name}")
        try:
            unified = _unified()
            if name == "docker" and not unified:
                _cpu_hierarchy()
            if name == "mesos":
                _cni(flags)
        except HostError as problem:
            raise HostError("Failed to create a containerizer: "
                            f"Could not create {name.capitalize()}Containerizer: {problem}") from None


def _unified():
    """Whether clusterd finds cgroup v2 at the required place (src/linux/cgroups2.cpp, mounted()).

    Mesos 1.9 does not check this.
    """
    if not mesos_stand_in.CLUSTERD:
        return False
    for folder, kind, _ in _mounts():
        if kind == "cgroup2":
            if folder == _CGROUP2:
                return True
            raise HostError(f"Found cgroups2 mount at an unexpected location '{folder}'")
    return False


def _cpu_hierarchy():
    """Docker::create of src/docker/docker.cpp."""
    if not any(kind == "cgroup" and "cpu" in options for _, kind, options in _mounts()):
        raise HostError("Failed to create docker: Failed to find a mounted cgroups hierarchy for the 'cpu' subsystem; "
                        "you probably need to mount cgroups manually")


def _cni(flags):
    """NetworkCniIsolatorProcess::create of src/slave/containerizer/mesos/isolators/network/cni/cni.cpp.

    It requires both flags or neither.
    """
    if flags["network_cni_plugins_dir"] is None and flags["network_cni_config_dir"] is None:
        return
    where = "Could not create isolator 'network/cni'"
    for name in ("network_cni_plugins_dir", "network_cni_config_dir"):
        if not flags[name]:
            raise HostError(f"{where}: Missing required '--{name}' flag")
    if not os.path.exists(flags["network_cni_config_dir"]):
        raise HostError(f"{where}: The CNI network configuration directory '{flags['network_cni_config_dir']}' does not exist")
