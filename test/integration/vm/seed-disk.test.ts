import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { seedDisk } from '../../../src/vm/seed-disk.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

test('the seed of a node is a disk labelled cidata that contains the files unchanged', async () => {
  const host = makeHost();
  const folder = await temporaryFolder();
  const content = '#cloud-config\nfqdn: "ä $x"\n';
  const files = [
    { path: 'user-data', content },
    { path: 'meta-data', content: '{}\n' },
    { path: 'network-config', content: 'version: 2\n' },
  ];
  const image = await seedDisk(host, files, join(folder, 'node'));
  const listing = await host.run('xorriso', ['-indev', image, '-pvd_info', '-find', '/', '-type', 'f']);
  expect(listing.stdout).toMatch(/^Volume Id\s*: cidata$/m);
  const names = listing.stdout.split('\n').filter((line) => line.startsWith("'"));
  expect(names.sort()).toEqual(["'/meta-data'", "'/network-config'", "'/user-data'"]);
  const copy = join(folder, 'copy');
  await host.run('xorriso', ['-osirrox', 'on', '-indev', image, '-extract', '/user-data', copy]);
  expect(await readFile(copy, 'utf8')).toBe(content);
});
