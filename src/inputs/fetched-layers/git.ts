import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userEnvironment } from '../../host/environment.ts';
import type { Host, RunResult } from '../../host/host.ts';
import { layerPrograms, requirePrograms } from '../../host/required-programs.ts';
import { withoutUser } from '../url/canonical-url.ts';
import { credentialsOf } from '../url/credentials.ts';
import { largestTar } from './decompress.ts';
import { treeLimits } from './tree-writer.ts';

/** A bare repository of its own, in which nothing of what is fetched is run. */
export interface Git {
  /** The address without its credentials. */
  readonly address: string;
  readonly run: (args: readonly string[], accept?: readonly number[]) => Promise<RunResult>;
}

export interface GitOptions {
  /** Absolute; it is created. */
  readonly folder: string;
  /** With its credentials. */
  readonly address: string;
  readonly signal: AbortSignal;
}

/**
 * Settings that a repository, or this machine, could otherwise set: no hooks, no submodules, no background work, and an
 * end for a server that says nothing.
 */
const settings: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['fetch.writeCommitGraph', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
];

/** Attributes above those of the repository (gitattributes(5)): every file as it is stored. */
const attributes = '* -text -eol -crlf -ident -filter -working-tree-encoding -export-ignore -export-subst\n';

/** Writes the credentials of an address into a file of the run, and returns the settings with which git finds them. */
async function credentialSettings({ address, folder }: GitOptions): Promise<(readonly [string, string])[]> {
  const credentials = credentialsOf(address);
  if (credentials === undefined) return [];
  const { login, password } = credentials;
  const file = join(folder, 'credentials');
  const [scheme = '', rest = ''] = withoutUser(address).split('://');
  const user = [login, password].map(encodeURIComponent).join(':');
  await writeFile(file, `${scheme}://${user}@${rest}\n`, { mode: 0o600 });
  return [
    // An empty helper forgets those of this machine: the spec has said which credentials to use.
    ['credential.helper', ''],
    ['credential.helper', `store --file='${file.replaceAll("'", String.raw`'\''`)}'`],
    // They are for this repository only, and not for another one on the same host.
    ['credential.useHttpPath', 'true'],
  ];
}

/**
 * Creates an empty repository from which the address can be fetched. git reads the settings of this machine and its
 * user, for proxies, certificates and credentials.
 * @throws IngotError missing-program without git
 */
export async function openGit(host: Host, options: GitOptions): Promise<Git> {
  requirePrograms(layerPrograms.filter(({ program }) => program === 'git'));
  const { folder, address, signal } = options;
  await mkdir(folder, { mode: 0o700 });
  const repository = join(folder, 'repository');
  const all = [...settings, ...(await credentialSettings(options))];
  const env = {
    ...userEnvironment(process.env),
    GIT_DIR: repository,
    GIT_TERMINAL_PROMPT: '0',
    // No helper programs for other protocols: ext:: would run a command.
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(
      all.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
  const most = `--fsize=${4 * largestTar(treeLimits)}`;
  const run: Git['run'] = (args, accept = [0]) =>
    host.run('prlimit', [most, '--', 'git', ...args], { env, signal, accept, cwd: folder });
  await run(['init', '--quiet', '--bare', '--template=', repository]);
  await mkdir(join(repository, 'info'), { recursive: true });
  await writeFile(join(repository, 'info', 'attributes'), attributes);
  return { address: /^(?:https?|git):/i.test(address) ? withoutUser(address) : address, run };
}
