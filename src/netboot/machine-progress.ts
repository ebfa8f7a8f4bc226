import type { Role } from '../inputs/plan/plan.ts';
import type { FetchedFile, MachineEvent } from './machine-event.ts';
import { RecentMap } from './recent-map.ts';

/** The progress of a machine, or what went wrong with it. */
export interface MachineProgress {
  readonly mac: string;
  readonly address: string | undefined;
  /** The role that the inventory gives the machine. */
  readonly role: Role | 'unknown' | undefined;
  readonly stage: string;
  readonly text: string;
  /** Since the machine's first request for an address in this boot. */
  readonly seconds: number;
}

interface Machine {
  readonly mac: string;
  address: string | undefined;
  /** True if a DHCP server assigned the address to this machine; false if only the machine itself claims it. */
  leased: boolean;
  role: Role | 'unknown' | undefined;
  begunMs: number;
  readonly stages: Set<string>;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Stages after which a request by firmware means that the machine was restarted. */
const startedStages = ['kernel', 'refused', 'booted', 'failed'];

/**
 * The maximum number of stored requests of an address whose machine is not known yet. Behind another DHCP server the
 * machine becomes known only with the loader's first request.
 */
const maxWaiting = 20;

/** The maximum number of machines that are tracked: those of the inventory, and others, which anybody can invent. */
const maxMachines = { listed: 65_536, others: 4096 } as const;
/** The maximum number of addresses whose requests wait for their machine to become known. */
const maxAddresses = 1024;

function bootedFile({
  path,
  by,
  bytes,
  seconds,
}: FetchedFile): readonly [stage: string, text: string] | undefined {
  const [, folder = '', ...rest] = path.split('/');
  const name = rest.at(-1) ?? '';
  if (folder === 'loader') return ['loader', `loader ${name} by ${by}`];
  if (folder === 'seed' && name === 'user-data') return ['seed', 'cluster seed'];
  if (folder !== 'images') return undefined;
  const size = `${megabytes(bytes)} in ${seconds.toFixed(1)} s`;
  if (name === 'vmlinuz') return ['kernel', `kernel of ${rest.slice(0, 2).join(' ')}, ${size}`];
  if (name === 'initrd.img') return ['initrd', `initrd, ${size}`];
  return name === 'root.squashfs' ? ['root', `root fetched, ${size}`] : undefined;
}

/** The text for a machine's own report (docs/node.md, Reports). */
function reportText(stage: string, text: string): string {
  if (stage === 'root') return 'root verified';
  const word = stage === 'refused' || stage === 'failed' ? stage.toUpperCase() : stage;
  return text === '' ? word : `${word}: ${text}`;
}

/**
 * Tracks machines while they boot, from what DHCP, TFTP and HTTP servers saw of them. It remembers a bounded number of
 * machines, whoever sends requests. A machine that is not in the inventory can displace others like it, but never a
 * machine of the inventory.
 */
export class MachineTable {
  readonly #listed: RecentMap<string, Machine>;
  readonly #others: RecentMap<string, Machine>;
  readonly #byAddress = new Map<string, Machine>();
  readonly #waiting = new RecentMap<string, MachineEvent[]>(maxAddresses);
  readonly #isListed: (mac: string) => boolean;

  /** @param isListed whether a machine is in the inventory */
  constructor(isListed: (mac: string) => boolean = () => false) {
    this.#isListed = isListed;
    const forget = (machine: Machine): void => {
      this.#leave(machine);
    };
    this.#listed = new RecentMap(maxMachines.listed, forget);
    this.#others = new RecentMap(maxMachines.others, forget);
  }

  /** The number of machines and addresses that are remembered. */
  get size(): number {
    return this.#listed.size + this.#others.size + this.#byAddress.size + this.#waiting.size;
  }

  /**
   * Takes what a server saw and returns the resulting news about machines.
   * @param nowMs when it was seen, in milliseconds
   */
  take(seen: MachineEvent, nowMs: number): readonly MachineProgress[] {
    if (seen.kind === 'file' && !this.#isOf(seen, seen.mac)) {
      if (!this.#byAddress.has(seen.address)) {
        const waiting = this.#waiting.get(seen.address) ?? [];
        if (waiting.length < maxWaiting) this.#waiting.set(seen.address, [...waiting, seen]);
        return [];
      }
    }
    const machine = this.#machineOf(seen, nowMs);
    if (machine === undefined) return [];
    const news = (stage: string, text: string): MachineProgress => ({
      mac: machine.mac,
      address: machine.address,
      role: machine.role,
      stage,
      text,
      seconds: Math.max(0, nowMs - machine.begunMs) / 1000,
    });
    const once = (stage: string, text: string): readonly MachineProgress[] => {
      if (machine.stages.has(stage)) return [];
      machine.stages.add(stage);
      return [news(stage, text)];
    };
    switch (seen.kind) {
      case 'asked':
        return this.#asked(machine, seen, nowMs) ? once('asked', `asks for an address: ${seen.by}`) : [];
      case 'address':
        return [...this.#settle(machine, seen.address, true, nowMs), ...once('address', 'has an address')];
      case 'no-address':
        return [news('trouble', `gets no address: ${seen.why}`)];
      case 'report':
        if (this.#byAddress.get(seen.address) !== machine)
          return once('foreign report', `a report for it came from ${seen.address}, and is not counted`).map(
            (one) => ({ ...one, stage: 'trouble' }),
          );
        return [news(seen.stage, reportText(seen.stage, seen.text))];
      case 'file': {
        const earlier = this.#settle(machine, seen.address, machine.leased, nowMs);
        return [...earlier, ...this.#file(machine, seen.file, news, once)];
      }
    }
  }

  /**
   * Whether a request comes from the machine that it names. What DHCP servers assigned counts for more than the
   * request's own claim.
   */
  #isOf({ address }: { readonly address: string }, mac: string | undefined): mac is string {
    if (mac === undefined) return false;
    const machine = this.#known(mac);
    if (machine?.leased === true) return machine.address === address;
    const holder = this.#byAddress.get(address);
    return holder === undefined || holder.mac === mac || !holder.leased;
  }

  #known(mac: string): Machine | undefined {
    return (this.#isListed(mac) ? this.#listed : this.#others).get(mac);
  }

  #machineOf(seen: MachineEvent, nowMs: number): Machine | undefined {
    if (seen.kind === 'file' && !this.#isOf(seen, seen.mac)) return this.#byAddress.get(seen.address);
    const { mac } = seen;
    if (mac === undefined) return undefined;
    const known = this.#known(mac);
    // A report alone does not add a machine: the machine must have booted.
    if (known !== undefined || seen.kind === 'report') return known;
    const own = { address: undefined, leased: false, role: undefined, begunMs: nowMs };
    const machine: Machine = { mac, ...own, stages: new Set() };
    (this.#isListed(mac) ? this.#listed : this.#others).set(mac, machine);
    return machine;
  }

  /** Removes a machine's address. */
  #leave(machine: Machine): void {
    if (machine.address !== undefined && this.#byAddress.get(machine.address) === machine)
      this.#byAddress.delete(machine.address);
    machine.address = undefined;
    machine.leased = false;
  }

  /** A request by firmware begins a boot. A system that renews its address is not news. */
  #asked(machine: Machine, { firmware }: Extract<MachineEvent, { kind: 'asked' }>, nowMs: number): boolean {
    if (firmware && startedStages.some((stage) => machine.stages.has(stage))) {
      machine.stages.clear();
      machine.begunMs = nowMs;
    }
    return firmware;
  }

  #settle(machine: Machine, address: string, leased: boolean, nowMs: number): readonly MachineProgress[] {
    const holder = this.#byAddress.get(address);
    for (const one of [machine, holder]) if (one !== undefined) this.#leave(one);
    machine.address = address;
    machine.leased = leased;
    this.#byAddress.set(address, machine);
    const waiting = this.#waiting.get(address) ?? [];
    this.#waiting.delete(address);
    return waiting.flatMap((one) => this.take(one, nowMs));
  }

  #file(
    machine: Machine,
    file: FetchedFile,
    news: (stage: string, text: string) => MachineProgress,
    once: (stage: string, text: string) => readonly MachineProgress[],
  ): readonly MachineProgress[] {
    if (file.status >= 400)
      return [news('trouble', `asked for ${file.path}, which it did not get: ${file.status}`)];
    if (!file.whole)
      return file.by === 'TFTP'
        ? []
        : [
            news(
              'trouble',
              `${file.path} broke off after ${megabytes(file.bytes)}, ${file.seconds.toFixed(1)} s`,
            ),
          ];
    const [, role] = /^\/roles\/(master|slave|unknown)\.ipxe$/.exec(file.path) ?? [];
    if (role !== undefined) {
      // A machine that is not in the inventory requests a script twice: for "unknown", and for the role that it chose
      // or was given.
      machine.role = role as Role | 'unknown';
      return once(`role ${role}`, role === 'unknown' ? 'is not in the inventory' : `is a ${role}`).map(
        (one) => ({
          ...one,
          stage: 'role',
        }),
      );
    }
    const [stage, text] = bootedFile(file) ?? [];
    return stage === undefined || text === undefined ? [] : once(stage, text);
  }
}

/** One line of progress for people. */
export function progressLine({ mac, address, role, text, seconds }: MachineProgress): string {
  const columns = [
    mac,
    (address ?? '').padEnd(15),
    (role ?? '').padEnd(7),
    `${seconds.toFixed(1)} s`.padStart(8),
  ];
  return `${columns.join('  ')}  ${text}`;
}
