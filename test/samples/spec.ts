import { IngotError } from '../../src/host/ingot-error.ts';

/** The smallest valid spec; more lines can be appended. */
export const smallSpec = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos:
  deb: debs/mesos.deb
marathon:
  deb: debs/marathon.deb
`;

/** The IngotError that the work throws; the test fails if it does anything else. */
export function ingotErrorOf(work: () => unknown): IngotError {
  try {
    work();
  } catch (error) {
    if (error instanceof IngotError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
