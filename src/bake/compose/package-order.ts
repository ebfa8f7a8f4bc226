import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { openPlainFolder } from '../../host/plain-paths.ts';
import { debName, type PooledDeb } from '../../inputs/pool/flat-repository.ts';
import { pooledPath } from '../../inputs/pool/pool.ts';
import { type ComposeOptions, programOptions } from './compose-options.ts';

/** One call of dpkg: what it does with these packages, in order. */
export interface DpkgStep {
  readonly action: 'unpack' | 'configure';
  /** Names of packages. */
  readonly packages: readonly string[];
}

const planned = /^(Inst|Conf) (\S+) \((\S+) .*\[(\S+?)\]\)/;

/** Parses what `apt-get --simulate` prints: the packages in the order in which dpkg has to unpack and configure them. */
export function parseSteps(lines: readonly string[]): DpkgStep[] {
  const steps: { action: DpkgStep['action']; packages: string[] }[] = [];
  for (const line of lines) {
    const [, what, name = ''] = planned.exec(line) ?? [];
    if (what === undefined) continue;
    const action = what === 'Inst' ? 'unpack' : 'configure';
    const last = steps.at(-1);
    if (last?.action === action) last.packages.push(name);
    else steps.push({ action, packages: [name] });
  }
  return steps;
}

/** The packages that apt's plan unpacks, as "name version architecture". */
function unpackedBy(lines: readonly string[]): Set<string> {
  const found = lines.flatMap((line) => {
    const [, what, name = '', version = '', architecture = ''] = planned.exec(line) ?? [];
    return what === 'Inst' ? [`${name} ${version} ${architecture}`] : [];
  });
  return new Set(found);
}

/** Nothing of the build host counts: no source, no preference, no hook, no other architecture. */
const aptSettings = [
  ...['Main', 'Parts', 'SourceList', 'SourceParts', 'Preferences', 'PreferencesParts'].map(
    (name) => `Dir::Etc::${name} "/dev/null";`,
  ),
  'Dir::Cache::pkgcache "";',
  'Dir::Cache::srcpkgcache "";',
  'APT::Install-Recommends "false";',
];

interface Ordered {
  readonly pool: string;
  readonly debs: readonly PooledDeb[];
  readonly architecture: string;
  /** Absolute path of the tree on which the packages will be installed; it is only read. */
  readonly tree: string;
  /** Absolute; created here. */
  readonly folder: string;
  readonly log: string;
}

/**
 * Returns the order in which dpkg can install packages on a tree, as apt plans it: what a package pre-depends on is
 * configured before the package is unpacked.
 * @throws IngotError command-failed if a dependency is missing or a package of the tree would have to change,
 *   wrong-pool if a .debs control data differ from the lock
 */
export async function packageOrder(
  host: Host,
  { pool, debs, architecture, tree, folder, log }: Ordered,
  options: ComposeOptions,
): Promise<DpkgStep[]> {
  if (debs.length === 0) return [];
  await mkdir(join(folder, 'state'), { recursive: true });
  for (const deb of debs) await symlink(pooledPath(pool, deb.sha256), join(folder, debName(deb)));
  const plain = await openPlainFolder(folder);
  try {
    const settings = [
      ...aptSettings,
      `Dir::State "${plain.path}/state";`,
      `APT::Architecture "${architecture}";`,
      `APT::Architectures { "${architecture}"; };`,
    ];
    await writeFile(join(folder, 'apt.conf'), settings.map((line) => `${line}\n`).join(''));
    const shown = await host.run(
      'apt-get',
      [
        ...['install', '--simulate', '--quiet', '--no-remove', '-o'],
        `Dir::State::status=${join(tree, 'var/lib/dpkg/status')}`,
        ...debs.map((deb) => `${plain.path}/${debName(deb)}`),
      ],
      { env: { APT_CONFIG: `${plain.path}/apt.conf` }, log, ...programOptions(options) },
    );
    const lines = shown.stdout.split('\n');
    requireLocked(lines, debs);
    return parseSteps(lines);
  } finally {
    await plain.close();
  }
}

/** Checks that the control data of each .deb matches its lock entry. */
function requireLocked(lines: readonly string[], debs: readonly PooledDeb[]): void {
  const found = unpackedBy(lines);
  const others = debs.filter(
    ({ name, version, architecture }) => !found.has(`${name} ${version} ${architecture}`),
  );
  if (others.length === 0 && found.size === debs.length) return;
  throw new IngotError({
    code: 'wrong-pool',
    message: 'packages of the pool do not match the lock:',
    excerpt: [
      ...others.map(({ label }) => `${label} is another package`),
      ...[...found].map((one) => `found: ${one}`),
    ],
    hint: 'the lock was changed by hand: restore it from version control, or make a new one with ingot lock SPEC --update',
  });
}
