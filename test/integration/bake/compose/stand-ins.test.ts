import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { standInsOf } from '../../../../src/bake/compose/stand-ins.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const stanza = (name: string, more = '') =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nMaintainer: a <a@example.org>\nVersion: 1.0-1\n${more}Description: x\n`;

test('a package that declares itself a stand-in is found in a tree, whatever other packages there are', async () => {
  const tree = await temporaryFolder();
  await mkdir(join(tree, 'var/lib/dpkg'), { recursive: true });
  const status = join(tree, 'var/lib/dpkg/status');
  const yes = 'Ingot-Stand-In: yes\n';
  await writeFile(
    status,
    [
      stanza('zookeeper'),
      stanza('mesos', yes),
      stanza('marathon', yes),
      stanza('x', 'Ingot-Stand-In: no\n'),
    ].join('\n'),
  );
  expect(await standInsOf(makeHost(), tree)).toEqual(['marathon 1.0-1', 'mesos 1.0-1']);
  await writeFile(status, stanza('zookeeper'));
  expect(await standInsOf(makeHost(), tree)).toEqual([]);
});
