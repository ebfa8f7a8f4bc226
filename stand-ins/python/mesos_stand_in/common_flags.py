"""Flags of both mesos-master and mesos-slave 1.9 (docs/configuration/master-and-agent.md)."""

from mesos_stand_in.flags import Flag


def texts(*names):
    """Flags whose value is any text."""
    return [Flag(name) for name in names]


def booleans(*names):
    """Flags with a --no- form; without a default."""
    return [Flag(name, "boolean") for name in names]


def durations(*names):
    """Flags whose value is a duration; without a default."""
    return [Flag(name, "duration") for name in names]


def numbers(*names):
    """Flags whose value is a number; without a default."""
    return [Flag(name, "number") for name in names]


COMMON = [
    *texts(
        "advertise_ip", "domain", "external_log_file", "firewall_rules", "hooks", "hostname",
        "http_authenticators", "ip", "ip_discovery_command", "log_dir", "modules", "modules_dir",
    ),
    *booleans(
        "authenticate_http_readonly", "authenticate_http_readwrite", "initialize_driver_logging",
        "memory_profiling",
    ),
    *numbers("advertise_port", "logbufsecs"),
    Flag("help", "boolean", "false"),
    Flag("version", "boolean", "false"),
    Flag("quiet", "boolean", "false"),
    Flag("hostname_lookup", "boolean", "true"),
    Flag("logging_level", default="INFO"),
    Flag("zk_session_timeout", "duration", "10secs"),
]
