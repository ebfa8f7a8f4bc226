import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { type GuestNetwork, openGuestNetwork } from '../vm/guest-network.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { drillFailure } from './drill-failure.ts';
import { follow } from './follow.ts';
import { notYet } from './judge/not-yet.ts';
import type { Machine } from './machine.ts';
import { type Member, newMember } from './member.ts';
import type { NodeSample } from './node-sample.ts';
import { NodeShell, type WebServer } from './node-shell.ts';
import type { RehearsedPlace } from './place.ts';
import { reseedScript } from './seed-files.ts';
import type { NodeView } from './view.ts';
import { Watch } from './watch.ts';
import { withTimeLimit } from './with-time-limit.ts';

/** While this file exists, templates/rehearse/watch.py samples once a second. */
const closelyFile = '/run/ingot-rehearse-closely';

/** A cluster of machines on this host, watched continuously. */
export class Cluster {
  readonly watch: Watch;
  readonly options: ClusterOptions;
  readonly #host: Host;
  readonly #lan: GuestNetwork;
  readonly #shell: NodeShell;
  readonly #members = new Map<string, Member>();
  /** The sample of each node when it was first healthy with its present disk. */
  readonly #first = new Map<string, NodeSample>();
  #masters: readonly RehearsedPlace[];

  private constructor(host: Host, options: ClusterOptions, lan: GuestNetwork) {
    this.#host = host;
    this.options = options;
    this.#lan = lan;
    this.#shell = new NodeShell(host, options);
    this.#masters = options.masters;
    this.watch = new Watch({
      now: () => host.now(),
      signal: options.signal,
      nodes: () => this.#switchedOn(),
    });
  }

  /** Opens a cluster whose machines are all off. */
  static async open(host: Host, options: ClusterOptions): Promise<Cluster> {
    const lan = await openGuestNetwork(join(options.workFolder, 'lan'));
    const cluster = new Cluster(host, options, lan);
    for (const place of [...options.masters, ...options.slaves]) cluster.#add(place);
    return cluster;
  }

  /** The masters of the seed, in its order. */
  get masters(): readonly RehearsedPlace[] {
    return this.#masters;
  }

  get slaves(): readonly RehearsedPlace[] {
    return this.options.slaves;
  }

  /** All machines, including those that are off. */
  get machines(): readonly Machine[] {
    return [...this.#members.values()].map(({ machine }) => machine);
  }

  now(): number {
    return this.#host.now();
  }

  /**
   * The time limit for something that takes this many seconds on real hardware; under emulation it is several times as
   * long.
   */
  limit(seconds: number): number {
    return this.options.machine.accelerator === 'kvm' ? seconds : seconds * 8;
  }

  say(line: string): void {
    this.options.say(line);
  }

  /** Switches machines on, with the current seed. */
  async powerOn(...names: readonly string[]): Promise<void> {
    const cpus = names.length <= 2 ? this.options.cpusOfFew : this.options.machine.cpus;
    for (const name of names) {
      const member = this.#member(name);
      const masters = this.#masters.map(({ address }) => address);
      member.seed = masters;
      member.stop = new AbortController();
      const { stop, machine } = member;
      await machine.powerOn(await this.options.seed(machine.place, masters), cpus, (how) => {
        if (stop.signal.aborted || this.options.signal.aborted) return;
        stop.abort();
        this.watch.forget(name);
        this.watch.fail(drillFailure(`QEMU of ${name} ended by itself: ${how}`));
      });
      member.following = follow(this.#host, {
        machine,
        watcher: this.options.watcher,
        signal: AbortSignal.any([stop.signal, this.options.signal]),
        onSample: (sample, line) => {
          appendFileSync(join(this.options.logFolder, `looks-${name}.ndjson`), `${line}\n`);
          this.watch.receive(name, sample);
        },
        onLost: (reason) => {
          this.watch.forget(name, reason);
        },
      }).catch((error: unknown) => {
        this.watch.fail(
          error instanceof Error && 'code' in error ? (error as never) : drillFailure(String(error)),
        );
      });
    }
  }

  /** Powers machines off. */
  async powerOff(...names: readonly string[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const { machine, stop, following } = this.#member(name);
        stop.abort();
        await machine.powerOff();
        await following;
        this.watch.forget(name);
      }),
    );
  }

  /**
   * Restarts machines as an operator would: the node gets the command to reboot, the machine ends, and it is switched
   * on again.
   */
  async reboot(...names: readonly string[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const { machine, stop, following } = this.#member(name);
        stop.abort();
        await following;
        this.watch.forget(name);
        await this.#shell.run(machine, 'systemctl --no-block reboot');
        const what = `${name} ends after a reboot command`;
        await withTimeLimit(this.limit(30), what, this.options.signal, machine.ended());
        await this.powerOn(name);
      }),
    );
  }

  /** Drops all frames from and to a node until `mend`. */
  cut(name: string): void {
    this.#lan.cut(this.#member(name).machine.place.mac);
  }

  mend(name: string): void {
    this.#lan.mend(this.#member(name).machine.place.mac);
  }

  /** Gives a machine that is off a new, empty disk. */
  replaceDisk(name: string): void {
    this.#member(name).machine.replaceDisk();
    this.#first.delete(name);
  }

  /**
   * Changes the masters of the seed. New machines are added and stay off; running nodes keep the seed that they have.
   */
  changeMasters(masters: readonly RehearsedPlace[]): Promise<void> {
    for (const place of masters) if (!this.#members.has(place.name)) this.#add(place);
    this.#masters = masters;
    return Promise.resolve();
  }

  /** Removes a machine that is off and will not return. */
  retire(name: string): void {
    this.#members.delete(name);
    this.#first.delete(name);
  }

  /**
   * Gives a running node the current seed, as docs/rehearsal.md describes, and waits until its identity is generated
   * again.
   */
  async reseed(name: string): Promise<void> {
    const member = this.#member(name);
    const masters = this.#masters.map(({ address }) => address);
    member.seed = undefined;
    await this.run(name, reseedScript(await this.options.seed(member.machine.place, masters)));
    member.seed = masters;
  }

  /**
   * Runs a shell script on a node as root.
   * @param web a server that the node can reach meanwhile
   * @returns the output
   * @throws IngotError node-failed if the script ends with a status other than 0
   */
  async run(name: string, script: string, web?: WebServer): Promise<string> {
    return this.#shell.output(this.#member(name).machine, script, web);
  }

  /** The inventory of a node: everything that identifies it, one line of JSON per fact. */
  async inventory(name: string): Promise<string> {
    return this.#shell.inventory(this.#member(name).machine);
  }

  /**
   * Samples every node once a second during the work, and at the normal rate afterwards. Nodes that are switched on
   * during the work are sampled at the normal rate.
   */
  async closely<T>(work: () => Promise<T>): Promise<T> {
    const all = async (script: string): Promise<void> => {
      const on = this.machines.filter(
        ({ place, isOn }) => isOn && this.watch.sampleOf(place.name) !== undefined,
      );
      await Promise.all(on.map(({ place }) => this.run(place.name, script)));
    };
    await all(`touch ${closelyFile}`);
    const result = await work();
    await all(`rm -f ${closelyFile}`);
    return result;
  }

  /**
   * Waits until every node that is switched on is healthy.
   * @returns milliseconds since 1970 of that moment
   */
  async healthy(limitSeconds: number): Promise<number> {
    const at = await this.watch.until({
      what: 'all nodes healthy',
      limitSeconds,
      missing: notYet,
      holdSeconds: 2,
    });
    this.#remember();
    return at;
  }

  /** The sample of a node when it was first healthy with its disk; undefined before that. */
  firstSample(name: string): NodeSample | undefined {
    return this.#first.get(name);
  }

  /** Forgets the first samples of these nodes, or at all nodes, because their state was emptied. */
  forgetFirst(...names: readonly string[]): void {
    if (names.length === 0) this.#first.clear();
    for (const name of names) this.#first.delete(name);
  }

  /** Saves the journal of every node that answers to the folder of logs. */
  async keepJournals(): Promise<void> {
    await this.#shell.keepJournals(this.machines.filter(({ isOn }) => isOn));
  }

  /** Ends all machines. */
  async close(): Promise<void> {
    for (const { stop } of this.#members.values()) stop.abort();
    await Promise.all([...this.#members.values()].map(({ machine }) => machine.powerOff()));
    await Promise.all([...this.#members.values()].map(({ following }) => following));
    await this.#lan.close();
  }

  #remember(): void {
    for (const { machine } of this.#members.values()) {
      const { name } = machine.place;
      const sample = this.watch.sampleOf(name);
      if (sample !== undefined && !this.#first.has(name)) this.#first.set(name, sample);
    }
  }

  #switchedOn(): Omit<NodeView, 'sample'>[] {
    return [...this.#members.values()]
      .filter(({ machine }) => machine.isOn)
      .map(({ machine, seed }) => ({ place: machine.place, seed }));
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`there is no machine ${name}`);
    return member;
  }

  #add(place: RehearsedPlace): void {
    this.#members.set(place.name, newMember(this.#host, place, this.#lan, this.options));
  }
}
