import type { NodeCommandEnd } from '../../src/fleet/sources/run-on-fleet-node.ts';
import { makeHost } from '../../src/host/make-host.ts';
import type { ProgressStage } from '../../src/host/progress-stage.ts';
import type { Role } from '../../src/inputs/roles.ts';
import type { WaveNode } from '../../src/wave/wave-share.ts';
import type { WaveTools } from '../../src/wave/wave-tools.ts';
import { answerText, inPieces, sampleVersion } from './fleet.ts';

export const oldVersion = '20261101-bbbbbbbbbbbb';
export const storeAddress = 'https://images.example.org';

/** A node of the model; a test sets how it behaves. */
export class ModelNode {
  version = oldVersion;
  next: string | undefined;
  drained = false;
  leads = false;
  /** Looks at it that get no answer, because it restarts. */
  away = 0;
  failed: string | undefined;
  healthy = true;
  drifts = false;
  /** It does not become healthy with the new version, and goes back. */
  fallsBack = false;
  readonly name: string;
  readonly role: Role;
  readonly address: string;

  constructor(name: string, role: Role, address: string) {
    this.name = name;
    this.role = role;
    this.address = address;
  }

  get node(): WaveNode {
    const { name, role } = this;
    return {
      name,
      role,
      source: { kind: 'ssh', host: name, user: undefined, port: undefined, jump: undefined },
    };
  }
}

const ended = (exitCode: number, stdout = '', lastError = ''): NodeCommandEnd => ({
  exitCode,
  stdout,
  lastError,
});

/** A model of a fleet: refuses what nodes refuse, and does not answer while a node restarts. */
export class ModelFleet {
  readonly nodes: ModelNode[];
  /** What was done, in order: "fetch s1", "drain s1 s2", "restart m1", "end s1 s2". */
  readonly done: string[] = [];

  constructor(masters: number, slaves: number) {
    const of = (role: Role, count: number, net: number) =>
      Array.from(
        { length: count },
        (_, index) => new ModelNode(`${role[0] ?? ''}${index + 1}`, role, `10.0.${net}.${index + 1}`),
      );
    this.nodes = [...of('master', masters, 0), ...of('slave', slaves, 1)];
    const [first] = this.nodes;
    if (first !== undefined) first.leads = true;
  }

  named(name: string): ModelNode {
    const found = this.nodes.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the model has no ${name}`);
    return found;
  }

  get inventory(): WaveNode[] {
    return this.nodes.map(({ node }) => node);
  }

  private status(one: ModelNode): string {
    return JSON.stringify({
      running: { version: one.version },
      state: 'settled',
      other: { version: null, triedNext: one.next !== undefined, failed: one.failed !== undefined },
      last:
        one.failed === undefined
          ? null
          : { what: 'failed', version: one.failed, why: 'docker.service has failed' },
    });
  }

  private restart(one: ModelNode): NodeCommandEnd {
    if (one.role === 'slave' && !one.drained) return ended(1, '', 'tasks ran on it: they were killed');
    this.done.push(`restart ${one.name}`);
    one.away = 2;
    if (one.fallsBack) one.failed = one.next;
    else one.version = one.next ?? one.version;
    one.next = undefined;
    return ended(0);
  }

  private drain(by: ModelNode, words: readonly string[]): NodeCommandEnd {
    if (by.role !== 'master') return ended(127, '', 'ingot-drain: command not found');
    const end = words[0] === '--end';
    const addresses = end ? words.slice(1) : words;
    const nodes = addresses.map((address) => this.nodes.find((one) => one.address === address));
    const slaves = nodes.filter((one) => one?.role === 'slave') as ModelNode[];
    if (slaves.length !== addresses.length) return ended(1, '', 'no agent has this address');
    if (end && slaves.some(({ away }) => away > 0)) return ended(1, '', 'its agent is not registered');
    for (const one of slaves) one.drained = !end;
    this.done.push(`${end ? 'end' : 'drain'} ${slaves.map(({ name }) => name).join(' ')}`);
    return ended(0);
  }

  private run(one: ModelNode, [program = '', ...words]: readonly string[]): NodeCommandEnd {
    if (one.away > 0) {
      one.away -= 1;
      return ended(255, '', 'Connection refused');
    }
    if (program === 'ingot-status')
      return ended(
        one.healthy ? 0 : 1,
        JSON.stringify({
          healthy: one.healthy,
          problems: one.healthy ? [] : ['unit: docker.service has failed'],
          identity: { joined: true, address: one.address },
          quorum:
            one.role === 'master'
              ? { elected: this.nodes.find(({ leads }) => leads)?.address ?? null }
              : null,
        }),
      );
    if (program === 'ingot-update' && words[0] === '--status') return ended(0, this.status(one));
    if (program === 'ingot-update') {
      if (words.join(' ') !== `--no-reboot ${storeAddress}/${one.role}/${sampleVersion}`)
        return ended(1, '', 'no such version');
      if (one.failed === sampleVersion)
        return ended(1, '', `${sampleVersion} did not become healthy on this node`);
      this.done.push(`fetch ${one.name}`);
      one.next = sampleVersion;
      return ended(0);
    }
    if (program === 'systemctl') return this.restart(one);
    if (program === 'ingot-drain') return this.drain(one, words);
    return program.startsWith('/usr/lib/ingot/check/') && one.role === 'master' ? ended(0) : ended(127);
  }

  /** The tools of a wave, whose commands run on the model. */
  get tools(): WaveTools {
    const progress: ProgressStage = {
      stage: <T>(_: string, work: (stage: ProgressStage) => Promise<T>) => work(progress),
      note: () => undefined,
      begin: () => ({ ...progress, end: () => undefined }),
    };
    return {
      ...{ host: makeHost(), out: '/nonexistent', parallel: 4, pauseMs: 0, settleMs: 500, progress },
      signal: new AbortController().signal,
      run: ({ name }, command) => Promise.resolve(this.run(this.named(name), command)),
      query: async ({ name }, read) => {
        const one = this.named(name);
        const text = answerText(one.drifts ? 'edited' : 'golden', Date.now()).replaceAll(
          '"role": "slave"',
          `"role": "${one.role}"`,
        );
        const failure = { why: 'Connection refused', reached: false, again: false };
        if (one.away > 0 || one.version !== sampleVersion)
          return { value: await read(inPieces('', 1)), failure };
        return { value: await read(inPieces(text, 4096)) };
      },
    };
  }
}
