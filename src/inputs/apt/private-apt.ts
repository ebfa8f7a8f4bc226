import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Credentials } from '../url/credentials.ts';
import { authConf } from './apt-auth.ts';
import type { AptSettings } from './apt-conf.ts';

/**
 * What is not taken from this machine's `Acquire` settings: whom to trust and what is still valid (the spec says that), and which indexes are read
 * in which form. docs/lock.md has the same list.
 */
const leftOut =
  /^Acquire::(?:Allow[^:]*|Check-[^:]*|M(?:ax|in)-[^:]*|gpgv|IndexTargets|Languages|GzipIndexes|CompressionTypes|PDiffs|Changelogs|cdrom|By-Hash|Source-Symlinks)(?:::|$)/i;

/** How this machine reaches the network (apt.conf(5), "THE ACQUIRE GROUP"): proxies, certificates, timeouts and the like, all of them. */
export async function networkSettings(host: Host): Promise<AptSettings> {
  const { stdout } = await host.run('apt-config', ['dump', '--format', '%F\t%V%n', 'Acquire']);
  return stdout
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([name = '', value = '']) => name.startsWith('Acquire::') && value !== '' && !leftOut.test(name))
    .map(([name = '', value = '']) => [
      name,
      // %V escapes byte by byte.
      Buffer.from(
        value.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) =>
          String.fromCharCode(Number.parseInt(digits, 16)),
        ),
        'latin1',
      ).toString(),
    ]);
}

/**
 * The settings of an apt that knows of this machine only how it reaches the network and who it is there. Credentials are written into a file of its
 * own that only this user can read (apt_auth.conf(5)), and are in no argument of a program.
 * @param folder absolute, a plain path; it is made
 * @param credentials that URLs of the spec or of this machine's sources hold
 * @throws IngotError wrong-source for credentials that apt cannot be given
 */
export async function privateAptSettings(
  host: Host,
  folder: string,
  credentials: readonly Credentials[],
): Promise<AptSettings> {
  for (const name of ['etc/none', 'lists/partial', 'cache/archives/partial', 'log'])
    await mkdir(join(folder, name), { recursive: true });
  const auth = join(folder, 'etc/auth.conf');
  // The machine's own file cannot be named as well.
  const ofTheMachine = await readFile('/etc/apt/auth.conf', 'utf8').catch(() => '');
  await writeFile(auth, `${authConf(credentials)}${ofTheMachine}`, { mode: 0o600 });
  return [
    ['Acquire::Retries', '3'],
    ...(await networkSettings(host)),
    ['Dir', folder],
    ['Dir::State', folder],
    ['Dir::State::status', join(folder, 'status')],
    ['Dir::State::lists', join(folder, 'lists')],
    ['Dir::State::extended_states', join(folder, 'extended_states')],
    ['Dir::Cache', join(folder, 'cache')],
    ['Dir::Log', join(folder, 'log')],
    ['Dir::Etc', join(folder, 'etc')],
    ['Dir::Etc::main', '/dev/null'],
    ['Dir::Etc::parts', join(folder, 'etc/none')],
    ['Dir::Etc::netrc', auth],
    ['Dir::Etc::netrcparts', '/etc/apt/auth.conf.d'],
    ['APT::Sandbox::User', 'root'],
  ];
}
