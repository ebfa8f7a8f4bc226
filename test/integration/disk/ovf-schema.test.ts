import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { projectFolder } from '../../../src/host/project-folder.ts';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { ova } from '../../../src/inputs/targets/ova.ts';
import { renderTarget } from '../../../src/render/render-target.ts';
import { sharedFolder } from '../../samples/temporary.ts';

// Not DMTF's own files, which could not be had: test/schemas/README.md.
const schema = join(projectFolder, 'test', 'schemas', 'ovf', 'envelope.xsd');
const work = sharedFolder();
let descriptor = '';
beforeAll(async () => {
  const templates = await loadTemplates(join(projectFolder, 'templates'));
  const facts = {
    ...{ role: 'slave', title: 'demo & <slave>', version: '20261129-3a53b04ef46e' },
    ...{ rootHash: 'ab'.repeat(32), memoryMiB: 700, diskBytes: 1_053_818_880, kernelArguments: [] },
  } as const;
  descriptor = renderTarget(templates, ova, facts)[0]?.content ?? '';
});

/** What xmllint says about a descriptor; undefined if it is valid. */
async function invalid(text: string): Promise<string | undefined> {
  const file = join(work(), 'image.ovf');
  await writeFile(file, text);
  const args = ['--nonet', '--noout', '--schema', schema, file];
  const { status, stderr } = spawnSync('xmllint', args, { encoding: 'utf8' });
  return status === 0 ? undefined : stderr;
}

test('the schema is one, and the descriptor of an OVA is valid against it', async () => {
  execFileSync('xmllint', ['--nonet', '--noout', schema]);
  expect(await invalid(descriptor)).toBeUndefined();
});

describe('the schema refuses', () => {
  const without = (text: string) => (from: string) => from.replace(text, '');
  test.each<[string, (text: string) => string]>([
    [
      'a disk whose file is not among the references',
      (text) => text.replace('fileRef="file1"', 'fileRef="file2"'),
    ],
    ['a disk without a capacity', (text) => text.replace(/ ovf:capacity="\d+"/, '')],
    ['a file without an address', (text) => text.replace(/ ovf:href="[^"]*"/, '')],
    ['a section without Info', without('<Info>The network of the cluster</Info>')],
    ['an operating system without its number', without(' ovf:id="96"')],
    ['an item without InstanceID', without('<rasd:InstanceID>1</rasd:InstanceID>')],
    [
      'an item whose elements are not in the order of the alphabet',
      (text) =>
        text.replace(
          /(<rasd:Address>0<\/rasd:Address>)\s*(<rasd:Description>SCSI controller<\/rasd:Description>)/,
          '$2$1',
        ),
    ],
    ['an element that does not exist', (text) => text.replace(/rasd:Connection>/g, 'rasd:Network>')],
    ['attributes without the namespace of OVF', (text) => text.replace('ovf:diskId', 'diskId')],
    [
      'a type of a resource that is not a number',
      (text) => text.replace('<rasd:ResourceType>3<', '<rasd:ResourceType>cpu<'),
    ],
    [
      'sections after the machine',
      (text) => text.replace(/(<NetworkSection>.*?<\/NetworkSection>)(.*<\/VirtualSystem>)/s, '$2$1'),
    ],
  ])('%s', async (_, change) => {
    const changed = change(descriptor);
    expect(changed).not.toBe(descriptor);
    expect(await invalid(changed)).toContain('fails to validate');
  });
});
