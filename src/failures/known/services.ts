import { inArea } from '../known-failure.ts';

const node = ['error', 'console', 'journal'] as const;

/** Failures of what runs on a booted node, and of its checks. */
export const serviceFailures = inArea('services')([
  {
    code: 'docker-no-bridge',
    title: 'Docker has no kernel module for its network',
    in: node,
    sign: /Error creating default "bridge" network: package not installed|Module bridge is blacklisted/,
    cause:
      'The module bridge is blocked: by module_blacklist on the kernel command line, or by a file of modprobe.d. A rehearsed upgrade blocks it on purpose, for its unhealthy version.',
    remedy: [
      'Look at the node: `cat /proc/cmdline` and `grep -r bridge /etc/modprobe.d`.',
      'Remove what blocks it from `kernelArguments` or `files` in cluster.yaml.',
    ],
  },
  {
    code: 'docker-down',
    title: 'The Mesos agent does not reach Docker',
    in: node,
    sign: /Cannot connect to the Docker daemon/,
    cause:
      'The Docker daemon has failed or is not started yet, and the agent cannot recover its containers without it.',
    remedy: [
      'On the node: `systemctl status docker` and `journalctl -u docker`.',
      'The agent tries again until Docker runs.',
    ],
  },
  {
    code: 'agent-changed',
    title: 'The Mesos agent refuses its changed settings',
    in: node,
    sign: /Incompatible agent info detected|Failed to perform recovery: Incompatible/,
    cause:
      'Something of the agent changed that it cannot take over while tasks of it may run: its host name or port, or an attribute or resource that was removed.',
    remedy: [
      'Drain the agent first: `ingot-drain ADDRESS` on a master.',
      'Then remove /var/lib/mesos/meta/slaves/latest on the node and restart the agent; it registers as a new one.',
    ],
  },
  {
    code: 'mesos-unknown-flag',
    title: 'Mesos does not know a flag',
    in: node,
    sign: /Failed to load unknown flag/,
    cause:
      'Every file in /etc/mesos-master or /etc/mesos-slave becomes a flag, and there is one that this version of Mesos does not have.',
    remedy: [
      'Set flags under `mesos` in cluster.yaml, where ingot checks their names.',
      'Remove the file from /etc/mesos-master or /etc/mesos-slave.',
    ],
  },
  {
    code: 'drain-unknown-agent',
    title: 'No agent is registered at an address',
    in: ['error', 'journal'],
    sign: /ingot-drain: no agent is registered at /,
    cause: 'The agent of that node is down or has not registered again after a restart.',
    remedy: [
      'Look why it does not run: `journalctl -u mesos-slave` on that node.',
      'Wait until the agent is registered, then repeat the command.',
    ],
  },
  {
    code: 'check-drift',
    title: 'A node has drifted from its image',
    in: ['error'],
    only: ['node-failed'],
    sign: /check "nothing has drifted"/,
    cause:
      'After the boot, files or settings differ from the golden root and from what the seed defines: a service wrote them.',
    remedy: [
      'The lines above name each difference. Declare what is intended in drift.d of images/; docs/drift.md says how.',
    ],
  },
  {
    code: 'check-units-declared',
    title: 'A unit is on that no image declares',
    in: ['error'],
    only: ['node-failed'],
    sign: /check "units are on and masked as declared"/,
    cause:
      'A package or a step enabled a unit, and image.yaml does not name it, or a declared unit does not run.',
    remedy: ['Name the unit under `units` in image.yaml: `on`, or `masked` if it must not run.'],
  },
  {
    code: 'check-unit-failed',
    title: 'A unit has failed on a node',
    in: ['error'],
    only: ['node-failed'],
    sign: /check "no unit has failed"/,
    cause: 'A service ended with an error at boot; its last lines are in the output of the check.',
    remedy: [
      'Read the lines below "the last lines of UNIT".',
      'Look on the node: bake again with `--keep-on-failure`, and then `ingot shell ROLE`.',
    ],
  },
  {
    code: 'check-failed',
    title: 'A check of a node failed',
    in: ['error'],
    only: ['node-failed'],
    sign: /: check "[^"]+" (?:failed|did not pass)/,
    cause:
      'The node runs, and is not as image.yaml promises. A check that only took too long was printed with its limit in seconds.',
    remedy: [
      'Read what the check printed, and its command in the arrow line.',
      'If the host was busy, bake again: finished stages come from the cache.',
      'Look on the node: bake again with `--keep-on-failure`, and then `ingot shell ROLE`.',
    ],
  },
  {
    code: 'unit-failed-at-boot',
    title: 'A unit failed while a node booted',
    in: ['error', 'console'],
    only: ['node-failed'],
    sign: /Failed to start (?:.*?)[\w@\\.-]+\.service|\.service failed to start/,
    cause: 'A service that the boot waits for ended with an error.',
    remedy: ['Look for its lines on the console, and for the first FAILED line.'],
  },
]);
