import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeImageBake } from '../../../src/bake/records/record-bake.ts';
import { commandLine } from '../../../src/cli/command-line.ts';
import { filesBelow } from '../../../src/host/files-below.ts';
import { parsePrivateKey } from '../../../src/version/keys.ts';
import { signSums } from '../../../src/version/sign-version.ts';
import { keySigner } from '../../../src/version/signer.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { rejection, sharedFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { makeWholeVersion, type WholeVersion, writeKey } from '../version/whole-version.ts';

const work = sharedFolder();
let whole: WholeVersion;
const run = '20261130T155234Z-6wwiqz';
const component = {
  ...{ 'bom-ref': 'a', name: 'libx', version: '1' },
  purl: 'pkg:deb/debian/libx@1?arch=amd64&distro=debian-12',
  properties: [{ name: 'ingot:bytes', value: '2000000' }],
};
const bom = { components: [component], dependencies: [] };

async function ingot(...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd: work() });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

const report = (): string => `${whole.folder}.report.html`;

/** The names and bytes of all files of the version. */
async function bytesOf(): Promise<Record<string, string>> {
  const names = await filesBelow(whole.folder);
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(whole.folder, name)).toString('base64')]),
  );
}

beforeAll(async () => {
  whole = await makeWholeVersion(work());
  const { privatePem } = await writeKey(work(), 'release');
  await writeFile(join(whole.folder, 'sbom.cdx.json'), JSON.stringify(bom));
  const { payload } = await writeSums(whole.folder);
  await signSums(whole.folder, keySigner(parsePrivateKey(privatePem, 'release')), payload);
  await symlink(whole.version, join(work(), 'out', 'slave', 'latest'));
  await mkdir(join(work(), 'out', 'runs', run, 'logs'), { recursive: true });
  await writeFile(join(work(), 'out', 'runs', run, 'logs', 'console-verify-slave.log'), 'Linux');
  await writeFile(join(work(), 'out', 'runs', run, 'logs', 'console-verify-master.log'), 'Linux');
});

describe('ingot history', () => {
  test('shows a version that was baked before there were reports', async () => {
    const { exitCode, out } = await ingot('history');
    expect(exitCode).toBe(0);
    expect(out).toContain(`${whole.version} (latest)`);
    expect(out).toContain('41.5 s (until ssh, emulated)');
  });

  test('--json is data of a named shape', async () => {
    const { out } = await ingot('history', '--json');
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      versions: [{ role: 'slave', version: whole.version, latest: true, packages: 0, bootSeconds: 41.5 }],
      left: [],
    });
  });

  test('--reports writes the report next to the version, and leaves its files and signature as they are', async () => {
    const before = await bytesOf();
    const spans = new Map([
      ['verify', { begun: 1, seconds: 2 }],
      ['seal master', { begun: 0, seconds: 1 }],
    ]);
    await writeImageBake(
      {
        out: join(work(), 'out'),
        run: `/x/${run}`,
        begun: 0,
        ended: 9000,
        spans,
        fromCache: ['packages slave'],
      },
      {
        ...{ role: 'slave', version: whole.version },
        boot: { stages: [{ name: 'kernel', seconds: 4 }], healthySeconds: 44 },
      },
    );
    const { exitCode, err } = await ingot('history', '--reports', '--html', 'history.html');
    expect(err).not.toContain('was not written');
    expect(exitCode).toBe(0);
    const html = await readFile(report(), 'utf8');
    for (const text of [
      whole.rootHash,
      'libx',
      'verify',
      'packages slave',
      'kernel',
      'console-verify-slave.log',
    ])
      expect(html).toContain(text);
    for (const text of ['seal master', 'console-verify-master.log', work()]) expect(html).not.toContain(text);
    expect(await bytesOf()).toEqual(before);
    const verified = await ingot('verify', whole.folder, '--key', 'release.pub.pem');
    expect(verified.exitCode).toBe(0);
    expect((await ingot('history')).out).toContain('44.0 s (emulated)');
  });

  test('--html links to the reports, relative to where it is', async () => {
    const html = await readFile(join(work(), 'history.html'), 'utf8');
    expect(html).not.toContain(work());
    await ingot('history', '--html', 'out/history.html');
    const again = await readFile(join(work(), 'out', 'history.html'), 'utf8');
    expect(again).toContain(`href="slave/${whole.version}.report.html"`);
  });

  test('a report that cannot be written fails the command, names the version, and leaves nothing', async () => {
    const other = `${whole.version.slice(0, 9)}${'0'.repeat(12)}`;
    await mkdir(join(work(), 'broken', 'slave', other), { recursive: true });
    const { exitCode, err } = await ingot('history', '--out', 'broken', '--reports');
    expect(exitCode).toBe(1);
    expect(err).toContain(`the report of slave ${other} was not written`);
    expect(readdirSync(join(work(), 'broken', 'slave'))).toEqual([other]);
  });

  test('an empty store has no history', async () => {
    const error = await rejection(ingot('history', '--out', 'nothing'));
    expect(error.code).toBe('no-image');
  });
});

test('a version is still complete for ingot gc, and its report goes with it', async () => {
  expect(existsSync(report())).toBe(true);
  const { removeVersion } = await import('../../../src/store/old-versions.ts');
  await removeVersion({ role: 'slave', version: whole.version, folder: whole.folder, bytes: 0 });
  expect(readdirSync(join(work(), 'out', 'slave'))).toEqual(['latest']);
});
