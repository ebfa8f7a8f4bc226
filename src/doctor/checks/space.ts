import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { requireComposablePath } from '../../bake/compose/composable-path.ts';
import { buildBytes } from '../../bake/require-for-build.ts';
import { requireComposableMount } from '../../host/mount-options.ts';
import { allRoles } from '../../inputs/roles.ts';
import { type Finding, found, fromError, type HostCheck, ok } from '../finding.ts';

const gib = 1024 ** 3;
const sizeText = (bytes: number): string => `${(bytes / gib).toFixed(1)} GiB`;

/** A folder of ingot and the space that it needs in bytes. */
export interface SpaceNeed {
  readonly what: string;
  readonly folder: string;
  readonly needed: number;
  readonly free: number;
  /** Free inodes; 0 of 0 on a file system that does not count them. */
  readonly inodes: { readonly free: number; readonly all: number };
  /** Without the space, a bake fails; or it only keeps less. */
  readonly state: 'warning' | 'problem';
  /** How to name another folder. */
  readonly elsewhere: string;
}

const fewInodes = 100_000;

/** Returns whether a folder has the space that it needs. */
export function judgeSpace(need: SpaceNeed): Finding {
  const { what, folder, needed, free, inodes, state, elsewhere } = need;
  const has = `${what} ${folder} has ${sizeText(free)} free`;
  if (free < needed) return found('space', state, `${has}, and needs ${sizeText(needed)}`, elsewhere);
  if (inodes.all > 0 && inodes.free < fewInodes)
    return found(
      'space',
      state,
      `${what} ${folder} can take only ${inodes.free} more files (inodes)`,
      elsewhere,
    );
  return ok('space', has);
}

/** Returns a folder, or the next one above it that exists. */
async function existing(folder: string): Promise<string> {
  return access(folder).then(
    () => folder,
    () => (dirname(folder) === folder ? folder : existing(dirname(folder))),
  );
}

/** The space and the mount options where a bake writes. */
export const checkSpace: HostCheck = async (_, { out, pool, cache }) => {
  const needs = [
    { what: 'the store', folder: out, needed: buildBytes(allRoles.length), elsewhere: '--out FOLDER' },
    { what: 'the pool', folder: pool, needed: 2 * gib, elsewhere: 'INGOT_POOL=FOLDER' },
    { what: 'the cache', folder: cache, needed: 4 * gib, elsewhere: 'INGOT_CACHE=FOLDER' },
  ];
  const findings: Finding[] = [];
  for (const { elsewhere, ...need } of needs) {
    const place = await existing(need.folder);
    const { bavail, bsize, ffree, files } = await statfs(place);
    const remedy = `ingot gc frees the cache and old versions; or use another file system: ${elsewhere}`;
    findings.push(
      judgeSpace({
        ...need,
        free: bavail * bsize,
        inodes: { free: ffree, all: files },
        state: need.folder === cache ? 'warning' : 'problem',
        elsewhere: remedy,
      }),
    );
    if (process.getuid?.() === 0)
      await access(place, constants.W_OK).catch(() =>
        findings.push(found('space', 'problem', `${need.what} ${need.folder} cannot be written`, elsewhere)),
      );
  }
  try {
    requireComposablePath(out);
    await requireComposableMount(await existing(out));
  } catch (error) {
    findings.push(fromError('space', error));
  }
  return findings;
};
