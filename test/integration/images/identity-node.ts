import { expect } from 'vitest';
import { NodeTree, type Ran } from '../../unit/images/node-tree.ts';

/** The addresses of three masters. */
export const three = ['10.0.0.11', '10.0.0.12', '10.0.0.13'];

/** A node on which ingot's identity program runs. */
export class IdentityNode extends NodeTree {
  constructor() {
    super();
    this.write('/dev/console', '');
  }

  /** Writes the seed of the cluster demo with these masters. */
  seed(masters: readonly unknown[], more: object = {}): void {
    this.write('/etc/ingot/cluster.json', JSON.stringify({ version: 1, cluster: 'demo', masters, ...more }));
  }

  identity(role: string, address: string, layout = 'mesosphere', scheduler = 'marathon'): Ran {
    this.write('/usr/lib/ingot/release.json', JSON.stringify({ role, layout, scheduler, production: false }));
    return this.run('/usr/lib/ingot/identity', `--address=${address}`);
  }

  /** Runs it without an address as an argument. */
  identityAlone(role: string): Ran {
    this.write(
      '/usr/lib/ingot/release.json',
      JSON.stringify({ role, layout: 'mesosphere', scheduler: 'marathon' }),
    );
    return this.run('/usr/lib/ingot/identity');
  }

  /** The machine's addresses as Linux shows them (net/ipv4/fib_trie.c). */
  addresses(...all: readonly string[]): void {
    const leaves = ['127.0.0.1', ...all].map(
      (one) => `           |-- ${one}\n              /32 host LOCAL\n`,
    );
    this.write(
      '/proc/net/fib_trie',
      `Main:\n  +-- 0.0.0.0/0 3 0 5\n${leaves.join('')}Local:\n${leaves.join('')}`,
    );
  }

  /** Checks a refusal: the reason appears everywhere that a person may check, and no configuration was written. */
  expectRefusal(ran: Ran, reason: string): void {
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(reason);
    expect(this.read('/dev/console')).toContain(reason);
    expect(this.read('/run/ingot/identity-failed')).toContain(reason);
    expect(this.paths().filter((path) => /^\/etc\/(zookeeper|mesos|default|hostname)/.test(path))).toEqual(
      [],
    );
  }
}
