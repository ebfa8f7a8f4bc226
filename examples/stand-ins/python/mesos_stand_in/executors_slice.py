"""Executors outlive an agent that systemd ends with all of its control group: they are moved into a slice of their own.

src/linux/systemd.cpp: at its start the agent makes and starts mesos_executors.slice; each executor is assigned to it in the
hierarchy /sys/fs/cgroup/systemd. That is done with --systemd_enable_support (the default) where systemd runs; without it,
tasks survive a restart of the agent only if the unit says KillMode=process.
"""

import os
import subprocess

from stand_in import log

SLICE = "mesos_executors.slice"
_HIERARCHY = "/sys/fs/cgroup/systemd"
_UNIT = "[Unit]\nDescription=Mesos Executors Slice\n"


class SliceError(Exception):
    """The slice cannot be used; the agent does not start."""


def enabled(flags):
    """Whether executors are to be moved: systemd::enabled()."""
    wanted = flags["systemd_enable_support"] is not False
    return wanted and os.path.basename(os.path.realpath("/sbin/init")) == "systemd" and os.path.isdir("/run/systemd/system")


def prepare(flags):
    """Makes and starts the slice where systemd support is on. Raises SliceError."""
    if not enabled(flags):
        return
    folder = flags["systemd_runtime_directory"] or "/run/systemd/system"
    if not os.path.isdir(folder):
        raise SliceError(f"Failed to locate systemd runtime directory: {folder}")
    path = os.path.join(folder, SLICE)
    if not os.path.exists(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(_UNIT)
        log.info(f"Created systemd slice: `{path}`")
        _systemctl("daemon-reload", f"Failed to create systemd slice '{SLICE}'")
    _systemctl("start", f"Failed to start '{SLICE}'", SLICE)
    log.info(f"Started systemd slice `{SLICE}`")
    if not os.path.exists(os.path.join(_HIERARCHY, "cgroup.procs")):
        raise SliceError(f"Failed to locate systemd cgroups hierarchy: '{_HIERARCHY}' is not a valid hierarchy")


def _systemctl(verb, failed, *units):
    ended = subprocess.run(["systemctl", verb, *units], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SliceError(f"{failed}: {ended.stderr.strip()}")


def extend_lifetime(flags, pid):
    """Moves a process into the slice where systemd support is on. Raises OSError."""
    if not enabled(flags):
        return
    with open(os.path.join(_HIERARCHY, SLICE, "cgroup.procs"), "w", encoding="ascii") as file:
        file.write(str(pid))
    log.info(f"Assigned child process '{pid}' to '{SLICE}'")
