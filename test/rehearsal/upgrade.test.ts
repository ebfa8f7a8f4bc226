import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { rehearseShape } from '../../src/cli/shapes/test-shapes.ts';
import { makeKeyFiles } from '../../src/version/key-files.ts';
import { project, startIngot } from '../e2e/ingot-process.ts';
import { latest } from './rehearsed-store.ts';

const folder = join(project, '.make', 'rehearsal', 'upgrade');
const stores = { old: join(folder, 'old'), new: join(folder, 'new') };
const key = join(folder, 'release');
const deb = join(project, 'stand-ins', 'build');

/** The example with a key for updates; its second version has one additional file. */
function writeSpec(name: 'old' | 'new'): string {
  const example = readFileSync(join(project, 'examples', 'cluster.yaml'), 'utf8').replaceAll(
    '../stand-ins/build',
    deb,
  );
  const more = ['updates:', '  keys: [release.pub.pem]', '  confirmMinutes: 15'];
  const file = ['common:', '  files:', '    - { path: /usr/share/site/second, content: "second\\n" }'];
  const spec = join(folder, `${name}.yaml`);
  writeFileSync(spec, [example, ...more, ...(name === 'new' ? file : []), ''].join('\n'));
  return spec;
}

async function bake(name: 'old' | 'new'): Promise<string> {
  const spec = writeSpec(name);
  const locked = await startIngot(['lock', spec]).ended;
  expect(locked.exitCode, locked.stderr).toBe(0);
  const baked = await startIngot(['bake', spec, '--out', stores[name], '--sign', `${key}.pem`]).ended;
  expect(baked.exitCode, baked.stderr).toBe(0);
  return spec;
}

interface Upgrade {
  readonly outcomes: readonly { readonly name: string; readonly result: string; readonly saw: string }[];
  readonly upgrade: {
    readonly steps: readonly { readonly kind: string; readonly nodes: readonly string[] }[];
    readonly leaderless: { readonly longestSeconds: number };
    readonly tasks: { readonly moved: readonly unknown[]; readonly lost: readonly unknown[] };
  };
  readonly ran: readonly { readonly version: string }[];
}

let spec = '';
beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(key), { recursive: true });
  await makeKeyFiles(key);
  await bake('old');
  spec = await bake('new');
});

it('a cluster of three masters and two slaves is upgraded to a new version: no task is lost, a slave falls back from an unhealthy version, and a policy can require the upgrade drills', async () => {
  const words = ['rehearse', spec, '--out', stores.new, '--from', stores.old, '--json'];
  const { exitCode, stdout, stderr } = await startIngot([...words, '--sign', `${key}.pem`]).ended;
  expect(stdout, stderr).toMatch(/^\{/);
  const { outcomes, upgrade, ran } = rehearseShape.parse(JSON.parse(stdout)) as unknown as Upgrade;
  expect(
    outcomes.map(({ name, result }) => [name, result]),
    JSON.stringify(outcomes, null, 1),
  ).toEqual(
    [
      ...['old-rise', 'tasks', 'upgrade-masters', 'fall-back', 'upgrade-slaves', 'tasks-kept', 'agree'],
      'drift',
    ].map((name) => [name, 'passed']),
  );
  expect(exitCode, stderr).toBe(0);
  expect(upgrade.steps.map(({ kind }) => kind)).toEqual([
    ...['master', 'master', 'master', 'fall-back', 'wave', 'wave'],
  ]);
  expect(upgrade.tasks.lost).toEqual([]);
  expect(upgrade.tasks.moved.length).toBeGreaterThan(0);
  expect(upgrade.leaderless.longestSeconds).toBeGreaterThan(0);
  process.stderr.write(`${JSON.stringify(upgrade, null, 1)}\n`);
  expect(new Set(ran.map(({ version }) => version)).size).toBe(2);

  const folders = [latest('master', stores.new), latest('slave', stores.new)];
  const policy = ['--key', `${key}.pub.pem`, '--rehearsed', 'upgrade-masters,fall-back,upgrade-slaves,drift'];
  const satisfied = await startIngot(['verify', ...folders, ...policy]).ended;
  expect(satisfied.exitCode, satisfied.stderr).toBe(0);
  const old = await startIngot(['verify', latest('slave', stores.old), ...policy]).ended;
  expect(old.exitCode).toBe(1);
});
