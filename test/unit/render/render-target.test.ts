import { describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { ec2 } from '../../../src/inputs/targets/ec2.ts';
import { netboot } from '../../../src/inputs/targets/netboot.ts';
import { imageFactsOf, renderTarget, renderTargets } from '../../../src/render/render-target.ts';

const templates = await loadTemplates('templates');
const image = imageFactsOf(
  { role: 'master', kernelArguments: ['quiet'] },
  { version: '1', rootHash: 'ab12', memoryMiB: 1300, diskBytes: 5 * 1024 ** 3 + 1 },
);

describe('a netboot folder', () => {
  const [ipxe, grub] = renderTarget(templates, netboot, image);
  test.each([
    ['boot.ipxe', ipxe, 'BOOTIF=01-${netX/mac:hexhyp}', '${base}'],
    ['grub.cfg', grub, 'BOOTIF=$ingot_mac', '$ingot_base'],
  ])(
    'has %s, which passes to the kernel the place of the root, its hash, and the memory that it needs',
    (name, file, mac, base) => {
      expect(file?.name).toBe(name);
      expect(file?.content).toContain(
        `boot=ingot ingot.fetch=${base} ingot.roothash=ab12 ingot.memory=1300 ip=dhcp ${mac} ingot.version=1 console=tty0 console=ttyS0,115200n8 panic=30 quiet`,
      );
      expect(file?.content).toMatch(/ds=nocloud-net;s=\$/);
      expect(file?.content).toMatch(/ingot\.report=\$/);
    },
  );
});

describe('the files for Amazon EC2', () => {
  const texts = new Map(renderTargets(templates, [ec2], image).map(({ path, content }) => [path, content]));

  test('are in the folder cloud of the version, as before', () => {
    expect([...texts.keys()]).toEqual([
      'cloud/README.md',
      'cloud/import-snapshot.json',
      'cloud/register-image.json',
    ]);
  });

  test('contain the image and its root hash, and a volume of whole GiB that fits the disk', () => {
    const asked = JSON.parse(texts.get('cloud/register-image.json') ?? '{}') as Record<string, unknown>;
    expect(asked).toMatchObject({
      Name: 'ingot-master-1',
      Description: 'master node of a Mesos cluster, root hash ab12',
      BlockDeviceMappings: [{ Ebs: { VolumeSize: 6 } }],
    });
  });
});

test('a missing template is named', () => {
  expect(() => renderTarget(new Map(), ec2, image)).toThrow('templates/ec2/README.md.hbs');
});
