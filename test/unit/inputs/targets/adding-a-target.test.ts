import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allTargets } from '../../../../src/inputs/targets/all-targets.ts';
import type { Target } from '../../../../src/inputs/targets/target.ts';
import { disksOf, linksOf, textsOf } from '../../../../src/inputs/targets/target-files.ts';
import { imageFactsOf, renderTargets } from '../../../../src/render/render-target.ts';

/** A target that ingot does not have. */
const azure: Target = {
  name: 'azure',
  description: 'a disk for Azure',
  texts: {
    folder: 'azure',
    templates: 'azure',
    names: ['deploy.json'],
    withRootHash: [],
    values: ({ title, diskBytes }) => ({ title, diskBytes }),
  },
  disks: [{ path: 'azure/disk.vhd', pack: (raw, file) => ['qemu-img', 'convert', '-O', 'vpc', raw, file] }],
  links: { 'azure/vmlinuz': 'vmlinuz' },
};

test('the record of a target contains everything that a bake needs to know about it', () => {
  const targets = [...allTargets, azure];
  const image = imageFactsOf(
    { role: 'slave', kernelArguments: [] },
    { version: '1', rootHash: 'ab', memoryMiB: 1, diskBytes: 7 },
  );
  const templates = new Map([['azure/deploy.json.hbs', '{{json title}} {{json diskBytes}}']]);
  expect(renderTargets(templates, [azure], image)).toEqual([
    { path: 'azure/deploy.json', content: '"ingot-slave-1" 7' },
  ]);
  expect(disksOf(targets).map(({ path }) => path)).toContain('azure/disk.vhd');
  expect(linksOf(targets)).toHaveProperty(['azure/vmlinuz'], 'vmlinuz');
});

async function sources(): Promise<(readonly [string, string])[]> {
  const paths = (await readdir('src', { recursive: true })).filter((path) => path.endsWith('.ts'));
  return Promise.all(
    paths
      .filter((path) => !path.startsWith('inputs/targets/'))
      .map(async (path) => [path, await readFile(join('src', path), 'utf8')] as const),
  );
}

test('outside of src/inputs/targets nothing depends on the name or on a file of a target', async () => {
  const files = await sources();
  expect(files.length).toBeGreaterThan(300);
  // The network is also a section of the spec and a command; qcow2 and raw are also formats of QEMU.
  const isWord = /\btargets?\b[^\n]*'(?:NAME)'|'(?:NAME)'[^\n]*\btargets?\b/.source;
  const names = allTargets.flatMap(({ name, formerNames = [] }) => [name, ...formerNames]);
  const branch = new RegExp(isWord.replaceAll('NAME', names.join('|')));
  const made = allTargets.flatMap((target) => [
    ...target.disks.map(({ path }) => path),
    ...textsOf(target).map(({ folder, name }) => `${folder}/${name}`),
  ]);
  for (const [path, text] of files) {
    const code = text.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
    expect(branch.exec(code)?.[0], path).toBeUndefined();
    for (const file of made) expect(code.includes(`'${file}'`), `${path}: ${file}`).toBe(false);
  }
});
