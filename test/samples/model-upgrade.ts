import { drillFailure } from '../../src/rehearse/drill-failure.ts';
import { faultyUnit, plantFault } from '../../src/rehearse/upgrade/fault.ts';
import { ModelCluster } from './model-cluster.ts';

/** The slots of a node. */
interface Slots {
  running: string;
  other: string | null;
  /** The other slot is tried at the next start. */
  fetched: boolean;
  faulty: boolean;
  onTrial: boolean;
  failed: boolean;
}

const trialSeconds = 120;

/** A model cluster whose nodes can be updated and drained. */
export class ModelUpgrade extends ModelCluster {
  readonly #slots = new Map<string, Slots>();
  /** Every `ingot-drain` that was accepted. */
  readonly drains: string[] = [];

  override run(name: string, script: string): Promise<string> {
    if (this.watch.sampleOf(name)?.address == null)
      return Promise.reject(drillFailure(`${name} does not answer`));
    const slots = this.#slotsOf(name);
    if (script.startsWith('ingot-update --no-reboot')) {
      slots.other = /([^/ ]+) 2>&1$/.exec(script)?.[1] ?? null;
      slots.fetched = true;
      slots.faulty = false;
      return Promise.resolve('');
    }
    if (script === plantFault) {
      slots.faulty = true;
      return Promise.resolve('');
    }
    if (script === 'systemctl --no-block reboot') return this.#boot(name, slots.fetched);
    if (script === 'ingot-update --status --json') return Promise.resolve(this.#status(slots));
    if (script.startsWith('ingot-drain')) return this.#drain(script);
    return super.run(name, script);
  }

  /** Restarts a node; for a trial it runs the other slot. */
  async #boot(name: string, trial: boolean): Promise<string> {
    const slots = this.#slotsOf(name);
    if (trial || slots.onTrial) [slots.running, slots.other] = [slots.other ?? '', slots.running];
    slots.onTrial = trial;
    slots.fetched = false;
    this.install(name, slots.running);
    await this.reboot(name);
    if (trial) setTimeout(() => void this.#endTrial(name), trialSeconds * 1000);
    return '';
  }

  async #endTrial(name: string): Promise<void> {
    const slots = this.#slotsOf(name);
    slots.failed = slots.faulty;
    if (slots.faulty) await this.#boot(name, false);
    else slots.onTrial = false;
  }

  #status({ running, other, onTrial, failed }: Slots): string {
    return JSON.stringify({
      running: { slot: 'a', version: running },
      state: onTrial ? 'trying' : 'settled',
      other: { slot: 'b', version: other, failed },
      last: failed ? { what: 'returned', why: `${faultyUnit} is failed` } : null,
    });
  }

  /** As the real one: it knows only agents that are registered. */
  #drain(script: string): Promise<string> {
    for (const [address] of script.matchAll(/\d+\.\d+\.\d+\.\d+/g)) {
      const slave = this.slaves.find((place) => place.address === address);
      if (slave === undefined || this.watch.sampleOf(slave.name)?.agent?.registered !== true)
        return Promise.reject(drillFailure(`ingot-drain: no agent is registered at ${address}`));
      if (script.includes('--end')) this.drained.delete(slave.name);
      else this.drained.add(slave.name);
    }
    this.drains.push(script.replace(' 2>&1', ''));
    return Promise.resolve('');
  }

  #slotsOf(name: string): Slots {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slots: Slots = {
      running: 'v',
      other: null,
      fetched: false,
      faulty: false,
      onTrial: false,
      failed: false,
    };
    this.#slots.set(name, slots);
    return slots;
  }
}
