import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { allRoles, type Role } from '../../inputs/roles.ts';
import { readListedFiles } from './read-listed-files.ts';
import type { LinkedFile } from './version-facts.ts';

/** A path as a relative link, each part percent-encoded. */
export const hrefOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** What the logs of a run hold, by the beginning of their names; docs/store.md has the same table. */
const meanings: readonly (readonly [start: string, text: string])[] = [
  ['console-verify-', 'serial console of the boot test'],
  ['qemu-verify-', "QEMU's messages during the boot test"],
  ['console-', 'serial console'],
  ['compose-', 'output of mmdebstrap and of what runs in the tree'],
  ['cache-', 'output of the archives for the cache'],
  ['packer.log', "Packer's log"],
  ['events.ndjson', 'the steps in the build guest'],
  ['report.json', 'the result of the bake'],
  ['plan.json', 'the plan of the bake'],
  ['programs.json', 'versions of the programs'],
];

/** Files of the version folder, with their digests as SHA256SUMS lists them. */
export async function versionLinks(folder: string): Promise<LinkedFile[]> {
  return (await readListedFiles(folder)).map(({ name, bytes, sha256 }) => ({
    href: hrefOf(`${basename(folder)}/${name}`),
    ...{ name, bytes, text: sha256 ?? '' },
  }));
}

/** The logs of a run that concern a role, for a report in the folder of the role; empty if the run is gone. */
export async function logLinks(out: string, run: string, role: Role): Promise<LinkedFile[]> {
  const folder = join(out, 'runs', run, 'logs');
  const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const others = allRoles.filter((one) => one !== role);
  const own = names
    .filter((one) => one.isFile())
    .map(({ name }) => name)
    .filter((name) => !others.some((other) => new RegExp(`-${other}(-|\\.)`).test(name)));
  return Promise.all(
    own.sort().map(async (name) => ({
      href: hrefOf(`../runs/${run}/logs/${name}`),
      name,
      bytes: (await stat(join(folder, name))).size,
      text: meanings.find(([start]) => name.startsWith(start))?.[1] ?? '',
    })),
  );
}
