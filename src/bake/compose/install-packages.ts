import { debName, type PooledDeb } from '../../inputs/pool/flat-repository.ts';
import { pooledPath } from '../../inputs/pool/pool.ts';
import { excludedFiles } from './excluded-files.ts';
import { type FixedUser, reserveUsers } from './fixed-users.ts';
import type { DpkgStep } from './package-order.ts';
import { plainInTree, poolInTree } from './run-in-tree.ts';

/** What is installed on a tree. */
export interface Installation {
  readonly debs: readonly PooledDeb[];
  /** The digests of those that are decompressed at plainInTree. */
  readonly plain: ReadonlySet<string>;
  /** The order of the packages. */
  readonly steps: readonly DpkgStep[];
  /** Answers for debconf-set-selections, set before the packages are installed; may be empty. */
  readonly debconf: string;
  /** Users created before the packages are installed, so that no package takes their numbers. */
  readonly users: readonly FixedUser[];
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Where the .debs have their names in the tree while dpkg runs; dpkg's messages name the files. */
const debsFolder = '/dev/ingot-debs';

const dpkg = ['dpkg', '--force-unsafe-io', ...excludedFiles.map((line) => `--${line}`)].map(quoted).join(' ');

/**
 * Commands of shell for a tree, in order: prepare it, unpack and configure the packages with dpkg in the given order,
 * and check that dpkg finds nothing unfinished. The pool is at poolInTree.
 */
export function installingPackages({ debs, plain, steps, debconf, users }: Installation): string[] {
  const byName = new Map(debs.map((deb) => [deb.name, deb]));
  const argumentsOf = ({ action, packages }: DpkgStep) =>
    packages.map((name) => {
      const deb = byName.get(name);
      return quoted(action === 'configure' || deb === undefined ? name : `${debsFolder}/${debName(deb)}`);
    });
  return [
    // update-alternatives links manual pages of Java there, which fails without the folders.
    'mkdir -p /usr/share/man/man1 /usr/share/man/man8',
    ...(users.length === 0 ? [] : ["echo 'users: sh'", `printf %s ${quoted(reserveUsers(users))} | sh`]),
    ...(debconf === ''
      ? []
      : ["echo 'debconf: debconf-set-selections'", `printf %s ${quoted(debconf)} | debconf-set-selections`]),
    "echo 'packages: dpkg'",
    `mkdir ${debsFolder}`,
    ...debs.map((deb) => {
      const folder = plain.has(deb.sha256) ? plainInTree : poolInTree;
      return `ln -s ${pooledPath(folder, deb.sha256)} ${quoted(`${debsFolder}/${debName(deb)}`)}`;
    }),
    ...steps.map((step) => `${dpkg} --${step.action} ${argumentsOf(step).join(' ')}`),
    // Triggers that packages of the shared tree are interested in.
    'dpkg --configure --pending',
    'unfinished=$(dpkg --audit)',
    'if [ -n "$unfinished" ]; then echo "$unfinished" >&2; exit 1; fi',
  ];
}
