import type { Role } from '../inputs/plan/plan.ts';
import type { SeedSettings } from '../inputs/plan/seed-settings.ts';
import type { QemuMachine } from '../vm/qemu-machine.ts';
import type { SeedFile } from '../vm/seed-disk.ts';
import type { AllowedDifference } from './compare/allowed.ts';
import type { WebServer } from './node-shell.ts';
import type { RehearsedPlace } from './place.ts';

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
  readonly cpusOfFew: number;
  /** Absolute path of a folder for temporary files, which must be short. */
  readonly workFolder: string;
  /** Absolute path of the folder that keeps consoles, samples and journals. */
  readonly logFolder: string;
  readonly keyFile: string;
  /** The server that nodes fetch new versions from. */
  readonly web?: WebServer;
  /** The texts of templates/rehearse/. */
  readonly watcher: string;
  readonly inventory: string;
  readonly container: string;
  /** The differences that are allowed between two nodes of a role. */
  readonly allowed: readonly AllowedDifference[];
  /** The settings in every node's seed besides masters and keys. */
  readonly settings: SeedSettings;
  /** The cluster seed for the node at this place, with a list of masters. */
  readonly seed: (place: RehearsedPlace, masters: readonly string[]) => Promise<readonly SeedFile[]>;
  readonly signal: AbortSignal;
  /** Called with each event, one line each. */
  readonly say: (line: string) => void;
}
