"""Marathon's options, read only from MARATHON_<NAME> in the environment.

As in Marathon, an unknown option stops it, MARATHON_APP_* is ignored (a task's own variables), and
MARATHON_DISABLE_<NAME> switches a toggle off.
"""

import re

_TEXT = """
    access_control_allow_origin artifact_store backup_location default_accepted_resource_roles default_network_name
    deprecated_features draining_seconds enable_features env_vars_prefix executor framework_name
    gpu_scheduling_behavior
    hostname http_address http_credentials http_endpoints http_realm https_address
    local_port_max local_port_min logging_level master mesos_authentication_principal
    mesos_authentication_secret mesos_authentication_secret_file mesos_leader_ui_url mesos_bridge_name
    mesos_role mesos_user metrics_datadog_host metrics_datadog_port metrics_datadog_protocol
    metrics_name_prefix metrics_statsd_host metrics_statsd_port new_group_enforce_role
    plugin_conf plugin_dir ssl_keystore_password ssl_keystore_path
    webui_url zk
""".split()
_NUMBER = """
    decline_offer_duration event_stream_max_outstanding_messages
    failover_timeout group_manager_request_timeout
    http_event_callback_slow_consumer_timeout http_event_request_timeout http_max_concurrent_requests
    http_port https_port kill_chunk_size kill_retry_timeout
    launch_token_refresh_interval launch_tokens leader_proxy_connection_timeout
    leader_proxy_max_open_connections leader_proxy_read_timeout max_actor_startup_time max_apps
    max_instances_per_offer max_queued_root_group_updates max_running_deployments max_tasks_per_offer
    mesos_heartbeat_failure_threshold mesos_heartbeat_interval min_revive_offers_interval
    offer_matching_timeout on_elected_prepare_timeout overdue_tasks_check_initial_delay
    overdue_tasks_check_interval reconciliation_initial_delay reconciliation_interval
    reservation_timeout revive_offers_repetitions save_tasks_to_launch_timeout
    scale_apps_initial_delay scale_apps_interval store_cache_size task_launch_confirm_timeout
    task_launch_timeout task_lost_expunge_gc task_lost_expunge_initial_delay
    task_lost_expunge_interval task_reservation_timeout zk_compression_threshold
    zk_connection_timeout zk_max_node_size zk_max_versions zk_session_timeout zk_timeout
""".split()
_TOGGLE = """
    checkpoint ha http http_compression maintenance_mode mesos_authentication metrics metrics_prometheus
    metrics_statsd revive_offers_for_new_apps store_cache suppress_offers tracing zk_compression
""".split()

_DEFAULTS = {
    "zk": "zk://localhost:2181/marathon", "http_port": 8080, "https_port": 8443, "https_address": "0.0.0.0", "http": True, "http_address": "0.0.0.0",
    "framework_name": "marathon", "zk_session_timeout": 10000, "failover_timeout": 604800,
    "leader_proxy_read_timeout": 10000, "mesos_user": "root", "ha": True, "checkpoint": True,
}


class OptionError(Exception):
    """An option that stops Marathon."""


def _toggle(name, value):
    if value.lower() in ("", "true"):
        return True
    if value.lower() == "false":
        return False
    raise OptionError(f"Bad arguments for option '{name}': '{value}'")


def _number(name, value):
    if not re.fullmatch(r"-?\d+", value):
        raise OptionError(f"Bad arguments for option '{name}': '{value}' - wrong number format")
    return int(value)


def load_options(environment):
    """Takes the environment, returns name → value with the defaults. Raises OptionError."""
    values = dict(_DEFAULTS)
    for key in sorted(environment):
        if not key.startswith("MARATHON_") or key.startswith("MARATHON_APP_"):
            continue
        name, value = key[len("MARATHON_"):].lower(), environment[key]
        plain = name.removeprefix("disable_")
        if plain in _TOGGLE:
            values[plain] = _toggle(name, value) == (plain == name)
        elif name in _NUMBER:
            values[name] = _number(name, value)
        elif name in _TEXT:
            values[name] = value
        else:
            raise OptionError(f"Unknown option '{name}' (from {key})")
    if not values["http"] and not values.get("ssl_keystore_path"):
        raise OptionError("--disable_http without --ssl_keystore_path: nobody could ask this Marathon")
    if not values.get("master"):
        raise OptionError("Required option 'master' not found (MARATHON_MASTER)")
    return values
