"""Flags of clusterd's mesos-agent and mesos-master (src/slave/flags.cpp, src/master/flags.cpp of m3scluster/clusterd).

They are the flags of Mesos 1.9 without those that its build leaves out (cmake/CompilationConfigure.cmake: the isolators
for XFS, network ports and port mapping cannot be built, seccomp is off), and with later ones.
"""

from mesos_stand_in.agent_flags import AGENT
from mesos_stand_in.common_flags import booleans, numbers, texts
from mesos_stand_in.flags import Flag
from mesos_stand_in.master_flags import MASTER

_NOT_BUILT = {
    "check_agent_port_range_only", "container_ports_watch_interval", "egress_flow_classifier_parent",
    "egress_rate_limit_per_container", "egress_unique_flow_per_container", "enforce_container_ports",
    "ephemeral_ports_per_container", "eth0_name", "lo_name", "max_executors_per_agent", "network_enable_snmp_statistics",
    "network_enable_socket_statistics_details", "network_enable_socket_statistics_summary", "seccomp_config_dir",
    "seccomp_profile_name", "xfs_kill_containers", "xfs_project_range",
}
_BOTH = [*texts("http_cors_allowed_origins"), *numbers("cleanup_log_files")]


def _built(table):
    return [flag for flag in table if flag.name not in _NOT_BUILT]


CLUSTERD_AGENT = [
    *_built(AGENT),
    *_BOTH,
    *texts("csi_plugin_config_dir", "default_container_shm_size", "domain_socket_location"),
    *booleans("docker_volume_chown", "enable_cgroups_v2", "http_executor_domain_sockets"),
]
CLUSTERD_MASTER = [
    *_built(MASTER),
    *_BOTH,
    *numbers("allocator_agent_recovery_factor"),
    Flag("allocator_recovery_timeout", "duration", "10mins"),
]
