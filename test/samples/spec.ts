import { IngotError } from '../../src/host/ingot-error.ts';

/** The smallest spec that is right; more lines can be put after it. */
export const smallSpec = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos:
  deb: debs/mesos.deb
marathon:
  deb: debs/marathon.deb
`;

/** The IngotError that the work throws; anything else it does is a failure of the test. */
export function ingotErrorOf(work: () => unknown): IngotError {
  try {
    work();
  } catch (error) {
    if (error instanceof IngotError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
