import { vi } from 'vitest';
import type { Cluster } from '../../src/rehearse/cluster.ts';
import { drillFailure } from '../../src/rehearse/drill-failure.ts';
import { notYet } from '../../src/rehearse/judge/not-yet.ts';
import type { NodeSample } from '../../src/rehearse/node-sample.ts';
import { masterPlaces, type RehearsedPlace, slavePlaces } from '../../src/rehearse/place.ts';
import { Watch } from '../../src/rehearse/watch.ts';
import { ModelContainers } from './model-containers.ts';
import type { Faults } from './model-faults.ts';
import { type ModelNode, newNode, serves } from './model-node.ts';
import { modelAgentId, modelSample } from './model-sample.ts';

const bootSeconds = 30;
const sessionSeconds = 10;

/**
 * A simulated cluster: one sample of each node a second, by the clock of the test (vitest's fake timers). It does what
 * drills request.
 */
export class ModelCluster {
  readonly watch: Watch;
  readonly slaves: readonly RehearsedPlace[];
  masters: readonly RehearsedPlace[];
  readonly said: string[] = [];
  readonly options = {
    ...{ logFolder: '/tmp', allowed: [], container: '', settings: { cluster: {}, files: [] } },
    web: { port: 8000 },
  };
  /** Names of slaves whose agent is registered and not active. */
  protected readonly drained = new Set<string>();
  readonly #faults: Faults;
  readonly #nodes = new Map<string, ModelNode>();
  readonly #first = new Map<string, NodeSample>();
  /** The second since which a node is cut off, and which of these nodes led. */
  readonly #cut = new Map<string, number>();
  readonly #cutLeaders = new Set<string>();
  #leader: string | undefined;
  #leaderGone = 0;
  #elections = 0;
  #apps: Record<string, number> = {};
  readonly #containers: ModelContainers;

  constructor(faults: Faults = {}, masters = 3, slaves = 2) {
    this.#faults = faults;
    this.#containers = new ModelContainers(faults, 'slave-1');
    this.masters = masterPlaces(masters);
    this.slaves = slavePlaces(slaves);
    for (const place of [...this.masters, ...this.slaves]) this.#add(place);
    this.watch = new Watch({
      now: () => Date.now(),
      signal: new AbortController().signal,
      nodes: () =>
        [...this.#nodes.values()].filter(({ on }) => on).map(({ place, seed }) => ({ place, seed })),
    });
  }

  /** The model with the interface that drills use. */
  get asCluster(): Cluster {
    return this as unknown as Cluster;
  }

  get machines() {
    return [...this.#nodes.values()].map(({ place, on }) => ({ place, isOn: on }));
  }

  now = (): number => Date.now();
  limit = (seconds: number): number => seconds * 8;
  say = (line: string): void => void this.said.push(line);

  /** Runs work while simulated seconds pass. */
  async passing<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const ended = work.finally(() => {
      over.abort();
    });
    ended.catch(() => undefined);
    for (let second = 0; second < 3000 && !over.signal.aborted; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      this.#tick();
    }
    return ended;
  }

  powerOn = (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const node = this.#node(name);
      node.seed = this.masters.map(({ address }) => address);
      node.on = true;
      node.boots += 1;
      node.ready = this.#second() + bootSeconds + node.boots;
      if (this.#faults.usurps === true && node.boots > 1) this.#usurper = name;
    }
    return Promise.resolve();
  };
  #usurper: string | undefined;

  powerOff = (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      this.#node(name).on = false;
      this.watch.forget(name);
    }
    return Promise.resolve();
  };

  reboot = async (...names: readonly string[]): Promise<void> => {
    await this.powerOff(...names);
    await this.powerOn(...names);
  };

  /** The version that the node runs from its next start on. */
  install = (name: string, version: string): void => {
    this.#node(name).version = version;
  };

  cut = (name: string): void => {
    this.#cut.set(name, this.#second());
    if (this.#leader === name) this.#cutLeaders.add(name);
  };
  mend = (name: string): void => {
    this.#cut.delete(name);
    this.#cutLeaders.delete(name);
  };

  replaceDisk = (name: string): void => {
    if (this.#faults.keepsDisk !== true) this.#node(name).disks += 1;
    this.#first.delete(name);
  };

  changeMasters = (masters: readonly RehearsedPlace[]): Promise<void> => {
    for (const place of masters) if (!this.#nodes.has(place.name)) this.#add(place);
    this.masters = masters;
    return Promise.resolve();
  };

  retire = (name: string): void => {
    this.#nodes.delete(name);
    this.#first.delete(name);
  };

  reseed = (name: string): Promise<void> => {
    const node = this.#node(name);
    node.seed = this.masters.map(({ address }) => address);
    node.ready = this.#second() + 5;
    return Promise.resolve();
  };

  run(name: string, script: string): Promise<string> {
    const node = this.#node(name);
    const step = this.#containers.answer(name, script, (slave) => this.#agentIdOf(slave));
    if (step !== undefined) {
      if (script.includes('empty-agent')) node.agents += 1;
      return Promise.resolve(step);
    }
    if (script.includes('systemctl stop')) {
      node.stopped = true;
      this.#apps = {};
    } else if (script.includes('systemctl start')) {
      node.stopped = false;
      node.ready = this.#second() + 5;
    } else if (script.includes('/v2/apps')) this.#apps['/ingot-rehearsal'] = 1;
    else if (script.includes('pgrep'))
      return Promise.resolve(
        name === 'slave-2' && this.#faults.runsNothing !== true ? '812 ingot-rehearsal.x /mesos\n' : '',
      );
    else if (script.includes('ingot-drift')) return Promise.resolve(this.#drift(node));
    else if (script.includes('units-active') && name === 'slave-2' && this.#faults.restarts === true)
      return Promise.resolve(
        'the last lines of mesos-slave.service:\n  no work directory\nmesos-slave.service restarts again and again\ningot-units final\n',
      );
    else if (script.includes('root-verified') && this.#faults.unverified === true)
      return Promise.reject(drillFailure(`${name}: there is no dm-verity device ingot-root`));
    return Promise.resolve('');
  }

  inventory = (name: string): Promise<string> => {
    const fact = (what: string) => `${JSON.stringify({ what, is: 'x', own: 'x' })}\n`;
    const extra = this.#faults.extraFact;
    return Promise.resolve(
      fact('root roothash') + (name === 'slave-2' && extra !== undefined ? fact(extra) : ''),
    );
  };

  closely = <T>(work: () => Promise<T>): Promise<T> => work();

  healthy = async (limitSeconds: number): Promise<number> => {
    const at = await this.watch.until({
      what: 'all nodes healthy',
      limitSeconds,
      missing: notYet,
      holdSeconds: 2,
    });
    for (const name of this.#nodes.keys()) {
      const sample = this.watch.sampleOf(name);
      if (sample !== undefined && !this.#first.has(name)) this.#first.set(name, sample);
    }
    return at;
  };

  firstSample = (name: string): NodeSample | undefined => this.#first.get(name);
  forgetFirst = (...names: readonly string[]): void => {
    for (const name of names.length === 0 ? [...this.#first.keys()] : names) this.#first.delete(name);
  };

  #drift({ place }: ModelNode): string {
    const second = place.name === 'slave-2';
    const { drifted, otherDigest } = this.#faults;
    const digest = second && otherDigest === true ? 'another' : `digest of ${place.role}`;
    const lines = [
      { digest, verified: this.#faults.unverified !== true },
      ...(second && drifted !== undefined ? [drifted] : []),
    ];
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }

  #second(): number {
    return Math.floor(Date.now() / 1000);
  }

  #add(place: RehearsedPlace): void {
    this.#nodes.set(place.name, newNode(place));
  }

  #agentIdOf(name: string): string {
    return modelAgentId(this.#node(name), this.#faults, this.#elections) ?? '';
  }

  #node(name: string): ModelNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`there is no machine ${name}`);
    return node;
  }

  #serves(node: ModelNode): boolean {
    return serves(node, this.#second());
  }

  /**
   * Masters that see each other, if they have a majority; they elect when the session of the last leader has expired.
   */
  #majority(): ModelNode[] {
    const members = [...this.#nodes.values()].filter(
      (node) => node.place.role === 'master' && this.#serves(node) && !this.#cut.has(node.place.name),
    );
    const needed = Math.max(0, ...members.map(({ seed }) => Math.floor(seed.length / 2) + 1));
    return members.length >= needed || this.#faults.noQuorum === true ? members : [];
  }

  #tick(): void {
    const members = this.#majority();
    const present = members.some(({ place }) => place.name === this.#leader);
    if (present) this.#leaderGone = this.#second();
    else if (members.length > 0 && this.#second() - this.#leaderGone >= sessionSeconds) {
      this.#leader = members[0]?.place.name;
      this.#elections += 1;
      if (this.#faults.losesApps === true && this.#elections > 1) this.#apps = {};
    }
    const usurper = this.#usurper;
    if (members.some(({ place }) => place.name === usurper)) this.#leader = usurper;
    for (const node of this.#nodes.values())
      // Between power-on and the first answer over ssh there is no sample.
      if (node.on && this.#second() >= node.ready - 3)
        this.watch.receive(node.place.name, this.#sample(node, members));
  }

  #sample(node: ModelNode, members: readonly ModelNode[]): NodeSample {
    const { name } = node.place;
    const second = this.#second();
    const cutFor = second - (this.#cut.get(name) ?? second);
    const still = this.#cutLeaders.has(name) && (cutFor < 12 || this.#faults.splitBrain === true);
    return modelSample(node, still, {
      ...{ faults: this.#faults, second, members, elections: this.#elections },
      leader: [...this.#nodes.values()].find((one) => one.place.name === this.#leader),
      agents: this.#agents(),
      apps: this.#apps,
    });
  }

  #agents(): number {
    return [...this.#nodes.values()].filter(
      (node) => node.place.role === 'slave' && this.#serves(node) && !this.drained.has(node.place.name),
    ).length;
  }
}
