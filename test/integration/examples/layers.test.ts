import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import type { Plan, Role } from '../../../src/inputs/plan/plan.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

const examples = {
  'node-exporter': {
    layer: 'site',
    unit: 'prometheus-node-exporter.service',
    package: 'prometheus-node-exporter',
  },
  hardened: { layer: 'site', unit: 'nftables.service', package: 'auditd' },
  gpu: { layer: 'gpu', unit: undefined, package: 'evdi-dkms' },
} as const;
const names = Object.keys(examples) as (keyof typeof examples)[];
const folderOf = (name: keyof typeof examples) => join(project, 'examples', name, examples[name].layer);

async function check(name: string, ...more: string[]): Promise<string> {
  const { world, out } = fakeWorld();
  await commandLine(world, ['check', join(project, 'examples', name, 'cluster.yaml'), ...more]);
  return out();
}

const planOf = async (name: string): Promise<Plan> => JSON.parse(await check(name, '--json')) as Plan;
const roleOf = (plan: Plan, role: Role) => plan.roles.find((one) => one.role === role);

/** The files below a folder that match, with their paths. */
const below = (folder: string, pattern: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => pattern.test(path))
    .map((path) => join(folder, path));

describe.each(names)('examples/%s', (name) => {
  test('has a layer that fits images/, and ingot check shows what it adds', async () => {
    const text = await check(name, '--verbose');
    expect(text).toMatch(new RegExp(`^from the layer ${examples[name].layer}, for `, 'm'));
    expect(text).toMatch(new RegExp(`^ {2}packages +.*\\b${examples[name].package}\\b`, 'm'));
  });

  test('has programs that a shell understands', () => {
    for (const program of below(folderOf(name), /compose\.d\/\d|\.sh$/))
      expect(spawnSync('sh', ['-n', program], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('declares its drift in statements that a node understands', () => {
    const program = `
import sys
sys.path.insert(0, sys.argv[1])
from ingot_node.drift.declared import parse
for path in sys.argv[2:]: print(len(parse(open(path).read(), path)))
`;
    const files = below(folderOf(name), /drift\.d\/.*\.conf$/);
    expect(files.length).toBeGreaterThan(0);
    const done = spawnSync('/usr/bin/python3', ['-sEBc', program, join(project, 'node-tools'), ...files], {
      encoding: 'utf8',
    });
    expect(done.stderr).toBe('');
    expect(done.stdout).toMatch(/^[1-9]/);
  });
});

test('the agent and the firewall are on every node', async () => {
  for (const name of ['node-exporter', 'hardened'] as const) {
    const plan = await planOf(name);
    expect(plan.sharedPackages).toContain(examples[name].package);
    for (const role of plan.roles) expect(role.unitsOn).toContain(examples[name].unit);
  }
});

test('the module of the GPU is on slaves only', async () => {
  const plan = await planOf('gpu');
  expect(roleOf(plan, 'slave')).toMatchObject({
    packages: expect.arrayContaining(['dkms', 'evdi-dkms', 'linux-headers-amd64']) as unknown,
    modules: ['evdi'],
  });
  expect(JSON.stringify([plan.sharedPackages, roleOf(plan, 'master')])).not.toMatch(/evdi|dkms/);
});

test('the firewall lets operators and the cluster in, and drops everything else', () => {
  const rules = readFileSync(join(folderOf('hardened'), 'rootfs/etc/nftables.conf'), 'utf8');
  expect(rules).toContain('policy drop;');
  expect(rules).toContain('tcp dport 22 accept');
  // Docker's rules are in tables of their own.
  expect(rules).not.toContain('flush ruleset');
});
