import type { FlagProcess } from './flag-table.ts';

const node = 'no line: each node derives it from the seed and its own address';
const state = 'no line: the state of a node has its place (docs/node.md)';
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
    port: 'no line: the ports of a cluster are fixed, and its checks and rehearsals ask them',
    work_dir: state,
    log_dir: 'no line: everything goes to the journal, which is bounded',
    external_log_file: 'no line: everything goes to the journal, which is bounded',
    help: 'no line: with it the process ends at once',
    version: 'no line: with it the process ends at once',
  },
  master: {
    cluster: 'cluster, at the top of the spec',
    quorum: 'no line: it follows from the number of masters (3: 2, 5: 3)',
    zk: node,
    registry: 'no line: in_memory is for tests, and replicated_log is the default',
    master_contender: node,
    master_detector: node,
    credentials: secret('masterCredentials'),
    webui_dir: 'seed.mesos.webInterface: false, to switch the web interface off',
  },
  agent: {
    attributes: 'seed.agents, attributes: of every agent, or of those at some addresses',
    resources: 'seed.agents, resources: of every agent, or of those at some addresses',
    master: node,
    master_detector: node,
    credential: secret('agentCredential'),
    http_credentials: secret('agentHttpCredentials'),
    docker_config: secret('dockerConfig'),
    jwt_secret_key: 'no line yet: ingot brings no key for tokens of executors',
    network_cni_config_dir: 'seed.mesos.networks: each network as it is in its JSON file',
    runtime_dir: state,
    docker_store_dir: state,
    fetcher_cache_dir: state,
    appc_store_dir: state,
    reconfiguration_policy: 'no line: it is additive, so that an agent may get more attributes',
    systemd_enable_support: 'layout: it decides how agents and systemd share cgroups',
    cgroups_hierarchy: 'layout: it decides where cgroups are',
    enable_cgroups_v2: 'layout: it decides which cgroups there are',
  },
};

/** Returns what to write instead of a flag that the operator may not set; undefined for all other flags. */
export function insteadOf(process: FlagProcess, name: string): string | undefined {
  return own[process][name] ?? own.both[name];
}
