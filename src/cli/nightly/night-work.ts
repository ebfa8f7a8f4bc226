import { createHash } from 'node:crypto';
import type { NightFacts } from '../../nightly/night.ts';
import type { Signer } from '../../version/signer.ts';
import type { World } from '../world.ts';
import type { NightlyInput } from './options.ts';

/** What all steps of a night work with. */
export interface NightWork {
  readonly world: World;
  readonly input: NightlyInput;
  /** Absolute path of the store. */
  readonly out: string;
  /** Absolute folder of the night. */
  readonly folder: string;
  readonly signer: Signer;
}

/** A digest of values, for the key of a step. */
export const keyOfValues = (...values: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('hex');

/** The images of a night, once it has baked. */
export function imagesOf({ images = [] }: NightFacts): NonNullable<NightFacts['images']> {
  return images;
}
