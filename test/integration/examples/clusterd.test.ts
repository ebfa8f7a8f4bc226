import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import type { Plan } from '../../../src/inputs/plan/plan.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

const example = join(project, 'examples', 'clusterd.yaml');

// Nothing is reachable through this proxy.
beforeEach(() => {
  process.env['http_proxy'] = 'http://127.0.0.1:2/';
  process.env['https_proxy'] = 'http://127.0.0.1:2/';
});
afterEach(() => {
  delete process.env['http_proxy'];
  delete process.env['https_proxy'];
});

async function check(...args: string[]) {
  const { world, out, err } = fakeWorld();
  return { exitCode: await commandLine(world, ['check', ...args]), out: out(), err: err() };
}

test('the example shows without a network what its preset means, and what follows from it', async () => {
  const said = await check(example);
  expect(said).toMatchObject({ exitCode: 0, err: '' });
  for (const line of [
    'preset clusterd: aventer-mesos for bookworm',
    'from http://rpm.aventer.biz/Debian/, its owner’s source',
    'signed with the key BA22 7EBC 312D 2E43 498A 5339 63F8 CEE1 49AC A59E and no other',
    'which ingot lock fetches from https://www.aventer.biz/assets/support_aventer.asc',
    'hence the layout clusterd, and Debian bookworm',
  ])
    expect(said.out).toContain(line);
});

test('it has three masters of clusterd without Marathon', async () => {
  const plan = JSON.parse((await check('--json', example)).out) as Plan;
  expect([plan.layout, plan.scheduler, plan.masters.length]).toEqual(['clusterd', 'none', 3]);
  expect(plan.sharedPackages).toContain('aventer-mesos');
  expect(JSON.stringify(plan.roles)).not.toContain('marathon.service');
});
