import { z } from 'zod';
import { IngotError } from '../../host/ingot-error.ts';
import { toolVersion } from '../tool-version.ts';

/** The key `ingot` of cluster.yaml: the version of ingot that the file was written for. */
export const writtenFor = z
  .string()
  .regex(/^\d+\.\d+(\.\d+)?$/)
  .meta({
    title: 'version of ingot',
    description: 'the version of ingot that the file was written for, in quotes; a newer file is refused',
    examples: ['0.1.0'],
  });

/** Major and minor number; before 1.0 a minor version may change what a key means (semver.org, item 4). */
type Release = readonly [major: number, minor: number];

const releaseOf = (version: string): Release => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return [major, minor];
};

/** Negative if the first release is older, positive if it is newer, 0 if files of both mean the same. */
function compare([major, minor]: Release, [otherMajor, otherMinor]: Release): number {
  if (major !== otherMajor) return major - otherMajor;
  return minor - otherMinor;
}

/**
 * Whether a file may have keys that this ingot does not know, or knows otherwise; read from the text, because such a
 * file may break every other rule.
 * @param text of cluster.yaml
 * @returns a hint for the errors of a file for an older ingot; undefined if it is for this one, or does not say so
 * @throws IngotError wrong-spec for a file that was written for a newer ingot
 */
export function checkWrittenFor(text: string, fileName: string, running = toolVersion): string | undefined {
  const found = /^ingot:[ \t]*(['"]?)(\d+\.\d+(?:\.\d+)?)\1[ \t]*(?:#.*)?\r?$/m.exec(text);
  const wanted = found?.[2];
  if (found === null || wanted === undefined) return undefined;
  const order = compare(releaseOf(wanted), releaseOf(running));
  if (order > 0) {
    const line = text.slice(0, found.index).split('\n').length;
    throw new IngotError({
      code: 'wrong-spec',
      message: `${fileName}:${line}: the file was written for ingot ${wanted}, and this is ingot ${running}`,
      hint: `install ingot ${wanted} or later; CHANGELOG.md lists what each version added to cluster.yaml`,
    });
  }
  return order === 0
    ? undefined
    : `the file was written for ingot ${wanted}, and this is ingot ${running}: CHANGELOG.md lists what changed in cluster.yaml between the two`;
}
