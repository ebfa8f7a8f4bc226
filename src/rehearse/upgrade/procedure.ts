import type { RehearsedPlace } from '../place.ts';

/** The nodes to update, in the order that the docs prescribe (docs/updates.md). */
export interface Procedure {
  /** Masters and slaves that get another version. */
  readonly masters: readonly RehearsedPlace[];
  readonly slaves: readonly RehearsedPlace[];
  /** How many slaves are restarted at once. */
  readonly wave: number;
  /** Whether the first slave first tries the new version with a fault, and has to return from it. */
  readonly fallBack: boolean;
}

/** A step of the procedure: these nodes at once. */
export interface UpgradeStep {
  readonly kind: 'master' | 'fall-back' | 'wave';
  readonly nodes: readonly RehearsedPlace[];
}

/** The finished work, by names of nodes. */
export interface Progress {
  readonly updated: ReadonlySet<string>;
  readonly fellBack: ReadonlySet<string>;
}

/** The default number of slaves at a time: a third of them, so that the others have room for their tasks. */
export const defaultWave = (slaves: number): number => Math.max(1, Math.ceil(slaves / 3));

/**
 * The next step: masters one at a time, the current leader last; then one slave with a fault; then slaves in waves.
 * @param leader name of the master that leads now
 * @returns undefined when everything is done
 */
export function nextStep(
  { masters, slaves, wave, fallBack }: Procedure,
  { updated, fellBack }: Progress,
  leader: string,
): UpgradeStep | undefined {
  const left = ({ name }: RehearsedPlace): boolean => !updated.has(name);
  const mastersLeft = masters.filter(left);
  const master = mastersLeft.find(({ name }) => name !== leader) ?? mastersLeft[0];
  if (master !== undefined) return { kind: 'master', nodes: [master] };
  const slavesLeft = slaves.filter(left);
  const [first] = slavesLeft;
  if (first === undefined) return undefined;
  if (fallBack && fellBack.size === 0) return { kind: 'fall-back', nodes: [first] };
  return { kind: 'wave', nodes: slavesLeft.slice(0, wave) };
}
