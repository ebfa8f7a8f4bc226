import { readlink } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host, Running } from '../host/host.ts';

/** How programs are started in a network of their own, and how others join it. */
export interface PrivateNetwork {
  /** The command that starts a program with a loopback interface of its own, in the same process. */
  readonly start: (program: string, args: readonly string[]) => NetworkCommand;
}

export interface NetworkCommand {
  readonly program: string;
  readonly args: readonly string[];
}

// The program takes the place of the shell: signals and the process id are its own.
const raiseLoopback = 'ip link set lo up && exec "$0" "$@"';
const rights = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'];

/** The command that runs a program in the network of a process that was started in one of its own. */
export function inNetworkOf(pid: number, { program, args }: NetworkCommand): NetworkCommand {
  const join = rights.length === 0 ? ['--net'] : ['--user', '--preserve-credentials', '--net'];
  return { program: 'nsenter', args: [`--target=${pid}`, ...join, program, ...args] };
}

const found = new WeakMap<Host, Promise<PrivateNetwork | undefined>>();

/**
 * A port that is forwarded from a guest to the loopback interface belongs to whoever listens there first, and every user of this host may. In a network
 * namespace of its own (network_namespaces(7)) nobody but us can listen or connect, so what answers there is the guest.
 * @returns undefined where this host gives no namespace (a container without rights, say)
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

/** Resolves when the process is in its own network, or has ended: before that its process id stands for ours. */
export async function awaitOwnNetwork(running: Running): Promise<void> {
  const own = await readlink('/proc/self/ns/net');
  const over = { yes: false };
  void running.ended.then(() => (over.yes = true));
  const isOver = (): boolean => over.yes;
  while (!isOver() && (await readlink(`/proc/${running.pid}/ns/net`).catch(() => own)) === own) await wait(5);
}
