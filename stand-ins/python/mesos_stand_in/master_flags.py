"""Flags of mesos-master 1.9 (docs/configuration/master.md)."""

from mesos_stand_in.common_flags import COMMON, booleans, durations, numbers, texts
from mesos_stand_in.flags import Flag

MASTER = [
    *COMMON,
    Flag("zk"),
    Flag("quorum", "number"),
    Flag("work_dir", required=True),
    Flag("port", "number", "5050"),
    Flag("cluster"),
    Flag("registry", default="replicated_log"),
    Flag("registry_fetch_timeout", "duration", "1mins"),
    Flag("registry_store_timeout", "duration", "20secs"),
    Flag("agent_ping_timeout", "duration", "15secs", alias="slave_ping_timeout"),
    Flag("max_agent_ping_timeouts", "number", "5", alias="max_slave_ping_timeouts"),
    Flag("agent_removal_rate_limit", alias="slave_removal_rate_limit"),
    Flag("agent_reregister_timeout", "duration", "10mins", alias="slave_reregister_timeout"),
    Flag("recovery_agent_removal_limit", alias="recovery_slave_removal_limit"),
    Flag("authenticate_agents", "boolean", alias="authenticate_slaves"),
    Flag("authenticate_frameworks", "boolean", alias="authenticate"),
    Flag("max_executors_per_agent", "number", alias="max_executors_per_slave"),
    Flag("webui_dir", default="/usr/share/mesos/webui"),
    *texts(
        "acls", "allocator", "authenticators", "authorizers", "credentials",
        "fair_sharing_excluded_resource_names", "framework_sorter",
        "http_framework_authenticators", "master_contender", "master_detector",
        "min_allocatable_resources", "rate_limits", "role_sorter", "roles", 
        "weights", "whitelist",
    ),
    *booleans(
        "authenticate_http_frameworks", "filter_gpu_resources", "log_auto_initialize",
        "publish_per_framework_metrics", "require_agent_domain", "root_submissions",
    ),
    *durations(
        "allocation_interval", "authentication_v0_timeout", "offer_timeout",
        "registry_gc_interval", "registry_max_agent_age",
    ),
    *numbers(
        "max_completed_frameworks", "max_completed_tasks_per_framework",
        "max_operator_event_stream_subscribers", "max_unreachable_tasks_per_framework",
        "registry_max_agent_count",
    ),
]
