import type { FlagProcess } from './flag-table.ts';

const node = 'remove it: each node derives it from the seed and its own address';
const state = 'remove it: the place of a node’s state is fixed (docs/node.md)';
const secret = (name: string): string =>
  `seed.secrets.${name}: where nodes find it; a path here would name a file that nothing writes`;

/** Flags that ingot sets itself, or that belong elsewhere in the spec, with what to do instead. */
const own: Readonly<Record<FlagProcess | 'both', Readonly<Record<string, string>>>> = {
  both: {
    advertise_ip: node,
    advertise_port: node,
    hostname: node,
    hostname_lookup: node,
    ip: node,
    ip_discovery_command: node,
    port: 'remove it: the ports of a cluster are fixed, and its checks and rehearsals use them',
    work_dir: state,
    log_dir: 'remove it: everything goes to the journal, which is bounded',
    external_log_file: 'remove it: everything goes to the journal, which is bounded',
    help: 'remove it: with it the process exits immediately',
    version: 'remove it: with it the process exits immediately',
  },
  master: {
    cluster: 'cluster, at the top of the spec',
    quorum: 'remove it: it follows from the number of masters (3: 2, 5: 3)',
    zk: node,
    registry: 'remove it: in_memory is for tests, and replicated_log is the default',
    master_contender: node,
    master_detector: node,
    credentials: secret('masterCredentials'),
    webui_dir: 'seed.mesos.webInterface: false, to switch the web interface off',
  },
  agent: {
    attributes: 'seed.agents, attributes: for every agent, or for those at certain addresses',
    resources: 'seed.agents, resources: for every agent, or for those at certain addresses',
    master: node,
    master_detector: node,
    credential: secret('agentCredential'),
    http_credentials: secret('agentHttpCredentials'),
    docker_config: secret('dockerConfig'),
    jwt_secret_key: 'remove it: ingot does not provide a key for tokens of executors yet',
    network_cni_config_dir: 'seed.mesos.networks: each network in the format of its JSON file',
    runtime_dir: state,
    docker_store_dir: state,
    fetcher_cache_dir: state,
    appc_store_dir: state,
    reconfiguration_policy: 'remove it: it is additive, so that an agent may get more attributes',
    systemd_enable_support: 'layout: it decides how agents and systemd share cgroups',
    cgroups_hierarchy: 'layout: it decides where cgroups are',
    enable_cgroups_v2: 'layout: it decides which version of cgroups is used',
  },
};

/** Returns what to write instead of a flag that the operator may not set; undefined for all other flags. */
export function alternativeTo(process: FlagProcess, name: string): string | undefined {
  return own[process][name] ?? own.both[name];
}
