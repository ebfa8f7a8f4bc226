import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { addPointer, nextCounter } from '../../../src/channel/promote-to-channel.ts';
import { readPointer } from '../../../src/channel/read-channel.ts';
import { commandLine } from '../../../src/cli/command-line.ts';
import { nightlyShape } from '../../../src/cli/shapes/nightly-shape.ts';
import { channelReader } from '../../../src/cli/shared/channel-reader.ts';
import { signerOf } from '../../../src/cli/shared/signer-of.ts';
import { processStart } from '../../../src/host/process-start.ts';
import { allRoles } from '../../../src/inputs/roles.ts';
import { makeKeyFiles } from '../../../src/version/key-files.ts';
import { rejection, sharedFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { publishToy, toyVersion } from './publish-toy.ts';
import { type ToyCluster, toyCluster } from './toy-cluster.ts';

const shared = sharedFolder();
let cluster: ToyCluster;

beforeAll(async () => {
  cluster = await toyCluster(shared());
  await cluster.offer({}, 'Sat, 21 Nov 2026 02:10:46 UTC');
  await makeKeyFiles(join(cluster.folder, 'release'));
});
afterAll(() => cluster.close());

const day = 86_400_000;
const surroundings = () => ({ INGOT_STATE: join(cluster.folder, 'state') });

/** Runs the command line in the folder of the cluster. */
async function ingot(...args: readonly string[]) {
  const { world, out, err } = fakeWorld({ cwd: cluster.folder, env: surroundings() });
  const status = await commandLine(world, args);
  return { status, out: out(), err: err() };
}
const places = () => ['--pool', cluster.pool, '--cache', cluster.cache];
const nightly = (...more: readonly string[]) =>
  ingot(
    ...['nightly', cluster.spec, '--out', cluster.out, ...places()],
    ...['--sign', join(cluster.folder, 'release.pem'), '--json', '--quiet', ...more],
  );
const summaryOf = ({ out }: { readonly out: string }): z.infer<typeof nightlyShape> =>
  nightlyShape.parse(JSON.parse(out));

/** Lets the channel point to the versions of the store, as the last night did. */
async function promoteToy(age: number): Promise<void> {
  const { world } = fakeWorld({ cwd: cluster.folder, env: surroundings() });
  const signer = await signerOf(world, { sign: join(cluster.folder, 'release.pem') });
  if (signer === undefined) throw new Error('there is no key');
  const reader = channelReader(world, cluster.out, [signer.publicKey]);
  const now = Date.now() - age * day;
  const counter = await nextCounter(
    reader,
    'candidate',
    (await readPointer(reader, 'candidate'))?.value.counter ?? 0,
  );
  await addPointer(reader, signer, {
    ...{ schema: 1, channel: 'candidate', counter, cluster: 'toy', revocations: 0, allowed: [] },
    issuedOn: new Date(now).toISOString(),
    expiresOn: new Date(now + 30 * day).toISOString(),
    versions: Object.fromEntries(
      allRoles.map((role) => [role, { version: toyVersion, rootHash: 'a'.repeat(64) }]),
    ),
  });
}

test('without a key it is refused before anything changes: a channel leads only to signed versions', async () => {
  const error = await rejection(ingot('nightly', cluster.spec, '--out', cluster.out, ...places()));
  expect(error.code).toBe('wrong-key');
  expect(existsSync(cluster.out)).toBe(false);
  expect(existsSync(join(cluster.folder, 'cluster.lock.json'))).toBe(false);
});

test('if nothing changed it ends before the bake, and writes all reports; a source with only a newer date changes nothing', async () => {
  await ingot('lock', cluster.spec, '--pool', cluster.pool, '--quiet');
  await publishToy(cluster);
  await promoteToy(0);
  const lock = await readFile(join(cluster.folder, 'cluster.lock.json'), 'utf8');
  for (const date of ['Sat, 21 Nov 2026 02:10:46 UTC', 'Sun, 22 Nov 2026 02:10:46 UTC']) {
    await cluster.offer({}, date);
    const ended = await nightly();
    expect(ended.status).toBe(0);
    const summary = summaryOf(ended);
    expect(summary).toMatchObject({ result: 'unchanged', cluster: 'toy' });
    expect(summary.steps.map(({ name, result }) => `${name} ${result}`)).toEqual([
      ...['lock done', 'changes done', 'bake not needed', 'verify not needed', 'rehearse not needed'],
      ...['diff not needed', 'publish not needed'],
    ]);
    for (const file of summary.files) expect(existsSync(join(summary.folder, file))).toBe(true);
    expect(await readFile(join(cluster.folder, 'cluster.lock.json'), 'utf8')).toBe(lock);
  }
});

test('a second one at the same time is refused, and the first is not disturbed', async () => {
  const nights = join(cluster.out, 'nightly');
  const owner = join(nights, 'owner-900');
  await writeFile(owner, `${process.ppid} ${processStart(process.ppid) ?? ''}\n`);
  const before = await readdir(nights);
  const error = await rejection(nightly());
  expect(error).toMatchObject({ code: 'already-running', exitCode: 1 });
  expect(await readdir(nights)).toEqual(before);
  await writeFile(owner, '');
});

test('a step that fails ends the night with its error, and the reports say why', async () => {
  await cluster.offer({ systemd: '1.1' }, 'Mon, 23 Nov 2026 02:10:46 UTC');
  // No bake can be made from small packages: this is the failure of a real night.
  const error = await rejection(nightly());
  const [last = ''] = (await readdir(join(cluster.out, 'nightly')))
    .filter((name) => /Z-/.test(name))
    .sort()
    .reverse();
  const folder = join(cluster.out, 'nightly', last);
  const summary = nightlyShape.parse(JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')));
  expect(summary).toMatchObject({
    result: 'failed',
    packages: [{ name: 'systemd', before: '1.0', after: '1.1' }],
  });
  expect(summary.steps.find(({ name }) => name === 'bake')).toMatchObject({
    ...{ result: 'failed', failure: { code: error.code } },
  });
  expect(summary.steps.find(({ name }) => name === 'publish')?.result).toBe('not run');
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('Why the step bake failed');
  expect(await readFile(join(folder, 'junit.xml'), 'utf8')).toContain('failures="1"');
  // The old lock is kept, so that a person can go back to it.
  expect(await readFile(join(folder, 'before.lock.json'), 'utf8')).not.toBe(
    await readFile(join(folder, 'after.lock.json'), 'utf8'),
  );
});

test('a pointer that is about to expire is signed again, though no package changed: the night does not end early', async () => {
  await cluster.offer({}, 'Tue, 24 Nov 2026 02:10:46 UTC');
  await ingot('lock', cluster.spec, '--pool', cluster.pool, '--quiet');
  for (const role of allRoles) await rm(join(cluster.out, role), { recursive: true });
  await publishToy(cluster);
  await promoteToy(11);
  const error = await rejection(nightly());
  // The store has only names of versions: the step that reads them refuses it.
  expect(error.code).toBe('damaged-version');
});
