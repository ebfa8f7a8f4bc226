/** The type of a flag's value; values.ts checks each type. */
export type FlagKind =
  | 'acls'
  | 'boolean'
  | 'bytes'
  | 'duration'
  | 'isolation'
  | 'json'
  | 'number'
  | 'percent'
  | 'port'
  | 'rate'
  | 'resources'
  | 'text'
  | 'weights'
  | 'whole';

/** Flags by type, names separated by blanks. */
type Kinds = Readonly<Partial<Record<FlagKind, string>>>;

// src/master/flags.cpp, src/slave/flags.cpp and src/logging/flags.cpp of apache/mesos 1.9; docs/configuration/*.md.
const common: Kinds = {
  text: `advertise_ip external_log_file hooks hostname http_authenticators ip ip_discovery_command
    log_dir logging_level modules_dir`,
  json: 'domain firewall_rules modules',
  boolean: `authenticate_http_readonly authenticate_http_readwrite help hostname_lookup initialize_driver_logging
    memory_profiling quiet version`,
  port: 'advertise_port port',
  whole: 'logbufsecs',
  duration: 'zk_session_timeout',
};

const master: Kinds = {
  acls: 'acls',
  text: `allocator authenticators authorizers cluster credentials fair_sharing_excluded_resource_names framework_sorter
    http_framework_authenticators master_contender master_detector min_allocatable_resources registry role_sorter
    roles webui_dir whitelist work_dir zk`,
  weights: 'weights',
  json: 'rate_limits',
  boolean: `authenticate_agents authenticate_frameworks authenticate_http_frameworks filter_gpu_resources
    log_auto_initialize publish_per_framework_metrics require_agent_domain root_submissions`,
  duration: `agent_ping_timeout agent_reregister_timeout allocation_interval authentication_v0_timeout offer_timeout
    registry_fetch_timeout registry_gc_interval registry_max_agent_age registry_store_timeout`,
  whole: `max_agent_ping_timeouts max_completed_frameworks max_completed_tasks_per_framework max_executors_per_agent
    max_operator_event_stream_subscribers max_unreachable_tasks_per_framework quorum registry_max_agent_count`,
  rate: 'agent_removal_rate_limit',
  percent: 'recovery_agent_removal_limit',
};

const agent: Kinds = {
  acls: 'acls',
  resources: 'resources',
  isolation: 'isolation',
  text: `agent_subsystems appc_simple_discovery_uri_prefix appc_store_dir attributes authenticatee authorizer
    cgroups_hierarchy cgroups_net_cls_primary_handle cgroups_net_cls_secondary_handles cgroups_root container_logger
    containerizers credential default_role disk_profile_adaptor docker docker_config docker_mesos_image docker_registry
    docker_socket docker_store_dir docker_volume_checkpoint_dir egress_flow_classifier_parent eth0_name
    fetcher_cache_dir frameworks_home hadoop_home host_path_volume_force_creation http_credentials image_providers
    image_provisioner_backend ip6 ip6_discovery_command jwt_secret_key launcher launcher_dir lo_name master
    master_detector network_cni_config_dir network_cni_plugins_dir nvidia_gpu_devices perf_events qos_controller
    reconfiguration_policy recover resource_estimator resource_provider_config_dir runtime_dir sandbox_directory
    seccomp_config_dir seccomp_profile_name secret_resolver systemd_runtime_directory volume_gid_range work_dir
    xfs_project_range`,
  json: `agent_features allowed_devices bounding_capabilities default_container_dns default_container_info
    effective_capabilities executor_environment_variables image_gc_config`,
  boolean: `authenticate_http_executors cgroups_cpu_enable_pids_and_tids_count cgroups_enable_cfs cgroups_limit_swap
    check_agent_port_range_only disallow_sharing_agent_ipc_namespace disallow_sharing_agent_pid_namespace
    docker_ignore_runtime docker_kill_orphans egress_unique_flow_per_container enforce_container_disk_quota
    enforce_container_ports gc_non_executor_container_sandboxes http_command_executor network_cni_metrics
    network_cni_root_dir_persist network_enable_snmp_statistics network_enable_socket_statistics_details
    network_enable_socket_statistics_summary revocable_cpu_low_priority strict switch_user systemd_enable_support
    xfs_kill_containers`,
  duration: `authentication_backoff_factor authentication_timeout_max authentication_timeout_min
    cgroups_destroy_timeout container_disk_watch_interval container_ports_watch_interval disk_watch_interval
    docker_remove_delay docker_stop_timeout executor_registration_timeout executor_reregistration_retry_interval
    executor_reregistration_timeout executor_shutdown_grace_period fetcher_stall_timeout gc_delay
    http_heartbeat_interval oversubscribed_resources_interval perf_duration perf_interval qos_correction_interval_min
    recovery_timeout registration_backoff_factor`,
  bytes: 'egress_rate_limit_per_container fetcher_cache_size',
  number: 'gc_disk_headroom',
  whole: 'ephemeral_ports_per_container max_completed_executors_per_framework',
};

/**
 * Flags that clusterd's build omits (cmake/CompilationConfigure.cmake: isolators for XFS, network ports and port
 * mapping; seccomp).
 */
const notInClusterd = new Set(
  `check_agent_port_range_only container_ports_watch_interval egress_flow_classifier_parent
   egress_rate_limit_per_container egress_unique_flow_per_container enforce_container_ports
   ephemeral_ports_per_container eth0_name lo_name max_executors_per_agent network_enable_snmp_statistics
   network_enable_socket_statistics_details network_enable_socket_statistics_summary seccomp_config_dir
   seccomp_profile_name xfs_kill_containers xfs_project_range`.split(/\s+/),
);

// The same files of m3scluster/clusterd: flags that they add to those of 1.9.
const clusterdMaster: Kinds = {
  text: 'http_cors_allowed_origins',
  number: 'allocator_agent_recovery_factor',
  duration: 'allocator_recovery_timeout',
  whole: 'cleanup_log_files',
};
const clusterdAgent: Kinds = {
  text: 'csi_plugin_config_dir domain_socket_location http_cors_allowed_origins',
  boolean: 'docker_volume_chown enable_cgroups_v2 http_executor_domain_sockets',
  bytes: 'default_container_shm_size',
  whole: 'cleanup_log_files',
};

/** The process that a flag belongs to. */
export type FlagProcess = 'master' | 'agent';

function entries(kinds: readonly Kinds[]): (readonly [string, FlagKind])[] {
  return kinds.flatMap((each) =>
    Object.entries(each).flatMap(([kind, names]) =>
      names.split(/\s+/).map((name) => [name, kind as FlagKind] as const),
    ),
  );
}

/** Returns the name of each flag that the Mesos of the layout knows, with the type of its value. */
export function flagTable(layout: string, process: FlagProcess): ReadonlyMap<string, FlagKind> {
  const own = process === 'master' ? [master, clusterdMaster] : [agent, clusterdAgent];
  const [first = {}, added = {}] = own;
  if (layout !== 'clusterd') return new Map(entries([common, first]));
  return new Map(entries([common, first, added]).filter(([name]) => !notInClusterd.has(name)));
}

/** Older names of flags (flags::DeprecatedName in the same files). Mesos accepts either name, but not both at once. */
export const olderNames: ReadonlyMap<string, string> = new Map([
  ['slave_ping_timeout', 'agent_ping_timeout'],
  ['max_slave_ping_timeouts', 'max_agent_ping_timeouts'],
  ['slave_removal_rate_limit', 'agent_removal_rate_limit'],
  ['slave_reregister_timeout', 'agent_reregister_timeout'],
  ['recovery_slave_removal_limit', 'recovery_agent_removal_limit'],
  ['authenticate_slaves', 'authenticate_agents'],
  ['authenticate', 'authenticate_frameworks'],
  ['authenticate_http', 'authenticate_http_readwrite'],
  ['max_executors_per_slave', 'max_executors_per_agent'],
  ['user_sorter', 'role_sorter'],
  ['slave_subsystems', 'agent_subsystems'],
  ['executor_secret_key', 'jwt_secret_key'],
  ['allowed_capabilities', 'effective_capabilities'],
]);
