import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { renderBuildSeed } from '../../../src/render/render-build-seed.ts';
import { type NodeSeedContext, renderNodeSeed } from '../../../src/render/render-node-seed.ts';
import type { RenderedFile } from '../../../src/render/templates.ts';
import { anyText, hostileTexts } from '../../samples/hostile.ts';

const templates = await loadTemplates('templates');
// The authorized_keys of an operator is one line; the YAML must preserve it, whatever it contains.
const hostile = [...hostileTexts, ...fc.sample(anyText, { numRuns: 200, seed: 2 })].filter(
  (text) => text !== '',
);
const network = {
  macAddress: '52:54:00:12:34:56',
  address: '10.0.0.11/24',
  gateway: '10.0.0.1',
  nameservers: ['10.0.0.2'],
};
const nodeSeed: NodeSeedContext = {
  cluster: '0123',
  masters: hostile,
  operatorKeys: hostile,
  data: null,
  network: null,
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-cloud-init-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function saved(files: readonly RenderedFile[], name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, files.find((file) => file.path === name)?.content ?? '');
  return path;
}

// The parser of cloud-init itself: PyYAML, which reads YAML 1.1.
function pyYaml(path: string): unknown {
  const program =
    'import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1], encoding="utf-8")), sys.stdout)';
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', program, path], { encoding: 'utf8' }));
}

const schemaVerdict = (path: string): string =>
  execFileSync('cloud-init', ['schema', '--config-file', path], { encoding: 'utf8' });

describe('the seed of a build guest', () => {
  test('is valid for cloud-init', async () => {
    const seed = renderBuildSeed(templates, { role: 'master', authorizedKey: 'ssh-ed25519 AAAA bake' });
    expect(schemaVerdict(await saved(seed, 'user-data'))).toContain('Valid cloud-config');
  });

  test.each(hostileTexts)(
    'gives root exactly the key of the bake, and runs no module except the one for keys: %j',
    async (text) => {
      const seed = renderBuildSeed(templates, { role: 'slave', authorizedKey: text });
      expect(pyYaml(await saved(seed, 'user-data'))).toEqual({
        disable_root: false,
        preserve_hostname: true,
        users: ['root'],
        ssh_authorized_keys: [text],
        cloud_init_modules: ['ssh'],
        cloud_config_modules: [],
        cloud_final_modules: [],
      });
      expect(pyYaml(await saved(seed, 'meta-data'))).toEqual({ 'instance-id': 'ingot-bake-slave' });
    },
  );
});

describe('the seed of a cluster', () => {
  test.each([[[]], [hostile]])(
    'is valid for cloud-init, whatever the keys of its operators',
    async (operatorKeys) => {
      const path = await saved(renderNodeSeed(templates, { ...nodeSeed, operatorKeys }), 'user-data');
      expect(schemaVerdict(path)).toContain('Valid cloud-config');
    },
  );

  test('writes exactly the cluster name and the masters, and gives ops exactly its keys', async () => {
    const seed = renderNodeSeed(templates, nodeSeed);
    const userData = pyYaml(await saved(seed, 'user-data')) as {
      write_files: readonly { path: string; content: string }[];
      users: readonly object[];
    };
    expect(userData.write_files.map(({ path }) => path)).toEqual(['/etc/ingot/cluster.json']);
    expect(JSON.parse(userData.write_files[0]?.content ?? '')).toEqual({
      version: 1,
      cluster: '0123',
      masters: hostile,
    });
    expect(userData.users).toEqual([{ name: 'ops', ssh_authorized_keys: hostile }]);
    expect(pyYaml(await saved(seed, 'meta-data'))).toEqual({ 'instance-id': 'ingot-0123', dsmode: 'local' });
  });

  test('begins with the line by which cloud-init recognises it', () => {
    expect(renderNodeSeed(templates, nodeSeed)[0]?.content).toMatch(/^#cloud-config\n/);
  });

  test('has a network configuration only if an address is given', () => {
    const paths = (given: NodeSeedContext['network']): readonly string[] =>
      renderNodeSeed(templates, { ...nodeSeed, network: given }).map((file) => file.path);
    expect(paths(null)).toEqual(['user-data', 'meta-data']);
    expect(paths(network)).toEqual(['user-data', 'meta-data', 'network-config']);
  });

  test.each([
    [
      network,
      ['Address=10.0.0.11/24', 'MACAddress=52:54:00:12:34:56', 'Gateway=10.0.0.1', 'DNS=10.0.0.2', 'DHCP=no'],
    ],
    [{ ...network, gateway: null, nameservers: [] }, ['Address=10.0.0.11/24', 'DHCP=no']],
  ])('assigns an address to the interface with that hardware address: %j', async (given, lines) => {
    const path = await saved(renderNodeSeed(templates, { ...nodeSeed, network: given }), 'network-config');
    const out = join(folder, `converted-${lines.length}`);
    const convert = [
      'devel',
      'net-convert',
      '-k',
      'yaml',
      '-D',
      'debian',
      '-O',
      'networkd',
      '-m',
      'cluster0,52:54:00:12:34:56',
    ];
    execFileSync('cloud-init', [...convert, '-p', path, '-d', out], { stdio: 'pipe' });
    const unit = await readFile(join(out, 'etc/systemd/network/10-cloud-init-cluster0.network'), 'utf8');
    for (const line of lines) expect(unit.split('\n')).toContain(line);
  });
});
