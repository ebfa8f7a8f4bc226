import { mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCache } from '../../../src/bake/bake-caches.ts';
import { bakeStagesOf } from '../../../src/bake/bake-stages-of.ts';
import { explainBake, explainedText } from '../../../src/bake/explain-bake.ts';
import type { BakeStages } from '../../../src/bake/keys/bake-stages.ts';
import { writeStageRecord } from '../../../src/bake/records/stage-record.ts';
import { upToDateImages } from '../../../src/bake/up-to-date.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { sampleMaterial, withRole } from '../../samples/stages.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const host = makeHost();
const version = '20261122-0123456789ab';
const { lock } = sampleMaterial;
type Roles = typeof sampleMaterial.roles;

async function stagesIn(out: string, plan = sampleMaterial.plan, roles: Roles = ['master', 'slave']) {
  return bakeStagesOf({ plan, lock, roles, out });
}

/** A store in which both roles were published from these stages. */
async function storeOf(out: string, stages: BakeStages): Promise<void> {
  for (const role of stages.roles) {
    await mkdir(join(out, role, version), { recursive: true });
    await writeFile(join(out, role, version, 'disk.qcow2'), 'a disk');
    await symlink(version, join(out, role, 'latest'));
    await writeStageRecord(out, { role, version, names: ['disk.qcow2'] }, stages);
  }
}

async function published() {
  const folder = await temporaryFolder();
  const out = join(folder, 'out');
  await storeOf(out, await stagesIn(out));
  const cache = (own: string | undefined = join(folder, 'cache')) =>
    openCache(host, { own, from: undefined }, () => undefined);
  return { folder, out, cache };
}

const changed = withRole('slave', { sysctls: { 'vm.swappiness': '60' } }).plan;

test('what lies in the store as it would be made is left alone; what would be other is not', async () => {
  const { out } = await published();
  const rolesOf = async (stages: BakeStages) => (await upToDateImages(out, stages)).map(({ role }) => role);
  expect(await rolesOf(await stagesIn(out))).toEqual(['master', 'slave']);
  expect(await rolesOf(await stagesIn(out, changed))).toEqual(['master']);
});

test('a slave baked alone is the one that was baked with the master', async () => {
  const { out } = await published();
  expect(await upToDateImages(out, await stagesIn(out, sampleMaterial.plan, ['slave']))).toEqual([
    { role: 'slave', version, folder: join(out, 'slave', version) },
  ]);
});

test.each<[string, (folder: string) => Promise<void>]>([
  ['whose disk is gone', (folder) => rm(join(folder, 'disk.qcow2'))],
  ['whose disk is cut off', (folder) => truncate(join(folder, 'disk.qcow2'), 1)],
  ['without its record', (folder) => rm(`${folder}.stages.json`)],
  ['with a damaged record', (folder) => writeFile(`${folder}.stages.json`, '{')],
  ['that is not the latest', (folder) => rm(join(folder, '..', 'latest'))],
])('an image %s is not what would be made', async (_, damage) => {
  const { out } = await published();
  await damage(join(out, 'slave', version));
  const found = await upToDateImages(out, await stagesIn(out));
  expect(found.map(({ role }) => role)).toEqual(['master']);
});

test('an explanation names what changed where it goes in, and what follows; the rest is not needed', async () => {
  const { out, cache } = await published();
  const explained = await explainBake(out, await stagesIn(out, changed), cache());
  const of = (title: string) => explained.find((one) => one.title === title);
  expect(of('verification master')).toMatchObject({ verdict: 'idle', why: [`the store has ${version}`] });
  expect(of('tree slave')).toMatchObject({
    verdict: 'runs',
    why: ['setting sysctl vm.swappiness "1" → "60"', '/etc/sysctl.d/60-cluster.conf is rendered differently'],
  });
  expect(of('changes slave')?.why).toEqual(['tree slave changed']);
  expect(of('verification slave')?.why).toEqual(['artifacts slave changed']);
  expect(of('packages slave')?.why).toEqual(['its inputs are the same, and the cache does not have it']);
  const text = explainedText(explained).split('\n');
  expect(text).toContain('tree slave           runs');
  expect(text).toContain('                       setting sysctl vm.swappiness "1" → "60"');
  expect(text).toContain(`tree master          not needed: the store has ${version}`);
});

test('an explanation says what comes from the cache, and what nobody has', async () => {
  const { folder, cache } = await published();
  const out = join(folder, 'other');
  const stages = await stagesIn(out);
  const kept = cache();
  for (const stage of stages.all.filter(({ name, role }) => name === 'tree' && role === 'slave'))
    kept.keep(stage, { files: {}, meta: null, seconds: 0 });
  await kept.settled();
  const explained = await explainBake(out, stages, kept);
  const of = (title: string) => explained.find((one) => one.title === title);
  expect(of('tree slave')).toMatchObject({
    verdict: 'cached',
    why: ['an earlier bake had the same inputs'],
  });
  expect(of('packages slave')).toMatchObject({ verdict: 'idle', why: ['no stage that runs needs it'] });
  expect(of('root slave')).toMatchObject({
    verdict: 'runs',
    why: ['neither the store nor the cache has an earlier result'],
  });
});

test('without a store, what the cache had last is compared with', async () => {
  const { folder, cache } = await published();
  const out = join(folder, 'other');
  const kept = cache();
  for (const stage of (await stagesIn(out)).all) kept.keep(stage, { files: {}, meta: null, seconds: 0 });
  await kept.settled();
  const explained = await explainBake(out, await stagesIn(out, changed), kept);
  expect(explained.find(({ title }) => title === 'tree slave')?.why).toEqual([
    'setting sysctl vm.swappiness "1" → "60"',
    '/etc/sysctl.d/60-cluster.conf is rendered differently',
  ]);
});

test('without a cache all runs, and that is the reason', async () => {
  const { out } = await published();
  const none = openCache(host, { own: undefined, from: undefined }, () => undefined);
  const explained = await explainBake(out, await stagesIn(out), none);
  expect(new Set(explained.map(({ verdict }) => verdict))).toEqual(new Set(['runs']));
  expect(new Set(explained.flatMap(({ why }) => why))).toEqual(new Set(['no cache is used']));
});

test('texts are not rendered again where the store has an image of the very same, and its keys are those of rendering', async () => {
  const { folder, out } = await published();
  const keys = async (store: string, plan = sampleMaterial.plan) =>
    (await stagesIn(store, plan)).all.map(({ key }) => key);
  const rendered = await keys(join(folder, 'empty'));
  expect(await keys(out)).toEqual(rendered);
  // What the record says is used: another digest in it is seen in the keys.
  const record = join(out, 'slave', `${version}.stages.json`);
  const text = await readFile(record, 'utf8');
  await writeFile(
    record,
    text.replace(/("rendered \/usr\/lib\/ingot\/units-masked": "0644 )[^"]*/, '$1other'),
  );
  expect(await keys(out)).not.toEqual(rendered);
  // Of another plan it is rendered, whatever the record says.
  for (const other of [changed, { ...sampleMaterial.plan, confirmMinutes: 99 }])
    expect(await keys(out, other)).toEqual(await keys(join(folder, 'empty'), other));
});

test('a setting that is in a generated file alone makes an image another', async () => {
  const { out } = await published();
  const plan = { ...sampleMaterial.plan, confirmMinutes: 99 };
  expect(await upToDateImages(out, await stagesIn(out, plan))).toEqual([]);
});
