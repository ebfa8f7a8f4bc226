import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { sha256File } from '../../../src/host/sha256-file.ts';
import { parsePrivateKey } from '../../../src/version/keys.ts';
import { rehearsalsFolder, writeRehearsal } from '../../../src/version/rehearsal/rehearsals.ts';
import { rehearsalStatement } from '../../../src/version/rehearsal/statement.ts';
import { signSums } from '../../../src/version/sign-version.ts';
import { keySigner } from '../../../src/version/signer.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { fakeWorld } from '../../samples/world.ts';
import { makeWholeVersion, type WholeVersion, writeKey } from '../version/whole-version.ts';

/** Milliseconds of a day. */
export const day = 86_400_000;

let work = '';
/** Two versions of a slave without stand-ins, signed with the key release. Both have the same lock. */
export let versions: readonly [WholeVersion, WholeVersion];

/** Signs with a key of the folder. */
export async function signerNamed(name: string) {
  return keySigner(parsePrivateKey(await readFile(join(work, `${name}.pem`), 'utf8'), name));
}

async function signedVersion(mark: string): Promise<WholeVersion> {
  const planted = { script: `echo ${mark} > etc/mark` };
  const version = await makeWholeVersion(join(work, mark), join(work, 'out'), planted);
  const boot = join(version.folder, 'boot.json');
  await writeFile(boot, (await readFile(boot, 'utf8')).replace('"production": false', '"production": true'));
  await writeFile(
    join(version.folder, 'sbom.cdx.json'),
    JSON.stringify({
      components: [
        { type: 'operating-system', name: 'debian', version: '12' },
        { type: 'library', name: 'libssl3', version: '3.0.1-1', purl: 'pkg:deb/debian/libssl3@3.0.1-1' },
      ].map((one) =>
        one.type === 'library'
          ? {
              ...one,
              properties: [
                { name: 'aquasecurity:trivy:SrcName', value: 'openssl' },
                { name: 'aquasecurity:trivy:SrcVersion', value: '3.0.1' },
                { name: 'aquasecurity:trivy:SrcRelease', value: '1' },
              ],
            }
          : one,
      ),
    }),
  );
  const { payload } = await writeSums(version.folder);
  await signSums(version.folder, await signerNamed('release'), payload);
  return version;
}

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'ingot-test-'));
  await writeKey(work, 'release');
  await writeKey(work, 'other');
  for (const mark of ['one', 'two']) await mkdir(join(work, mark));
  versions = [await signedVersion('one'), await signedVersion('two')];
});
afterAll(() => rm(work, { recursive: true, force: true }));

/** A copy of the store, in which a test may change everything, with commands that run in it. */
export interface CopiedStore {
  /** The folder with out/, release.pem, other.pem and state/. */
  readonly folder: string;
  /** Runs ingot at a time; milliseconds since 1970. */
  readonly ingotAt: (now: number, ...args: string[]) => ReturnType<typeof runIngot>;
  /** Runs ingot now. */
  readonly ingot: (...args: string[]) => ReturnType<typeof runIngot>;
}

async function runIngot(folder: string, now: number, env: Record<string, string>, args: readonly string[]) {
  const warnings: string[] = [];
  const { world, out, err } = fakeWorld({
    cwd: folder,
    env: { INGOT_STATE: join(folder, 'state'), ...env },
    host: { ...makeHost(), now: () => now, warn: (text) => warnings.push(text) },
  });
  return { exitCode: await commandLine(world, args), out: out(), err: [err(), ...warnings].join('\n') };
}

/** Gives the work a copy of the store. */
export async function withStore(
  use: (store: CopiedStore) => Promise<void>,
  env: (folder: string) => Record<string, string> = () => ({}),
): Promise<void> {
  const folder = await mkdtemp(join(work, 'copy-'));
  for (const name of ['out', 'release.pem', 'release.pub.pem', 'other.pem', 'other.pub.pem'])
    execFileSync('cp', ['-a', join(work, name), folder]);
  const ingotAt = (now: number, ...args: string[]) => runIngot(folder, now, env(folder), args);
  try {
    await use({ folder, ingotAt, ingot: (...args) => ingotAt(Date.now(), ...args) });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Puts a signed statement next to a version of a copy: that it passed drills. */
export async function rehearsed(
  { folder }: CopiedStore,
  { version, rootHash }: WholeVersion,
  key = 'release',
): Promise<void> {
  const place = join(folder, 'out', 'slave', version);
  const statement = rehearsalStatement(
    { sha256: await sha256File(join(place, 'root.squashfs')), rootHash },
    {
      role: 'slave',
      versions: { master: { version: 'm', rootHash: 'a'.repeat(64) }, slave: { version, rootHash } },
      cluster: {
        ...{ masters: 3, slaves: 2, accelerator: 'kvm', layout: 'mesosphere', scheduler: 'marathon' },
        production: true,
      },
      settings: [],
      drills: [{ name: 'rise', result: 'passed', seconds: 1, saw: '' }],
      finishedOn: '2026-11-30T08:00:00.000Z',
    },
  );
  await rm(rehearsalsFolder(place), { recursive: true, force: true });
  await writeRehearsal(place, statement, await signerNamed(key));
}

/** Signs a version again, with a statement that it does not have CVE-2026-1. */
export async function stated(place: string): Promise<void> {
  const statement = {
    vulnerability: { name: 'CVE-2026-1' },
    products: [{ '@id': 'pkg:deb/debian/libssl3@3.0.1-1' }],
    status: 'not_affected',
    status_notes: 'the package x is not in the root',
    justification: 'component_not_present',
  };
  const document = { '@context': 'https://openvex.dev/ns/v0.2.0', statements: [statement] };
  await writeFile(join(place, 'vex.openvex.json'), JSON.stringify(document));
  await rm(join(place, 'SHA256SUMS.dsse'));
  const { payload } = await writeSums(place);
  await signSums(place, await signerNamed('release'), payload);
}
