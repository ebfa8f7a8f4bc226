import type { Role } from '../plan/plan.ts';
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
  role: Role | 'unknown' | undefined;
  begunMs: number;
  readonly stages: Set<string>;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** A machine that has got so far does not ask as firmware again unless it was restarted. */
const underWay = ['kernel', 'refused', 'booted', 'failed'];

/** Requests of an address whose machine is not known yet: behind another DHCP server it is learned only from the loader's first question. */
const mostWaiting = 20;

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

/** Follows machines while they boot, from what DHCP, TFTP and HTTP servers saw of them. */
export class MachineTable {
  readonly #machines = new Map<string, Machine>();
  readonly #byAddress = new Map<string, Machine>();
  readonly #waiting = new Map<string, Seen[]>();

  /**
   * Takes what a server saw and gives what is new about a machine by it.
   * @param nowMs when it was seen, in milliseconds
   */
  take(seen: Seen, nowMs: number): readonly MachineProgress[] {
    if (seen.kind === 'file' && seen.mac === undefined && !this.#byAddress.has(seen.address)) {
      const waiting = this.#waiting.get(seen.address) ?? [];
      if (waiting.length < mostWaiting) this.#waiting.set(seen.address, [...waiting, seen]);
      return [];
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
        return [...this.#settle(machine, seen.address, nowMs), ...once('address', 'has an address')];
      case 'no-address':
        return [told('trouble', `gets no address: ${seen.why}`)];
      case 'report':
        return [told(seen.stage, reportText(seen.stage, seen.text))];
      case 'file': {
        const earlier = this.#settle(machine, seen.address, nowMs);
        return [...earlier, ...this.#file(machine, seen.file, told, once)];
      }
    }
  }

  #machineOf(seen: Seen, nowMs: number): Machine | undefined {
    const mac = seen.kind === 'file' ? (seen.mac ?? this.#byAddress.get(seen.address)?.mac) : seen.mac;
    if (mac === undefined) return undefined;
    const known = this.#machines.get(mac);
    if (known !== undefined) return known;
    const machine: Machine = { mac, address: undefined, role: undefined, begunMs: nowMs, stages: new Set() };
    this.#machines.set(mac, machine);
    return machine;
  }

  /** Firmware that asks begins a boot; a system that renews its address tells nothing new. */
  #asked(machine: Machine, { firmware }: Extract<Seen, { kind: 'asked' }>, nowMs: number): boolean {
    if (firmware && underWay.some((stage) => machine.stages.has(stage))) {
      machine.stages.clear();
      machine.begunMs = nowMs;
    }
    return firmware;
  }

  #settle(machine: Machine, address: string, nowMs: number): readonly MachineProgress[] {
    machine.address = address;
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
