import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Spec } from './cluster-spec/schema.ts';
import { locatedError, type LocatedFile } from './yaml/located-error.ts';

/**
 * Returns the suites that images/ knows, sorted: each has a folder below suites/.
 * @param imagesFolder absolute
 */
export async function knownSuites(imagesFolder: string): Promise<readonly string[]> {
  const found = await readdir(join(imagesFolder, 'suites'), { withFileTypes: true });
  return found
    .filter((one) => one.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Checks that images/ knows the suite of a spec: what depends on a suite, such as its Java, is only there.
 * @throws IngotError wrong-spec with the place of the suite
 */
export async function checkSuite({ base }: Spec, file: LocatedFile, imagesFolder: string): Promise<void> {
  const known = await knownSuites(imagesFolder);
  if (known.includes(base.suite)) return;
  throw locatedError(
    file,
    [
      {
        path: ['base', 'suite'],
        message: `ingot does not know the suite ${base.suite}: what a node needs of it is unknown`,
        right: known.join(' or '),
      },
    ],
    'docs/images.md explains how a suite is added.',
  );
}
