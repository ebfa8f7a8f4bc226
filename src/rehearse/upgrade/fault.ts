/**
 * What makes a version unhealthy for its trial only, without another bake: an argument of the kernel in the slot that is tried next, by which systemd waits for
 * a network card that is not there, as of a version whose driver is missing (systemd(1), systemd.wants=; systemd-networkd-wait-online.service(8)). Its
 * files, root hash and signature stay as they are, and the slot that runs now does not know of it.
 */
export const faultyUnit = 'systemd-networkd-wait-online@ingot-fault.service';

/** A shell text that adds it to a slot.cfg; `file` is a word of the shell. */
export const faultInSlot = (file: string): string =>
  `sed -i "s/^set ingot_arguments='/&systemd.wants=${faultyUnit} /" ${file} && grep -q ${faultyUnit} ${file}`;

/** A shell text that plants the fault in the other slot of a node. */
export const plantFault = [
  'set -eu',
  'esp=/run/ingot/esp',
  'slot=$(ingot-update --status --json | python3 -c \'import json, sys; print(json.load(sys.stdin)["other"]["slot"])\')',
  'mount -o remount,rw "$esp"',
  faultInSlot('"$esp/$slot/slot.cfg"'),
  'mount -o remount,ro "$esp"',
].join('\n');
