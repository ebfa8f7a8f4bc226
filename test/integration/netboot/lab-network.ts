import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

/** Two connected network namespaces: a server with an address, and a machine without one. */
export interface LabNetwork {
  readonly server: string;
  readonly machine: string;
  /** The command line that runs a program in one of them. */
  readonly at: (namespace: string, ...command: string[]) => string[];
}

let made = 0;

/** Creates them; they are removed when the test ends. Both ends of the cable are called eth0. */
export function labNetwork(address: string): LabNetwork {
  made += 1;
  const [server, machine] = ['server', 'machine'].map((end) => `ingot-${process.pid}-${made}-${end}`) as [
    string,
    string,
  ];
  for (const namespace of [server, machine]) {
    ip('netns', 'add', namespace);
    onTestFinished(() => void ip('netns', 'del', namespace));
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  }
  ip('-n', server, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', machine);
  ip('-n', server, 'address', 'add', address, 'dev', 'eth0');
  for (const namespace of [server, machine]) ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  return { server, machine, at: (namespace, ...command) => ['ip', 'netns', 'exec', namespace, ...command] };
}
