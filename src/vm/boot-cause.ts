/** Why a node does not come up, as far as its console or ssh shows it. */
export interface BootCause {
  /** Text that follows the node's name, as in "master: …". */
  readonly what: string;
  /** True if waiting longer cannot help. */
  readonly final: boolean;
}

interface ConsoleSign {
  readonly line: RegExp;
  /** Takes the match of the expression and the line after it. */
  readonly what: (found: readonly string[], next: string) => string;
  readonly final: boolean;
}

/** Ordered by severity: first what stops a boot, then what may have caused it. */
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
    // After a panic the machine restarts in kernel.panic seconds, and QEMU exits.
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
    // This concerns one slot; the other one may boot.
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

/** The cause that the last lines of a console show for a failed boot; undefined if they match no known cause. */
export function consoleCause(lines: readonly string[]): BootCause | undefined {
  for (const { line, what, final } of signs) {
    const at = lines.findLastIndex((one) => line.test(one));
    const found = line.exec(lines[at] ?? '');
    if (found !== null) return { what: what(found, lines[at + 1] ?? ''), final };
  }
  return undefined;
}

/** The meaning of the last line that ssh printed when it could not log in; undefined if ssh printed nothing. */
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
