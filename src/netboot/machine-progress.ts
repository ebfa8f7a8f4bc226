import type { Role } from '../inputs/plan/plan.ts';
import { RecentMap } from './recent-map.ts';
import type { FetchedFile, Seen } from './seen.ts';

/** How far a machine is, or what went wrong with it. */
export interface MachineProgress {
  readonly mac: string;
  readonly address: string | undefined;
  /** What the inventory says that it is. */
  readonly role: Role | 'unknown' | undefined;
  readonly stage: string;
  readonly text: string;
  /** Since the machine first asked for an address in this boot. */
  readonly seconds: number;
}

interface Machine {
  readonly mac: string;
  address: string | undefined;
  /** Whether a DHCP server said that the address is this machine's; else it is its own word. */
  leased: boolean;
  role: Role | 'unknown' | undefined;
  begunMs: number;
  readonly stages: Set<string>;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** A machine that has got so far does not ask as firmware again unless it was restarted. */
const underWay = ['kernel', 'refused', 'booted', 'failed'];

/** Requests of an address whose machine is not known yet: behind another DHCP server it is learned only from the loader's first question. */
const mostWaiting = 20;

/** How many machines are followed: of the inventory, and others, which anybody can invent. */
const mostMachines = { listed: 65_536, others: 4096 } as const;
/** Addresses whose requests wait for their machine. */
const mostAddresses = 1024;

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

/** What a machine says of itself (docs/node.md, Reports). */
function reportText(stage: string, text: string): string {
  if (stage === 'root') return 'root proven';
  const word = stage === 'refused' || stage === 'failed' ? stage.toUpperCase() : stage;
  return text === '' ? word : `${word}: ${text}`;
}

/**
 * Follows machines while they boot, from what DHCP, TFTP and HTTP servers saw of them. It remembers a bounded number of them, whoever asks:
 * a machine that is not in the inventory makes room for the next, and never one of the inventory for one that is not.
 */
export class MachineTable {
  readonly #listed: RecentMap<string, Machine>;
  readonly #others: RecentMap<string, Machine>;
  readonly #byAddress = new Map<string, Machine>();
  readonly #waiting = new RecentMap<string, Seen[]>(mostAddresses);
  readonly #isListed: (mac: string) => boolean;

  /** @param isListed whether a machine is in the inventory */
  constructor(isListed: (mac: string) => boolean = () => false) {
    this.#isListed = isListed;
    const forget = (machine: Machine): void => {
      this.#leave(machine);
    };
    this.#listed = new RecentMap(mostMachines.listed, forget);
    this.#others = new RecentMap(mostMachines.others, forget);
  }

  /** How many machines and addresses are remembered. */
  get size(): number {
    return this.#listed.size + this.#others.size + this.#byAddress.size + this.#waiting.size;
  }

  /**
   * Takes what a server saw and gives what is new about a machine by it.
   * @param nowMs when it was seen, in milliseconds
   */
  take(seen: Seen, nowMs: number): readonly MachineProgress[] {
    if (seen.kind === 'file' && !this.#isOf(seen, seen.mac)) {
      if (!this.#byAddress.has(seen.address)) {
        const waiting = this.#waiting.get(seen.address) ?? [];
        if (waiting.length < mostWaiting) this.#waiting.set(seen.address, [...waiting, seen]);
        return [];
      }
    }
    const machine = this.#machineOf(seen, nowMs);
    if (machine === undefined) return [];
    const told = (stage: string, text: string): MachineProgress => ({
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
      return [told(stage, text)];
    };
    switch (seen.kind) {
      case 'asked':
        return this.#asked(machine, seen, nowMs) ? once('asked', `asks for an address: ${seen.by}`) : [];
      case 'address':
        return [...this.#settle(machine, seen.address, true, nowMs), ...once('address', 'has an address')];
      case 'no-address':
        return [told('trouble', `gets no address: ${seen.why}`)];
      case 'report':
        if (this.#byAddress.get(seen.address) !== machine)
          return once('foreign report', `a report for it came from ${seen.address}, and is not counted`).map(
            (one) => ({ ...one, stage: 'trouble' }),
          );
        return [told(seen.stage, reportText(seen.stage, seen.text))];
      case 'file': {
        const earlier = this.#settle(machine, seen.address, machine.leased, nowMs);
        return [...earlier, ...this.#file(machine, seen.file, told, once)];
      }
    }
  }

  /** Whether a request is of the machine that it says it is of: what DHCP servers gave counts for more than its word. */
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

  #machineOf(seen: Seen, nowMs: number): Machine | undefined {
    if (seen.kind === 'file' && !this.#isOf(seen, seen.mac)) return this.#byAddress.get(seen.address);
    const { mac } = seen;
    if (mac === undefined) return undefined;
    const known = this.#known(mac);
    // A report makes no machine known: it has to have booted.
    if (known !== undefined || seen.kind === 'report') return known;
    const own = { address: undefined, leased: false, role: undefined, begunMs: nowMs };
    const machine: Machine = { mac, ...own, stages: new Set() };
    (this.#isListed(mac) ? this.#listed : this.#others).set(mac, machine);
    return machine;
  }

  /** Takes its address from a machine. */
  #leave(machine: Machine): void {
    if (machine.address !== undefined && this.#byAddress.get(machine.address) === machine)
      this.#byAddress.delete(machine.address);
    machine.address = undefined;
    machine.leased = false;
  }

  /** Firmware that asks begins a boot; a system that renews its address tells nothing new. */
  #asked(machine: Machine, { firmware }: Extract<Seen, { kind: 'asked' }>, nowMs: number): boolean {
    if (firmware && underWay.some((stage) => machine.stages.has(stage))) {
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
    told: (stage: string, text: string) => MachineProgress,
    once: (stage: string, text: string) => readonly MachineProgress[],
  ): readonly MachineProgress[] {
    if (file.status >= 400)
      return [told('trouble', `asked for ${file.path}, which it did not get: ${file.status}`)];
    if (!file.whole)
      return file.by === 'TFTP'
        ? []
        : [
            told(
              'trouble',
              `${file.path} broke off after ${megabytes(file.bytes)}, ${file.seconds.toFixed(1)} s`,
            ),
          ];
    const [, role] = /^\/roles\/(master|slave|unknown)\.ipxe$/.exec(file.path) ?? [];
    if (role !== undefined) {
      // An unknown machine that chose a role, or was given one, asks twice.
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

/** A line for people. */
export function progressLine({ mac, address, role, text, seconds }: MachineProgress): string {
  const columns = [
    mac,
    (address ?? '').padEnd(15),
    (role ?? '').padEnd(7),
    `${seconds.toFixed(1)} s`.padStart(8),
  ];
  return `${columns.join('  ')}  ${text}`;
}
