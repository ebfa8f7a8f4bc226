"""Flags of mesos-docker-executor (src/docker/executor.hpp), and their values from the agent (dockerFlags in
src/slave/containerizer/docker.cpp)."""

import os
import sys

import mesos_stand_in
from mesos_stand_in.common_flags import texts
from mesos_stand_in.flags import Flag

# clusterd's executor reads two more flags than that of Apache Mesos.
_CLUSTERD = mesos_stand_in.CLUSTERD
_CNI = ("network_cni_plugins_dir", "network_cni_config_dir")

EXECUTOR = [
    *texts("container", "docker", "docker_socket", "sandbox_directory", "mapped_directory", "launcher_dir",
           "task_environment", "default_container_dns", "log_dir", "logging_level"),
    *(texts(*_CNI) if _CLUSTERD else []),
    Flag("stop_timeout", "duration"),
    Flag("cgroups_enable_cfs", "boolean", "false"),
    Flag("help", "boolean", "false"),
    Flag("quiet", "boolean", "false"),
]


def executor_arguments(flags, container_name, sandbox):
    """The command line of an executor, from the agent's flags."""
    given = {
        "container": container_name, "docker": flags["docker"],
        "docker_socket": flags["docker_socket"],
        "sandbox_directory": sandbox, "mapped_directory": flags["sandbox_directory"],
        "launcher_dir": flags["launcher_dir"], "default_container_dns": flags["default_container_dns"],
        "cgroups_enable_cfs": "true" if flags["cgroups_enable_cfs"] else "false",
        **({name: flags[name] for name in _CNI} if _CLUSTERD else {}),
    }
    return [f"--{name}={value}" for name, value in sorted(given.items()) if value is not None]


def abort_without_cni(flags):
    """clusterd's executor uses both folders of CNI without checking them, and aborts if one is missing."""
    if _CLUSTERD and any(flags[name] is None for name in _CNI):
        print("mesos-docker-executor: ../3rdparty/stout/include/stout/option.hpp:120: const T& Option<T>::get() const & "
              "[with T = std::__cxx11::basic_string<char>]: Assertion `isSome()' failed.", file=sys.stderr, flush=True)
        os.abort()
