import { schedulers } from './schedulers.ts';

/** Where a seed may put files; everything else is the image's, the kernel's or state. */
const open = /^\/(?:etc|opt|srv|usr\/local)\//;

/** What ingot-identity derives on the node (node-tools/ingot_node/cluster_config.py; test/integration/images/own-paths.test.ts compares). */
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

/** What else decides who a node is and who may log in. */
const own = [
  /^\/etc\/(?:hostname|hosts|machine-id|passwd|shadow|group|gshadow|sudoers|resolv\.conf)-?$/,
  /^\/etc\/(?:ingot|cloud|sudoers\.d|chrony)\//,
  /^\/etc\/ssh\/(?:ssh_host_|sshd_config)/,
  /^\/etc\/mesos-(?:master|slave|agent)\/work_dir$/,
];

/** Whether a node makes this file itself, of the seed and its own address. */
export function isDerived(path: string): boolean {
  return ofSchedulers.has(path) || derived.some((pattern) => pattern.test(path));
}

/** Why a file of the seed may not lie at this path, for people; undefined where it may. */
export function whyNotInSeed(path: string): string | undefined {
  if (!open.test(path)) return "is not the seed's to write";
  return isDerived(path) || own.some((pattern) => pattern.test(path)) ? "is the cluster's own" : undefined;
}
