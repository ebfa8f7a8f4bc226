/** Why a node does not come up, as far as its console or ssh says it. */
export interface BootCause {
  /** As in "master: …". */
  readonly what: string;
  /** Whether waiting longer cannot help. */
  readonly final: boolean;
}

interface ConsoleSign {
  readonly line: RegExp;
  /** Gets what the expression found, and the line after it. */
  readonly what: (found: readonly string[], next: string) => string;
  readonly final: boolean;
}

/** The worst first: what stops a boot, then what may be its reason. */
const signs: readonly ConsoleSign[] = [
  {
    line: /ingot: refusing to boot:? *(.*)/,
    what: ([, why = '']) => `the initrd refused to boot${why === '' ? '' : `: ${why}`}`,
    final: true,
  },
  {
    line: /ingot: the build guest cannot boot: (.*)/,
    what: ([, why = '']) => `the build guest cannot boot: ${why}`,
    final: true,
  },
  {
    // A panic restarts the machine after kernel.panic seconds, and QEMU ends then.
    line: /Kernel panic - not syncing: (.*)/,
    what: ([, why = '']) => `its kernel panicked: ${why}`,
    final: true,
  },
  {
    line: /ingot: THIS NODE DOES NOT JOIN THE CLUSTER/,
    what: (_, next) => `the node does not join its cluster: ${next.replace(/^.*ingot: /, '')}`,
    final: true,
  },
  {
    line: /You are in (emergency|rescue) mode/,
    what: ([, mode = '']) => `systemd gave up and is in ${mode} mode`,
    final: true,
  },
  {
    line: /grub rescue>/,
    what: () => 'GRUB does not find its own files',
    final: true,
  },
  {
    line: /No bootable device|BdsDxe: No bootable option/,
    what: () => 'the firmware finds nothing to boot on its disk',
    final: true,
  },
  {
    line: /Out of memory: Killed process \d+ \(([^)]*)\)/,
    what: ([, program = '']) => `its memory is full, and the kernel killed ${program}`,
    final: false,
  },
  {
    // Of one slot: the other may boot.
    line: /^error: (.*(?:not found|no such|invalid|bad).*?)\.?$/i,
    what: ([, why = '']) => `GRUB says: ${why}`,
    final: false,
  },
  {
    line: /Failed to start .*?([\w@\\.-]+\.service)/,
    what: ([, unit = '']) => `${unit} failed to start`,
    final: false,
  },
];

/** What the last lines of a console say about a boot that does not succeed; undefined if nothing is known there. */
export function consoleCause(lines: readonly string[]): BootCause | undefined {
  for (const { line, what, final } of signs) {
    const at = lines.findLastIndex((one) => line.test(one));
    const found = line.exec(lines[at] ?? '');
    if (found !== null) return { what: what(found, lines[at + 1] ?? ''), final };
  }
  return undefined;
}

/** What the last that ssh printed means for a node that does not let us in; undefined if it printed nothing known. */
export function sshCause(stderr: string): string | undefined {
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  if (/Permission denied/.test(last))
    return 'its sshd refuses the key of this boot test: the seed that names the key was not used';
  if (/kex_exchange_identification|Connection (?:closed|reset) by/.test(last))
    return 'it has no address yet, or its sshd does not listen: the port is forwarded, and nobody answers there';
  if (/Connection refused/.test(last))
    return 'nothing forwards to its sshd: QEMU has ended, or never listened';
  if (/timed out/i.test(last)) return 'its sshd accepts connections and does not answer';
  return last === '' ? undefined : `ssh says: ${last}`;
}
