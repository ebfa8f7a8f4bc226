import type { StarterAnswers } from './starter-spec.ts';

const longestName = 32;
const nameWithoutLetters = 'demo';

/**
 * Returns the name of a cluster for the name of a folder: lower case letters, digits and hyphens, at most 32.
 * @returns "demo" if nothing is left of the name
 */
export function clusterNameFor(folderName: string): string {
  const name = folderName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, longestName)
    .replace(/-+$/, '');
  return name === '' ? nameWithoutLetters : name;
}

/** Returns the answers that `ingot init --yes` uses for a folder with this name. */
export const defaultAnswers = (folderName: string): StarterAnswers => ({
  cluster: clusterNameFor(folderName),
  masters: ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
  mesos: 'clusterd',
  operator: undefined,
});
