import { derivedPlants } from './derived-plants.ts';
import { fixedPlants } from './fixed-plants.ts';
import { forbiddenPlants } from './forbidden-plants.ts';
import type { Plant } from './plant.ts';
import { runningPlants } from './running-plants.ts';

/** All drifts, in the order in which the tests plant them. */
export const plants: readonly Plant[] = [
  ...forbiddenPlants,
  ...fixedPlants,
  ...derivedPlants,
  ...runningPlants,
];

/**
 * Names of plants that interfere with each other: a file that is changed and deleted, a process that loses its socket.
 */
export const apart: ReadonlySet<string> = new Set([
  'a stopped unit with a job after the boot has ended',
  'a unit without a job during the boot',
  'another version of a package',
  'a recreated folder',
  'a deleted folder',
  'a file that became a link',
  'a changed program',
  'another extended attribute',
  'a deleted derived file',
  'a deleted file of the seed',
  'a program of the seed that other users may write',
  'a derived file outside the overlay',
  'a network of kernel arguments that are not set',
  'another seed',
  'a changed sudo rule',
  'a masked unit',
  'a command before the key of ops',
  'another mode',
  'a shadow file that all may read',
  'a repeated kernel argument',
  'a root that the kernel does not verify',
  'a root with another hash',
  'a second mount over the state',
  'a stopped unit',
  'a capability',
]);
