import { inArea } from '../known-failure.ts';

const fromPacker = ['error', 'packer'] as const;

/** Failures of the guest in which the steps of images/ run. */
export const guestFailures = inArea('guest')([
  {
    code: 'step-needs-network',
    title: 'A step wants to reach the network',
    in: ['error'],
    only: ['step-failed'],
    sign: /Temporary failure in name resolution|Could not resolve host|Temporary failure resolving|Network is unreachable|Name or service not known/,
    cause: 'The build guest reaches nothing but Packer, so that a bake depends only on its lock.',
    remedy: [
      'Name the packages in cluster.yaml instead of installing them in a step.',
      'Put other files under `files` in cluster.yaml or into rootfs/ of images/.',
    ],
  },
  {
    code: 'step-disk-full',
    title: 'A step filled the memory of the build guest',
    in: ['error'],
    only: ['step-failed'],
    sign: /[Nn]o space left on device/,
    cause: 'What a step writes is kept in the memory of the build guest, half of which may be used for it.',
    remedy: [
      'Let the step remove what it does not need in the image.',
      'Bring large files as a package or under `files`: those are unpacked before the guest boots.',
    ],
  },
  {
    code: 'step-command-missing',
    title: 'A step calls a program that is not in the image',
    in: ['error'],
    only: ['step-failed'],
    sign: /: (?:command )?not found$/,
    cause:
      'Images have few packages: no compilers, and only the programs of the packages in cluster.yaml and images/.',
    remedy: [
      'Add the package to the role in cluster.yaml: `apt-file search bin/NAME` shows which one has the program.',
    ],
  },
  {
    code: 'step-wants-systemd',
    title: 'A step asks systemd, which does not run in the build guest',
    in: ['error'],
    only: ['step-failed'],
    sign: /System has not been booted with systemd|Failed to connect to bus/,
    cause: 'The build guest has an init of its own and no services.',
    remedy: [
      'Enable units under `units` in image.yaml, or with `systemctl --root=/ enable UNIT` in the step.',
      'What only a running system can show is a check of images/, which runs on the booted node.',
    ],
  },
  {
    code: 'step-assertion',
    title: 'The assertion of a step failed',
    in: ['error'],
    only: ['step-failed'],
    sign: /failed in assert\.sh \(exit \d+\)/,
    cause: "The step's do.sh ended without an error, and assert.sh did not find what it promises.",
    remedy: [
      'Read the last lines of the step, then `do.sh` and `assert.sh` in its folder of images/.',
      'Look in the guest: bake again with `--keep-on-failure`, and then `ingot shell ROLE`.',
    ],
  },
  {
    code: 'step-script',
    title: 'The script of a step failed',
    in: ['error'],
    only: ['step-failed'],
    sign: /failed in do\.sh \(exit \d+\)/,
    cause: 'A command in do.sh of the step failed; the script ends at the first one.',
    remedy: [
      'Read the last lines of the step. `set -x` at the top of do.sh prints each command before it runs.',
      'Look in the guest: bake again with `--keep-on-failure`, and then `ingot shell ROLE`.',
    ],
  },
  {
    code: 'guest-memory',
    title: 'A guest ran out of memory',
    in: ['error', 'console', 'packer'],
    sign: /Out of memory: Killed process|oom-kill:|its memory is full, and the kernel killed|invoked oom-killer/,
    cause: 'The programs of the guest need more memory than it has, and its kernel killed one of them.',
    remedy: [
      'On a node: give the machine more memory; the seed and images/ set the heaps of ZooKeeper and Marathon.',
      'In the build guest: let the step need less at a time.',
    ],
  },
  {
    code: 'qemu-failed-to-start',
    title: 'QEMU did not start',
    in: fromPacker,
    sign: /Qemu failed to start/,
    cause: 'QEMU ended at once, with a message of its own that Packer does not show.',
    remedy: [
      'Look at the lines that begin with "Qemu stderr" in packer.log.',
      'Check the host: `ingot doctor`.',
    ],
  },
  {
    code: 'guest-disk-missing',
    title: 'Packer does not find the disk of the build guest',
    in: fromPacker,
    sign: /error downloading ISO: /,
    cause:
      'The build disk was removed while the bake ran, for example by a second bake or by hand in `out/runs`.',
    remedy: ['Bake again, and do not change `out/runs` while a bake runs.'],
  },
  {
    code: 'guest-cannot-boot',
    title: 'The build guest cannot boot',
    in: ['error', 'console'],
    sign: /ingot: the build guest cannot boot|the build guest cannot boot: |without which its build guest cannot boot/,
    cause: 'The kernel of the image lacks a module that the build guest needs, or the build disk is damaged.',
    remedy: [
      'Use the kernel of Debian (`base.kernel: cloud` or `generic`).',
      'Compose again without the cache: `ingot bake cluster.yaml --no-cache`.',
    ],
  },
  {
    code: 'guest-deaf',
    title: 'The build guest did not answer over SSH',
    in: fromPacker,
    sign: /Timeout waiting for SSH|did not answer over SSH/,
    cause:
      'The guest did not boot in time. Its console shows how far it came; without a line there, the accelerator does not work or the machine is overloaded.',
    remedy: [
      "Read the guest's console, console-ROLE.log.",
      'Try emulation: `INGOT_ACCEL=tcg`, and end other programs that use the processors.',
    ],
  },
  {
    code: 'guest-login',
    title: 'Packer could not log in to the build guest',
    in: fromPacker,
    sign: /authentication error when trying to connect via SSH|ssh: unable to authenticate/,
    cause: 'A step or a file of images/ changed the settings of sshd, or the account of root.',
    remedy: ['Undo the change; settings of sshd for nodes belong into /etc/ssh/sshd_config.d/.'],
  },
]);
