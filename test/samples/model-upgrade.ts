import { drillFailure } from '../../src/rehearse/drill-failure.ts';
import { plantFault } from '../../src/rehearse/upgrade/fault.ts';
import { ModelCluster } from './model-cluster.ts';

/** The slots of a node. */
interface Slots {
  running: string;
  other: string | null;
  faulty: boolean;
  /** The second in which a trial began. */
  triedSince: number | undefined;
  failed: boolean;
}

const trialSeconds = 120;

/** A model cluster whose nodes can be updated and drained. */
export class ModelUpgrade extends ModelCluster {
  readonly #slots = new Map<string, Slots>();
  /** Every `ingot-drain` that was obeyed. */
  readonly drains: string[] = [];

  override ask(name: string, script: string): Promise<string> {
    if (this.watch.lookAt(name)?.address == null)
      return Promise.reject(drillFailure(`${name} does not answer`));
    const slots = this.#slotsOf(name);
    if (script.startsWith('ingot-update --no-reboot')) {
      slots.other = /([^/ ]+) 2>&1$/.exec(script)?.[1] ?? null;
      slots.faulty = false;
      return Promise.resolve('');
    }
    if (script === plantFault) {
      slots.faulty = true;
      return Promise.resolve('');
    }
    if (script === 'systemctl --no-block reboot')
      return this.#boot(name, slots.other !== null && !slots.failed);
    if (script === 'ingot-update --status --json') return this.#status(name);
    if (script.startsWith('ingot-drain')) return this.#drain(script);
    return super.ask(name, script);
  }

  /** Restarts a node; on a trial the other slot runs. */
  async #boot(name: string, trial: boolean): Promise<string> {
    const slots = this.#slotsOf(name);
    if (trial || slots.triedSince !== undefined)
      [slots.running, slots.other] = [slots.other ?? '', slots.running];
    slots.triedSince = trial ? this.now() / 1000 : undefined;
    this.install(name, slots.running);
    await this.reboot(name);
    return '';
  }

  async #status(name: string): Promise<string> {
    const slots = this.#slotsOf(name);
    const { triedSince, faulty } = slots;
    if (triedSince !== undefined && this.now() / 1000 - triedSince > trialSeconds) {
      if (faulty) {
        slots.failed = true;
        await this.#boot(name, false);
        throw drillFailure(`${name} restarts`);
      }
      slots.triedSince = undefined;
    }
    const why = slots.failed ? { what: 'returned', why: 'docker.service failed' } : null;
    return JSON.stringify({
      running: { slot: 'a', version: slots.running },
      state: slots.triedSince === undefined ? 'settled' : 'trying',
      other: { slot: 'b', version: slots.other, failed: slots.failed },
      last: why,
    });
  }

  /** As the real one: it knows only agents that are registered. */
  #drain(script: string): Promise<string> {
    for (const [address] of script.matchAll(/\d+\.\d+\.\d+\.\d+/g)) {
      const slave = this.slaves.find((place) => place.address === address);
      if (slave === undefined || this.watch.lookAt(slave.name)?.agent?.registered !== true)
        return Promise.reject(drillFailure(`ingot-drain: no agent is registered at ${address}`));
    }
    this.drains.push(script.replace(' 2>&1', ''));
    return Promise.resolve('');
  }

  #slotsOf(name: string): Slots {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slots: Slots = { running: 'v', other: null, faulty: false, triedSince: undefined, failed: false };
    this.#slots.set(name, slots);
    return slots;
  }
}
