/**
 * A fault that makes a version unhealthy only during its trial, without another bake. It is a kernel argument in the
 * slot that is tried next, which forbids the kernel module that Docker's network needs, as in a version whose module is
 * missing (kernel-parameters.txt, module_blacklist=). The files, root hash and signature stay unchanged, and the
 * running slot is not affected. The initrd would refuse arguments that systemd reads.
 */
export const faultArgument = 'module_blacklist=bridge';

/** The unit that does not become healthy because of the fault. */
export const faultyUnit = 'docker.service';

/** A shell command that adds the argument to a slot.cfg; `file` is a word of the shell. */
export const faultInSlot = (file: string): string =>
  `sed -i "s/^set ingot_arguments='/&${faultArgument} /" ${file} && grep -q ${faultArgument} ${file}`;

/** A shell script that plants the fault in the other slot of a node. */
export const plantFault = [
  'set -eu',
  'esp=/run/ingot/esp',
  'slot=$(ingot-update --status --json | python3 -c \'import json, sys; print(json.load(sys.stdin)["other"]["slot"])\')',
  'mount -o remount,rw "$esp"',
  faultInSlot('"$esp/$slot/slot.cfg"'),
  'mount -o remount,ro "$esp"',
].join('\n');
