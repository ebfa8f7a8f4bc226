import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSpec } from '../../../src/inputs/cluster-spec/parse-spec.ts';
import { seedSettings } from '../../../src/inputs/plan/seed-settings.ts';
import { smallSpec } from '../../samples/spec.ts';
import { project } from '../built-ingot.ts';

// The test uses the example of the page as its spec, so both stay correct.
const page = readFileSync(join(project, 'docs/settings.md'), 'utf8');
const example = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? '';
const spec = parseSpec(
  `${smallSpec}${example}slave: { packages: [containernetworking-plugins] }\n`,
  'settings.md',
);
const seed = {
  version: 1,
  cluster: 'demo',
  masters: ['10.0.0.11'],
  ...seedSettings(spec.seed, new Map()).cluster,
};

const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, name = '', key = '', where = '']) => ({ name, key, where }));

/** Path → content of the files of a node as ingot-identity computes them, and the paths of its secrets. */
function filesOf(role: string, layout: string): Record<string, string> {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from ingot_node import cluster_config
from ingot_node.cluster_config import Release, files
from ingot_node.cluster_seed import parse_seed
class Any: NAME, SECRET = "marathon", "/run/ingot/secrets/marathon"; files = staticmethod(lambda *_: {})
cluster_config.cluster_scheduler = Any
seed = parse_seed(sys.argv[2])
secrets = {path: "" for name, path in cluster_config.secret_files(sys.argv[3]).items() if name in seed.secrets}
print(json.dumps({**files(seed, sys.argv[5], Release(sys.argv[3], sys.argv[4], "marathon")), **secrets}))
`;
  const lib = join(project, 'node-tools');
  const address = role === 'master' ? '10.0.0.11' : '10.0.1.21';
  const args = ['-B', '-c', program, lib, JSON.stringify(seed), role, layout, address];
  return JSON.parse(execFileSync('python3', args, { encoding: 'utf8' })) as Record<string, string>;
}

const nodes = {
  mesosphere: { ...filesOf('master', 'mesosphere'), ...filesOf('slave', 'mesosphere') },
  clusterd: { ...filesOf('master', 'clusterd'), ...filesOf('slave', 'clusterd') },
};
const agentFolder = { mesosphere: '/etc/mesos-slave', clusterd: '/etc/mesos-agent' };

test('every setting of the table is in the file that the table names', () => {
  const missing = rows.flatMap(({ key, where }) =>
    (['mesosphere', 'clusterd'] as const).flatMap((layout) => {
      if (!key.startsWith('seed.')) return [];
      const paths = where
        .replaceAll('AGENT', agentFolder[layout])
        .replace('FLAG', key.includes('.master.') ? 'agent_removal_rate_limit' : 'image_providers')
        .replace('NAME', 'net1')
        .split(' or ');
      // The example of the page has no registry login.
      if (key.endsWith('dockerConfig')) return [];
      return paths.some((path) => Object.hasOwn(nodes[layout], path)) ? [] : [`${layout}: ${key}: ${where}`];
    }),
  );
  expect(rows.length).toBeGreaterThan(15);
  expect(missing).toEqual([]);
});

test('every file that the settings create on a node is in the table', () => {
  const known = (path: string) =>
    /^\/etc\/mesos-(?:master|slave|agent)\/[^/]+$/.test(path) ||
    rows.some(({ where }) => where.replace('NAME', 'net1').split(' or ').includes(path));
  const bare = Object.keys(nodes.mesosphere).concat(Object.keys(nodes.clusterd));
  const ours = [...new Set(bare)].filter((path) => /secrets\/|cni|quotas|default\/mesos-agent/.test(path));
  expect(ours.length).toBeGreaterThan(5);
  expect(ours.filter((path) => path !== '/run/ingot/secrets/marathon' && !known(path))).toEqual([]);
});

test('the wrapper passes the values of the spec to Mesos', () => {
  const { clusterd } = nodes;
  expect(clusterd['/etc/mesos-master/webui_dir']).toBe('/nonexistent\n');
  expect(JSON.parse(clusterd['/etc/mesos-master/acls'] ?? '')).toEqual(spec.seed.mesos.master['acls']);
  expect(clusterd['/etc/mesos-agent/network_cni_config_dir']).toBe('/etc/mesos/cni\n');
  expect(JSON.parse(clusterd['/etc/mesos/cni/net1.json'] ?? '')).toEqual(spec.seed.mesos.networks[0]);
  const sourced = execFileSync('bash', [
    '-c',
    `${clusterd['/etc/default/mesos-agent']}printf %s "$MESOS_RESOURCES"`,
  ]);
  expect(sourced.toString()).toBe('cpus:15;mem:61440;disk:200000;ports:[31000-32000]');
  expect(nodes.mesosphere['/etc/mesos-slave/resources']).toBe(`${sourced.toString()}\n`);
});
