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

test('an image in the store that is up to date stays as it is; one with changed inputs is baked', async () => {
  const { out } = await published();
  const rolesOf = async (stages: BakeStages) => (await upToDateImages(out, stages)).map(({ role }) => role);
  expect(await rolesOf(await stagesIn(out))).toEqual(['master', 'slave']);
  expect(await rolesOf(await stagesIn(out, changed))).toEqual(['master']);
});

test('a slave that is baked without the master is the same as one that is baked with it', async () => {
  const { out } = await published();
  expect(await upToDateImages(out, await stagesIn(out, sampleMaterial.plan, ['slave']))).toEqual([
    { role: 'slave', version, folder: join(out, 'slave', version) },
  ]);
});

test.each<[string, (folder: string) => Promise<void>]>([
  ['whose disk is missing', (folder) => rm(join(folder, 'disk.qcow2'))],
  ['whose disk is cut off', (folder) => truncate(join(folder, 'disk.qcow2'), 1)],
  ['without its record', (folder) => rm(`${folder}.stages.json`)],
  ['with a damaged record', (folder) => writeFile(`${folder}.stages.json`, '{')],
  ['that is not the latest', (folder) => rm(join(folder, '..', 'latest'))],
])('an image %s is not up to date', async (_, damage) => {
  const { out } = await published();
  await damage(join(out, 'slave', version));
  const found = await upToDateImages(out, await stagesIn(out));
  expect(found.map(({ role }) => role)).toEqual(['master']);
});

test('an explanation lists each change under the stage that it affects, and the stages that follow; the others are not needed', async () => {
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

test('an explanation lists which stages come from the cache, and which are nowhere', async () => {
  const { folder, cache } = await published();
  const out = join(folder, 'other');
  const stages = await stagesIn(out);
  const kept = cache();
  for (const stage of stages.all.filter(({ name, role }) => name === 'tree' && role === 'slave'))
    void kept.keep(stage, { files: {}, meta: null, seconds: 0 });
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

test('without a store, the inputs are compared with the last ones in the cache', async () => {
  const { folder, cache } = await published();
  const out = join(folder, 'other');
  const kept = cache();
  for (const stage of (await stagesIn(out)).all) void kept.keep(stage, { files: {}, meta: null, seconds: 0 });
  await kept.settled();
  const explained = await explainBake(out, await stagesIn(out, changed), kept);
  expect(explained.find(({ title }) => title === 'tree slave')?.why).toEqual([
    'setting sysctl vm.swappiness "1" → "60"',
    '/etc/sysctl.d/60-cluster.conf is rendered differently',
  ]);
});

test('without a cache all stages run, and this is the reason that is reported', async () => {
  const { out } = await published();
  const none = openCache(host, { own: undefined, from: undefined }, () => undefined);
  const explained = await explainBake(out, await stagesIn(out), none);
  expect(new Set(explained.map(({ verdict }) => verdict))).toEqual(new Set(['runs']));
  expect(new Set(explained.flatMap(({ why }) => why))).toEqual(new Set(['no cache is used']));
});

test('texts are not rendered again if the store has an image of the same inputs; its keys equal those of rendering', async () => {
  const { folder, out } = await published();
  const keys = async (store: string, plan = sampleMaterial.plan) =>
    (await stagesIn(store, plan)).all.map(({ key }) => key);
  const rendered = await keys(join(folder, 'empty'));
  expect(await keys(out)).toEqual(rendered);
  // The digests of the record are used: a changed digest changes the keys.
  const record = join(out, 'slave', `${version}.stages.json`);
  const text = await readFile(record, 'utf8');
  await writeFile(
    record,
    text.replace(/("rendered \/usr\/lib\/ingot\/units-masked": "0644 )[^"]*/, '$1other'),
  );
  expect(await keys(out)).not.toEqual(rendered);
  // For another plan the texts are rendered, whatever the record contains.
  for (const other of [changed, { ...sampleMaterial.plan, confirmMinutes: 99 }])
    expect(await keys(out, other)).toEqual(await keys(join(folder, 'empty'), other));
});

test('a setting that appears only in a generated file makes an image out of date', async () => {
  const { out } = await published();
  const plan = { ...sampleMaterial.plan, confirmMinutes: 99 };
  expect(await upToDateImages(out, await stagesIn(out, plan))).toEqual([]);
});
