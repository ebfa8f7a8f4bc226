import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Credentials } from '../url/credentials.ts';
import { authConf } from './apt-auth.ts';
import type { AptSettings } from './apt-conf.ts';

/**
 * The `Acquire` settings that are not taken from this machine: what to trust and what is still valid (the spec decides
 * that), and which indexes are read in which form. docs/lock.md has the same list.
 */
const leftOut =
  /^Acquire::(?:Allow[^:]*|Check-[^:]*|M(?:ax|in)-[^:]*|gpgv|IndexTargets|Languages|GzipIndexes|CompressionTypes|PDiffs|Changelogs|cdrom|By-Hash|Source-Symlinks)(?:::|$)/i;

/**
 * Returns how this machine reaches the network (apt.conf(5), "THE ACQUIRE GROUP"): proxies, certificates, timeouts and
 * all similar settings.
 */
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
 * Returns the settings of an apt that uses only the network settings and credentials of this machine. Credentials are
 * written to a separate file that only this user can read (apt_auth.conf(5)), and never appear in the arguments of a
 * program.
 * @param folder absolute, a plain path; it is created
 * @param credentials those in URLs of the spec or of this machine's sources
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
  // apt accepts only one such file, so the machine's own file is appended.
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
