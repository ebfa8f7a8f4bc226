import { readlink } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host, Running } from '../host/host.ts';

/** How to start programs in a network namespace of their own. */
export interface PrivateNetwork {
  /** The command that starts a program, in the same process, in a network with its own loopback interface. */
  readonly start: (program: string, args: readonly string[]) => NetworkCommand;
}

export interface NetworkCommand {
  readonly program: string;
  readonly args: readonly string[];
}

// The program replaces the shell, so signals and the process id are the program's.
const raiseLoopback = 'ip link set lo up && exec "$0" "$@"';
const rights = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'];

/** The command that runs a program in the network namespace of a process that has its own. */
export function inNetworkOf(pid: number, { program, args }: NetworkCommand): NetworkCommand {
  const join = rights.length === 0 ? ['--net'] : ['--user', '--preserve-credentials', '--net'];
  return { program: 'nsenter', args: [`--target=${pid}`, ...join, program, ...args] };
}

const found = new WeakMap<Host, Promise<PrivateNetwork | undefined>>();

/**
 * Finds out whether this host allows network namespaces. A port that is forwarded from a guest to the loopback
 * interface belongs to whoever listens there first, and every user of this host may. In a network namespace of its own
 * (network_namespaces(7)) nobody else can listen or connect, so what answers there is the guest.
 * @returns undefined if this host refuses a namespace (for example a container without the rights)
 */
export function privateNetwork(host: Host): Promise<PrivateNetwork | undefined> {
  const start: PrivateNetwork['start'] = (program, args) => ({
    program: 'unshare',
    args: [...rights, '--net', '/bin/sh', '-c', raiseLoopback, program, ...args],
  });
  const known = found.get(host);
  if (known !== undefined) return known;
  const trial = start('true', []);
  const answer = host.run(trial.program, trial.args).then(
    () => ({ start }),
    () => undefined,
  );
  found.set(host, answer);
  return answer;
}

/** Resolves when the process is in its own network or has ended. Until then its process id refers to our network. */
export async function awaitOwnNetwork(running: Running): Promise<void> {
  const own = await readlink('/proc/self/ns/net');
  const over = { yes: false };
  void running.ended.then(() => (over.yes = true));
  const isOver = (): boolean => over.yes;
  while (!isOver() && (await readlink(`/proc/${running.pid}/ns/net`).catch(() => own)) === own) await wait(5);
}
