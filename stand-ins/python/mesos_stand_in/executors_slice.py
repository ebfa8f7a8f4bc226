"""Moves executors into a slice of their own. They then survive when systemd stops the agent with its control group.

src/linux/systemd.cpp: at its start the agent creates and starts mesos_executors.slice, and assigns each executor to it
in the hierarchy /sys/fs/cgroup/systemd. It does so with --systemd_enable_support (the default) if systemd runs
(agent_host checks the requirements). Without it, tasks survive a restart of the agent only if the unit has
KillMode=process.
"""

import os
import subprocess

from mesos_stand_in.agent_host import systemd_runs
from stand_in import log

SLICE = "mesos_executors.slice"
_UNIT = "[Unit]\nDescription=Mesos Executors Slice\n"


class SliceError(Exception):
    """The slice cannot be used; the agent does not start."""


def _enabled(flags):
    return flags["systemd_enable_support"] and systemd_runs()


def prepare(flags):
    """Creates and starts the slice if systemd support is on. Raises SliceError."""
    if not _enabled(flags):
        return
    path = os.path.join(flags["systemd_runtime_directory"], SLICE)
    if not os.path.exists(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(_UNIT)
        log.info(f"Created systemd slice: `{path}`")
        _systemctl("daemon-reload", f"Failed to create systemd slice '{SLICE}'")
    _systemctl("start", f"Failed to start '{SLICE}'", SLICE)
    log.info(f"Started systemd slice `{SLICE}`")


def _systemctl(verb, failed, *units):
    ended = subprocess.run(["systemctl", verb, *units], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SliceError(f"{failed}: {ended.stderr.strip()}")


def extend_lifetime(flags, pid):
    """Moves a process into the slice if systemd support is on. Raises OSError."""
    if not _enabled(flags):
        return
    with open(os.path.join(flags["cgroups_hierarchy"], "systemd", SLICE, "cgroup.procs"), "w", encoding="ascii") as file:
        file.write(str(pid))
    log.info(f"Assigned child process '{pid}' to '{SLICE}'")
