import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, RunResult } from '../../host/host.ts';
import { aptConf, type AptSettings } from '../apt/apt-conf.ts';
import { privateAptSettings } from '../apt/private-apt.ts';
import { aptSourcesFile } from '../plan/apt-sources-file.ts';
import type { AptSource } from '../plan/plan.ts';
import type { Credentials } from '../url/credentials.ts';
import { type KeyedSource, placeSources } from './source-keys.ts';

/** An apt that knows nothing about this machine except what it is given here. */
export interface AptFolder {
  /** Its sources as it reads them, in the order in which they were given. */
  readonly placed: readonly AptSource[];
  /** Absolute folder of preferences in the format of apt_preferences(5). */
  readonly preferences: string;
  /**
   * Reads the indexes of its sources and checks their signatures. Returns apt's output and whether all of them were
   * read.
   */
  update(): Promise<RunResult>;
  /** Makes apt treat these stanzas as installed from now on; text of dpkg's status file. */
  setInstalled(status: string): Promise<void>;
  /** Runs a program of apt with this configuration. */
  run(program: string, args: readonly string[], accept?: readonly number[]): Promise<RunResult>;
}

export interface AptFolderOptions {
  readonly sources: readonly KeyedSource[];
  /** Sources that ingot wrote itself; they come last. */
  readonly own: readonly AptSource[];
  readonly credentials: readonly Credentials[];
  readonly architecture: string;
  /** Absolute folder in which indexes are kept between runs, so that only those that changed are fetched. */
  readonly warm?: string;
  readonly signal?: AbortSignal;
}

function solverSettings(folder: string, architecture: string): AptSettings {
  return [
    ['Dir::Etc::sourcelist', join(folder, 'etc/apt.sources')],
    ['Dir::Etc::sourceparts', join(folder, 'etc/none')],
    ['Dir::Etc::preferences', '/dev/null'],
    ['Dir::Etc::preferencesparts', join(folder, 'etc/preferences.d')],
    ['Dir::Etc::trusted', '/etc/apt/trusted.gpg'],
    ['Dir::Etc::trustedparts', '/etc/apt/trusted.gpg.d'],
    ['APT::Architecture', architecture],
    ['APT::Architectures::', architecture],
    ['APT::Install-Recommends', 'false'],
    ['APT::Install-Suggests', 'false'],
    ['pkgCacheGen::ForceEssential', ','],
    ['Acquire::Languages', 'none'],
    ['Acquire::GzipIndexes', 'false'],
    ['Acquire::IndexTargets::deb::DEP-11::DefaultEnabled', 'false'],
    ['Acquire::AllowInsecureRepositories', 'false'],
    ['Acquire::AllowDowngradeToInsecureRepositories', 'false'],
    ['Acquire::AllowWeakRepositories', 'false'],
  ];
}

/** Keeps the lists for the next run. If two processes do this at the same time, one of them succeeds. */
async function keepWarm(lists: string, warm: string): Promise<void> {
  const own = `${warm}.${process.pid}`;
  await mkdir(join(warm, '..'), { recursive: true });
  try {
    await cp(lists, own, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    await rm(warm, { recursive: true, force: true });
    await rename(own, warm);
  } catch {
    // The next lock fetches them again. That costs time but nothing else.
    await rm(own, { recursive: true, force: true });
  }
}

/**
 * Creates a private apt.
 * @param folder absolute, a plain path; it is created here
 * @throws IngotError wrong-source for credentials that apt cannot be given
 */
export async function makeAptFolder(
  host: Host,
  folder: string,
  options: AptFolderOptions,
): Promise<AptFolder> {
  const preferences = join(folder, 'etc/preferences.d');
  await mkdir(preferences, { recursive: true });
  const config = join(folder, 'apt.conf');
  const settings = await privateAptSettings(host, folder, options.credentials);
  await writeFile(config, aptConf([...settings, ...solverSettings(folder, options.architecture)]));
  await writeFile(join(folder, 'status'), '');
  const placed = await placeSources(options.sources, join(folder, 'sources'));
  await writeFile(join(folder, 'etc/apt.sources'), aptSourcesFile([...placed, ...options.own]));
  const { warm } = options;
  const lists = join(folder, 'lists');
  if (warm !== undefined) {
    // Another process may be replacing them. In that case everything is fetched.
    await cp(warm, lists, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }).catch(
      async () => {
        await rm(lists, { recursive: true });
        await mkdir(join(lists, 'partial'), { recursive: true });
      },
    );
  }
  const run: AptFolder['run'] = (program, args, accept = [0]) =>
    host.run(program, args, {
      env: { APT_CONFIG: config },
      accept,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  return {
    placed,
    preferences,
    run,
    update: async () => {
      const result = await run('apt-get', ['update', '--error-on=any'], [0, 100]);
      if (result.exitCode === 0 && warm !== undefined) await keepWarm(lists, warm);
      return result;
    },
    setInstalled: (status) => writeFile(join(folder, 'status'), status),
  };
}
