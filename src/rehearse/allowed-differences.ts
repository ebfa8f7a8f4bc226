import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../host/project-folder.ts';
import { type AllowedDifference, parseAllowedDifferences } from './compare/allowed.ts';

async function read(path: string): Promise<AllowedDifference[]> {
  return parseAllowedDifferences(await readFile(join(projectFolder, path), 'utf8'), path);
}

/**
 * The differences that are allowed between two nodes of one role: those for every cluster, and those for this
 * scheduler.
 * @throws IngotError wrong-images if a file of images/ has errors
 */
export async function allowedDifferences(scheduler: string): Promise<AllowedDifference[]> {
  const ofEvery = await read('images/node-differences.yaml');
  if (scheduler === 'none') return ofEvery;
  return [...ofEvery, ...(await read(`images/schedulers/${scheduler}/node-differences.yaml`))];
}
