import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandText } from '../../host/command-text.ts';
import type { Host } from '../../host/host.ts';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import { hostAptSources } from '../../inputs/apt/apt-sources.ts';
import { type Keyring, readKeyring } from '../../inputs/lock/openpgp/keyring.ts';
import type { AptSource } from '../../inputs/plan/plan.ts';
import { withoutCredentials } from '../../inputs/url/credentials.ts';
import { type DoctorScope, type Finding, found, fromError, type HostCheck, ok } from '../finding.ts';
import { judgeDates, judgeKeys, type ReleaseDates, releaseDates } from './apt-signatures.ts';
import { type FetchedRelease, fetchRelease } from './fetch-release.ts';

const trustedFolder = '/etc/apt/trusted.gpg.d';
const timeoutMs = 20_000;

/** The key files that apt accepts for a source. */
async function keyFiles(source: AptSource): Promise<readonly string[]> {
  if (source.signedBy !== undefined) return [source.signedBy];
  const names = await readdir(trustedFolder).catch(() => []);
  return names.filter((name) => /\.(?:gpg|asc)$/.test(name)).map((name) => join(trustedFolder, name));
}

async function keyrings(files: readonly string[]): Promise<readonly Keyring[]> {
  const read = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file).catch(() => undefined);
      return bytes === undefined ? undefined : readKeyring(bytes);
    }),
  );
  return read.flatMap((one) => (one !== undefined && 'binary' in one ? [one] : []));
}

/** How to get newer keys: from the Debian package of the key file, or from the owner of the source. */
async function newerKeys(host: Host, files: readonly string[]): Promise<string> {
  const [file] = files;
  if (file === undefined) return 'name the key of the source with Signed-By: in /etc/apt/sources.list.d';
  const owner = await host.run('dpkg-query', ['--search', file], { accept: [0, 1] }).catch(() => undefined);
  const [name = ''] = owner?.stdout.split(':') ?? [];
  return name === ''
    ? `fetch the key again from its owner, who extends it under the same fingerprint: ${commandText(file, [])}`
    : `apt-get update && ${commandText('apt-get', ['install', '--only-upgrade', name])}`;
}

/** The fingerprints of the primary keys that have signed a file, expired ones as well (gpgv --status-fd). */
async function signersOf(
  host: Host,
  signed: readonly string[],
  rings: readonly Keyring[],
  folder: string,
): Promise<readonly string[]> {
  if (signed.length === 0) return [];
  const ring = join(folder, 'keyring.gpg');
  await writeFile(ring, Buffer.concat(rings.map(({ binary }) => binary)));
  const { stdout } = await host.run('gpgv', ['--status-fd', '1', '--keyring', ring, ...signed], {
    accept: [0, 1, 2],
  });
  const ids = [...stdout.matchAll(/^\[GNUPG:\] (?:GOODSIG|EXPKEYSIG|REVKEYSIG|EXPSIG) ([0-9A-F]+)/gm)];
  const keys = rings.flatMap((one) => one.keys);
  return ids.flatMap(
    ([, id = '']) => keys.find((key) => key.keyIds.includes(id.slice(-16)))?.fingerprint ?? [],
  );
}

interface SuiteResult {
  readonly findings: readonly Finding[];
  readonly dates: readonly ReleaseDates[];
}

/** How to get a newer key of a source that a spec names. */
function newerKeyOf({ signedBy }: AptSource): string {
  return signedBy === undefined
    ? 'name the key that signs the source in the spec (docs/spec.md)'
    : `fetch the key again from its owner, who extends it under the same fingerprint: ${commandText(signedBy, [])}`;
}

/** Whether a suite answers. */
function answerOf(name: string, release: FetchedRelease, { ofSpec }: DoctorScope): Finding {
  if ('text' in release) return ok('network', `${name} answers`);
  return found(
    'network',
    'problem',
    `${name} does not answer: ${release.failure}`,
    ofSpec === undefined
      ? 'apt-get update shows the same; a proxy is set as Acquire::http::Proxy in /etc/apt/apt.conf.d'
      : 'check the address in the spec; a proxy is set as Acquire::http::Proxy in /etc/apt/apt.conf.d',
  );
}

/** The dates of a list; the spec may allow that its time is over. */
function datesOf(name: string, text: string, { validUntil }: AptSource): ReleaseDates {
  const dates = releaseDates(name, text);
  return validUntil === false ? { ...dates, validUntil: undefined } : dates;
}

/** Examines the suites of one source. */
async function examineSource(host: Host, source: AptSource, scope: DoctorScope): Promise<SuiteResult> {
  const { network } = scope;
  const files = await keyFiles(source);
  const rings = await keyrings(files);
  const keys = rings.flatMap((one) => one.keys);
  const newer = scope.ofSpec === undefined ? await newerKeys(host, files) : newerKeyOf(source);
  const findings: Finding[] = [];
  const dates: ReleaseDates[] = [];
  for (const uri of source.uris)
    for (const suite of source.suites)
      await withTemporaryFolder(async (folder) => {
        const base = uri.replace(/\/+$/, '');
        const name = withoutCredentials(`${base} ${suite}`);
        const release = network ? await fetchRelease(host, { base, suite }, scope, folder) : undefined;
        if (release !== undefined) findings.push(answerOf(name, release, scope));
        const isRead = release !== undefined && 'text' in release;
        if (isRead) dates.push(datesOf(name, release.text, source));
        if (source.trusted === true)
          findings.push(ok('apt', `${name}: the spec trusts it without a signature`));
        else if (keys.length === 0 && source.preset?.keyUrl !== undefined)
          findings.push(ok('apt', `${name}: ingot lock fetches its key`));
        else {
          const signedBy = isRead ? await signersOf(host, release.signed, rings, folder) : undefined;
          findings.push(judgeKeys({ name, keys, signedBy, newerKeys: newer }, host.now()));
        }
      });
  return { findings, dates };
}

/** Whether this host keeps its clock (timedatectl(1)); undefined where systemd does not run. */
async function isSynchronised(host: Host): Promise<boolean | undefined> {
  const answer = await host
    .run('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeoutMs })
    .catch(() => undefined);
  return answer === undefined ? undefined : answer.stdout.trim() === 'yes';
}

/**
 * The apt sources that a bake uses, those of a spec or of this host: whether they answer, the keys that have signed them,
 * and this host's clock compared with theirs.
 */
export const checkApt: HostCheck = async (host, scope) => {
  const synchronised = await isSynchronised(host);
  const kept =
    synchronised === false
      ? [found('clock', 'warning', 'the clock of this host is not synchronised', 'timedatectl set-ntp true')]
      : [];
  try {
    const sources = scope.ofSpec?.sources ?? (await hostAptSources(host, scope.suite, scope.architecture));
    const results: SuiteResult[] = [];
    for (const source of sources) results.push(await examineSource(host, source, scope));
    const dates = results.flatMap((one) => one.dates);
    const wrong = judgeDates(dates, host.now());
    const right = wrong.some(({ check }) => check === 'clock')
      ? []
      : [
          ok(
            'clock',
            synchronised === true
              ? 'synchronised'
              : dates.length > 0
                ? 'not before the package sources'
                : 'not compared with another clock',
          ),
        ];
    return [...results.flatMap((one) => one.findings), ...wrong, ...kept, ...(kept.length > 0 ? [] : right)];
  } catch (error) {
    return [fromError('apt', error), ...kept];
  }
};
