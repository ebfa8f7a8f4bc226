import { loadSpec } from './load-spec.ts';
import { placeFaults } from './yaml/place-faults.ts';
import { SpecFaults } from './yaml/spec-faults.ts';

/**
 * Runs work that may find faults in what a spec names, and shows them at their places in the spec.
 * @throws IngotError with the code of the SpecFaults, and with file, line and column in place of SpecFaults
 */
export async function withPlaces<T>(specFile: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SpecFaults)) throw error;
    const { text, folder } = await loadSpec(specFile).catch(() => {
      throw error;
    });
    throw placeFaults(text, specFile, error, error.advice ?? `Relative paths begin at ${folder}.`);
  }
}
