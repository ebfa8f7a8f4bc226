/**
 * The fault that makes a version unhealthy for its trial only, without another bake: an argument of the kernel in the slot that is tried next, which forbids
 * the kernel module that Docker's network needs, as in a version whose module is missing (kernel-parameters.txt, module_blacklist=). The files, root hash
 * and signature stay as they are, and the slot that runs now is not affected. Arguments that systemd reads would be refused by the initrd.
 */
export const faultArgument = 'module_blacklist=bridge';

/** The unit that does not become healthy with it. */
export const faultyUnit = 'docker.service';

/** A shell text that adds it to a slot.cfg; `file` is a word of the shell. */
export const faultInSlot = (file: string): string =>
  `sed -i "s/^set ingot_arguments='/&${faultArgument} /" ${file} && grep -q ${faultArgument} ${file}`;

/** A shell text that plants the fault in the other slot of a node. */
export const plantFault = [
  'set -eu',
  'esp=/run/ingot/esp',
  'slot=$(ingot-update --status --json | python3 -c \'import json, sys; print(json.load(sys.stdin)["other"]["slot"])\')',
  'mount -o remount,rw "$esp"',
  faultInSlot('"$esp/$slot/slot.cfg"'),
  'mount -o remount,ro "$esp"',
].join('\n');
