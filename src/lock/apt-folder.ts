import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, RunResult } from '../host/host.ts';
import { aptSourcesFile } from '../plan/apt-sources-file.ts';
import type { AptSource } from '../plan/plan.ts';

/** An apt that knows of nothing on this machine but what it is given here. */
export interface AptFolder {
  /** Absolute path of its configuration (apt.conf(5)), for APT_CONFIG. */
  readonly config: string;
  /** Absolute folder of preferences, as apt_preferences(5) has them. */
  readonly preferences: string;
  /** Reads the indexes of its sources, signatures checked. */
  update(): Promise<void>;
  /** Says from now on that these stanzas are installed; text of dpkg's status file. */
  setInstalled(status: string): Promise<void>;
  /** Runs a program of apt with this configuration. */
  run(program: string, args: readonly string[], accept?: readonly number[]): Promise<RunResult>;
}

export interface AptFolderOptions {
  readonly sources: readonly AptSource[];
  readonly architecture: string;
  /** Absolute folder where indexes are kept from one time to the next, so that only what changed is fetched. */
  readonly warm?: string;
  readonly signal?: AbortSignal;
}

const folders = [
  'lists/partial',
  'cache/archives/partial',
  'etc/none',
  'etc/preferences.d',
  'etc/auth.conf.d',
  'log',
];

/** How this machine reaches the network: proxies and the like, which only its own configuration knows. */
async function networkSettings(host: Host): Promise<string> {
  const { stdout } = await host.run('apt-config', ['dump', '--format', '%F "%v";%n', 'Acquire']);
  return stdout
    .split('\n')
    .filter((line) => /^Acquire::https?::(?!Dl-Limit)[^"]* ".+";$/i.test(line))
    .join('\n');
}

function configuration(folder: string, architecture: string, network: string): string {
  return `${network}
Dir "${folder}";
Dir::State "${folder}";
Dir::State::status "${folder}/status";
Dir::State::lists "${folder}/lists";
Dir::State::extended_states "${folder}/extended_states";
Dir::Cache "${folder}/cache";
Dir::Log "${folder}/log";
Dir::Etc "${folder}/etc";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "${folder}/etc/none";
Dir::Etc::sourcelist "${folder}/etc/apt.sources";
Dir::Etc::sourceparts "${folder}/etc/none";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "${folder}/etc/preferences.d";
Dir::Etc::trusted "/etc/apt/trusted.gpg";
Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Sandbox::User "root";
pkgCacheGen::ForceEssential ",";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::GzipIndexes "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
`;
}

/** Keeps the lists for the next time; of two that do so at once, one does. */
async function keepWarm(lists: string, warm: string): Promise<void> {
  const own = `${warm}.${process.pid}`;
  await mkdir(join(warm, '..'), { recursive: true });
  await cp(lists, own, { recursive: true, preserveTimestamps: true });
  await rm(warm, { recursive: true, force: true });
  await rename(own, warm).catch(() => rm(own, { recursive: true, force: true }));
}

/**
 * Makes a private apt.
 * @param folder absolute; made here
 */
export async function makeAptFolder(
  host: Host,
  folder: string,
  options: AptFolderOptions,
): Promise<AptFolder> {
  for (const name of folders) await mkdir(join(folder, name), { recursive: true });
  const config = join(folder, 'apt.conf');
  await writeFile(config, configuration(folder, options.architecture, await networkSettings(host)));
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'etc/apt.sources'), aptSourcesFile(options.sources));
  const { warm } = options;
  const lists = join(folder, 'lists');
  if (warm !== undefined) {
    // Another process may be replacing them: then all is fetched.
    await cp(warm, lists, { recursive: true, preserveTimestamps: true }).catch(async () => {
      await rm(lists, { recursive: true });
      await mkdir(join(lists, 'partial'), { recursive: true });
    });
  }
  const run: AptFolder['run'] = (program, args, accept = [0]) =>
    host.run(program, args, {
      env: { APT_CONFIG: config },
      accept,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  return {
    config,
    preferences: join(folder, 'etc/preferences.d'),
    run,
    update: async () => {
      await run('apt-get', ['update', '--error-on=any']);
      if (warm !== undefined) await keepWarm(lists, warm);
    },
    setInstalled: (status) => writeFile(join(folder, 'status'), status),
  };
}
