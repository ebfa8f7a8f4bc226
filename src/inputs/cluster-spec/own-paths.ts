import { schedulers } from './schedulers.ts';

/** Folders in which a seed may put files. Everything else belongs to the image or the kernel, or is state. */
const open = /^\/(?:etc|opt|srv|usr\/local)\//;

/**
 * Files that ingot-identity derives on the node (node-tools/ingot_node/cluster_config.py;
 * test/integration/images/own-paths.test.ts compares them).
 */
const derived = [
  /^\/etc\/(?:hostname|hosts)$/,
  /^\/etc\/default\/mesos-agent$/,
  /^\/etc\/mesos\/cni\//,
  /^\/etc\/mesos\/zk$/,
  /^\/etc\/zookeeper\/conf\/zoo\.cfg$/,
  /^\/etc\/mesos-(?:master|slave|agent)\/(?:attributes|cluster|credentials?|docker_config|hostname|http_credentials|ip|quorum|resources)$/,
  // In clusterd's layout attributes are a folder.
  /^\/etc\/mesos-agent\/attributes\//,
];

const ofSchedulers = new Set<string>(Object.values(schedulers).flatMap((one) => one.derived));

/** Other files that determine the identity of a node and who may log in. */
const own = [
  /^\/etc\/(?:hostname|hosts|machine-id|passwd|shadow|group|gshadow|sudoers|resolv\.conf)-?$/,
  /^\/etc\/(?:ingot|cloud|sudoers\.d|chrony)\//,
  /^\/etc\/ssh\/(?:ssh_host_|sshd_config)/,
  /^\/etc\/mesos-(?:master|slave|agent)\/work_dir$/,
];

/** Reports whether a node creates this file itself, from the seed and its own address. */
export function isDerived(path: string): boolean {
  return ofSchedulers.has(path) || derived.some((pattern) => pattern.test(path));
}

/** Explains to the user why a file of the seed may not have this path; undefined if it may. */
export function whyNotInSeed(path: string): string | undefined {
  if (!open.test(path)) return 'must not be written by the seed';
  return isDerived(path) || own.some((pattern) => pattern.test(path))
    ? 'is managed by the cluster itself'
    : undefined;
}
