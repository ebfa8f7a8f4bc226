import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { netboot } from '../../../src/inputs/targets/netboot.ts';
import { quoteSh } from '../../../src/render/quote-sh.ts';
import { renderGrub, renderSlot } from '../../../src/render/render-boot.ts';
import { renderNodeFiles } from '../../../src/render/render-node-files.ts';
import { imageFactsOf, renderTarget } from '../../../src/render/render-target.ts';
import { anyText, hostileTexts, samplePlan } from '../../samples/hostile.ts';

const templates = await loadTemplates('templates');
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ingot-node-'));
  for (const { path, content } of renderNodeFiles(templates, samplePlan, 'master', {
    tool: '0',
    standIns: [],
  })) {
    await mkdir(dirname(root + path), { recursive: true });
    await writeFile(root + path, content);
  }
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

test('systemd itself enables the units of the preset and no others', async () => {
  const units = join(root, 'usr/lib/systemd/system');
  await mkdir(units, { recursive: true });
  for (const name of ['zookeeper.service', 'fstrim.timer', 'unwanted.service']) {
    await writeFile(join(units, name), '[Unit]\nDescription=x\n[Install]\nWantedBy=multi-user.target\n');
  }
  execFileSync('systemctl', ['--root', root, 'preset-all'], { stdio: 'pipe' });
  const wanted = await readdir(join(root, 'etc/systemd/system/multi-user.target.wants'));
  expect(wanted.sort()).toEqual(['fstrim.timer', 'zookeeper.service']);
});

test('sysctl itself reads every setting', () => {
  const read = execFileSync('sysctl', ['--dry-run', '--load', join(root, 'etc/sysctl.d/60-cluster.conf')], {
    encoding: 'utf8',
  });
  expect(read.trimEnd().split('\n')).toEqual([
    'net.core.somaxconn = 4096',
    'net.ipv4.ip_local_port_range = 32768 60999',
    'vm.swappiness = 1',
  ]);
});

test('modules are written to a file of modules-load.d only if the spec names some', () => {
  const file = '/etc/modules-load.d/60-cluster.conf';
  const contentOf = (modules: readonly string[]): string | undefined => {
    const roles = samplePlan.roles.map((one) => ({ ...one, modules }));
    const files = renderNodeFiles(templates, { ...samplePlan, roles }, 'slave', { tool: '0', standIns: [] });
    return files.find(({ path }) => path === file)?.content;
  };
  expect(contentOf([])).toBeUndefined();
  expect(contentOf(['br_netfilter', 'nf_conntrack'])).toMatch(/^#.*\nbr_netfilter\nnf_conntrack\n$/);
});

test('GRUB itself accepts everything that is written for it', () => {
  const kernelArguments = ['quiet', 'a=b,c:d@e%f+g'];
  const image = { title: 't', version: '1', rootHash: 'ab', kernelArguments };
  const sealed = { version: '1', rootHash: 'ab', memoryMiB: 1300, diskBytes: 0 };
  const facts = imageFactsOf({ role: 'slave', kernelArguments }, sealed);
  const [, network] = renderTarget(templates, netboot, facts);
  for (const input of [
    renderGrub(templates, 'ABCD-1234'),
    renderSlot(templates, image),
    network?.content ?? '(',
  ])
    execFileSync('grub-script-check', { input });
});

test('a shell receives exactly the same words, whatever they contain', () => {
  const words = [...hostileTexts, ...fc.sample(anyText, { numRuns: 500, seed: 3 })].filter(
    (text) => !text.includes('\0'),
  );
  const output = execFileSync('sh', ['-s'], {
    input: `printf '%s\\0' ${quoteSh(words)}\n`,
    encoding: 'utf8',
  });
  expect(output.split('\0').slice(0, -1)).toEqual(words);
});
