import type { Role } from '../inputs/plan/plan.ts';
import type { SeedSettings } from '../inputs/plan/seed-settings.ts';
import type { QemuMachine } from '../vm/qemu-machine.ts';
import type { SeedFile } from '../vm/seed-disk.ts';
import type { AllowedDifference } from './compare/allowed.ts';
import type { RehearsedPlace } from './place.ts';
import type { WebServer } from './questions.ts';

/** The parts of a rehearsed cluster. */
export interface ClusterOptions {
  /** In the order of the seed. */
  readonly masters: readonly RehearsedPlace[];
  readonly slaves: readonly RehearsedPlace[];
  /** Absolute path of the disk of each role's image. */
  readonly images: Readonly<Record<Role, string>>;
  readonly machine: QemuMachine;
  /**
   * Processors of a machine that is switched on with at most one other machine. Under emulation, one processor would
   * use only one of this host's.
   */
  readonly cpusAlone: number;
  /** Absolute and short; throw-away files. */
  readonly workFolder: string;
  /** Absolute; consoles, looks and journals are kept here. */
  readonly logFolder: string;
  readonly keyFile: string;
  /** What nodes fetch new versions from. */
  readonly web?: WebServer;
  /** The texts of templates/rehearse/. */
  readonly watcher: string;
  readonly inventory: string;
  readonly container: string;
  /** What two nodes of a role may differ in. */
  readonly allowed: readonly AllowedDifference[];
  /** What the seed of every node says beyond masters and keys. */
  readonly settings: SeedSettings;
  /** The cluster seed with the place of one node, for a list of masters. */
  readonly seed: (place: RehearsedPlace, masters: readonly string[]) => readonly SeedFile[];
  readonly signal: AbortSignal;
  /** Called with each event, one line each. */
  readonly say: (line: string) => void;
}
