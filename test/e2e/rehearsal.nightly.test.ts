import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { rehearseShape } from '../../src/cli/shapes/test-shapes.ts';
import { bakeClusterdOnce, clusterdSpec, clusterdStore } from './clusterd-store.ts';
import { processesNaming, startIngot } from './ingot-process.ts';
import { signingKeyFile } from './run-folder.ts';

beforeAll(async () => {
  const bake = await bakeClusterdOnce();
  expect(bake.exitCode, bake.stderr).toBe(0);
});

it('a quick rehearsal of the layout clusterd passes: three masters and two slaves come up, agree, have two equal slaves, no drift and the settings of the seed, and survive the loss of their leader', async () => {
  const seedKey = ['--seed-key', signingKeyFile];
  const args = ['rehearse', clusterdSpec, '--out', clusterdStore, '--quick', '--json', ...seedKey];
  const { exitCode, stdout, stderr } = await startIngot(args).ended;
  expect(stdout, stderr).toMatch(/^\{/);
  const { outcomes, logs } = rehearseShape.parse(JSON.parse(stdout));
  const lines = outcomes.map(
    ({ name, result, seconds, saw }) => `${name}  ${result}  ${seconds.toFixed(1)} s  ${saw}`,
  );
  process.stderr.write(`    ${lines.join('\n    ')}\n`);
  expect(
    outcomes.map(({ name, result }) => [name, result]),
    lines.join('\n'),
  ).toEqual([
    ['rise', 'passed'],
    ['agree', 'passed'],
    ['compare', 'passed'],
    ['drift', 'passed'],
    ['settings', 'passed'],
    ['kill-leader', 'passed'],
    ['tls', 'skipped'],
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(processesNaming(join('runs', basename(dirname(logs))))).toEqual([]);
  // The samples of every node, one a second, are kept.
  expect(readdirSync(logs).filter((file) => file.startsWith('looks-'))).toHaveLength(5);
});
