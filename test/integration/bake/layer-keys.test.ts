import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { bakeStagesOf } from '../../../src/bake/bake-stages-of.ts';
import type { KeyedStage } from '../../../src/bake/cache/keyed-stage.ts';
import { changedInputs } from '../../../src/bake/keys/changed-inputs.ts';
import type { Plan } from '../../../src/inputs/plan/plan.ts';
import { sampleMaterial } from '../../samples/stages.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const files = {
  'rootfs/etc/motd': 'hello\n',
  'rootfs/usr/lib/sysusers.d/site.conf': 'u site 900 "a" / /usr/sbin/nologin\n',
  'steps/60-site/do.sh': 'true\n',
  'steps/60-site/assert.sh': 'true\n',
  'README.md': 'about it\n',
};

async function put(folder: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [name, content] of Object.entries({ ...files, ...more })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** The plan of the sample with a layer of slaves in this folder. */
function planWith(folder: string, more: Partial<Plan> = {}): Plan {
  const roles = sampleMaterial.plan.roles.map((role) =>
    role.role === 'slave'
      ? {
          ...role,
          layers: [...role.layers, `${folder}/rootfs`],
          steps: [...role.steps, { name: '60-site', folder: `${folder}/steps/60-site` }],
        }
      : role,
  );
  const layer = { name: 'site', folder, role: 'slave', replace: false, at: 0 } as const;
  return { ...sampleMaterial.plan, roles, siteLayers: [layer], ...more };
}

async function stagesOf(plan: Plan): Promise<readonly KeyedStage[]> {
  const { lock } = sampleMaterial;
  return (await bakeStagesOf({ plan, lock, roles: ['master', 'slave'], out: '/nowhere' })).all;
}

/** Why each stage with another key runs, as ingot bake --explain shows it: "tree slave: …". */
async function changes(before: readonly KeyedStage[], plan: Plan): Promise<string[]> {
  return (await stagesOf(plan)).flatMap((stage, index) => {
    const lines = changedInputs(before[index]?.inputs ?? {}, stage.inputs);
    return lines
      .filter((line) => !/^(?:shared|packages|tree|changes|root|artifacts) .*changed$/.test(line))
      .map((line) => `${stage.name} ${stage.role ?? 'all'}: ${line}`);
  });
}

test('every file of a layer is part of the keys, under its name in the spec', async () => {
  const folder = join(await temporaryFolder(), 'anywhere');
  await put(folder);
  const before = await stagesOf(planWith(folder));
  await put(folder, { 'rootfs/etc/motd': 'other\n' });
  expect(await changes(before, planWith(folder))).toEqual(['tree slave: site/rootfs/etc/motd changed']);
  await put(folder, { 'steps/60-site/do.sh': 'false\n' });
  expect(await changes(before, planWith(folder))).toEqual([
    'changes slave: site/steps/60-site/do.sh changed',
  ]);
  await put(folder, { 'rootfs/usr/lib/sysusers.d/site.conf': 'u site 901 "a" / /usr/sbin/nologin\n' });
  expect(await changes(before, planWith(folder))).toContain(
    'shared all: site/rootfs/usr/lib/sysusers.d/site.conf changed',
  );
});

test('a copy of the layer in another folder, and another README, give the same keys', async () => {
  const [one, two] = [await temporaryFolder(), await temporaryFolder()];
  await put(one);
  await put(two, { 'README.md': 'other\n' });
  const keys = async (folder: string) => (await stagesOf(planWith(folder))).map(({ key }) => key);
  expect(await keys(two)).toEqual(await keys(one));
});

test('a template of a layer is part of the keys of what it renders, and of nothing else', async () => {
  const folder = await temporaryFolder();
  await put(folder);
  const before = await stagesOf(planWith(folder));
  const templates = { 'node/60-cluster-sysctl.conf.hbs': '# of the site\n' };
  const said = await changes(before, planWith(folder, { templates }));
  expect(said).toContain('tree slave: templates/node/60-cluster-sysctl.conf.hbs changed');
  expect(said.filter((line) => !line.startsWith('tree '))).toEqual([]);
});
