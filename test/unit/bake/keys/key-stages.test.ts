import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stageTitle } from '../../../../src/bake/cache/keyed-stage.ts';
import type { BakeStages } from '../../../../src/bake/keys/bake-stages.ts';
import type { StageMaterial } from '../../../../src/bake/keys/stage-material.ts';
import { lockedPackage, sampleLock } from '../../../samples/lock.ts';
import {
  sampleMaterial,
  stagesOf,
  withFile,
  withPlan,
  withProgram,
  withRole,
} from '../../../samples/stages.ts';

const keysOf = (stages: BakeStages): Map<string, string> =>
  new Map(stages.all.map((stage) => [stageTitle(stage), stage.key]));

/** The stages whose keys differ from those of the sample. */
function changedBy(material: StageMaterial): string[] {
  const before = keysOf(stagesOf(sampleMaterial));
  const now = keysOf(stagesOf(material));
  expect([...now.keys()]).toEqual([...before.keys()]);
  return [...now].flatMap(([title, key]) => (before.get(title) === key ? [] : [title]));
}

const all = [...keysOf(stagesOf(sampleMaterial)).keys()];
const from = (first: string, role: string): string[] => {
  const own = all.filter((title) => title.endsWith(` ${role}`));
  return own.slice(own.indexOf(`${first} ${role}`));
};
/** The stages that depend on the master's disk: the slave is boot-tested against it. */
const provenAgainst = 'verification slave';
const plan = sampleMaterial.plan;

describe('a change affects the stage that it belongs to and every stage that depends on it, and no others', () => {
  test.each<[string, StageMaterial, string[]]>([
    [
      'a package of both roles',
      {
        ...sampleMaterial,
        lock: sampleLock({
          ...sampleMaterial.lock.packages,
          shared: [lockedPackage('a', { version: '2.0' })],
        }),
      },
      all,
    ],
    [
      'a package of the slave',
      {
        ...sampleMaterial,
        lock: sampleLock({
          ...sampleMaterial.lock.packages,
          slave: [lockedPackage('docker', { version: '2.0' })],
        }),
      },
      from('packages', 'slave'),
    ],
    [
      'another source of the same package, which its bill of materials names',
      {
        ...sampleMaterial,
        lock: sampleLock({
          ...sampleMaterial.lock.packages,
          slave: [lockedPackage('docker', { source: 'local' })],
        }),
      },
      from('artifacts', 'slave'),
    ],
    [
      'a file of both roles',
      withFile('images/common/rootfs/etc/chrony/chrony.conf'),
      [...from('tree', 'master'), ...from('tree', 'slave')],
    ],
    [
      'an additional target',
      withPlan({ targets: ['qcow2', 'netboot'] }),
      [...from('artifacts', 'master'), ...from('artifacts', 'slave')],
    ],
    ['the compression of the slave', withRole('slave', { compressionLevel: 15 }), from('root', 'slave')],
    ['the memory that a slave needs', withRole('slave', { memoryMiB: 2048 }), from('artifacts', 'slave')],
    ['a file of the slave', withFile('images/slave/rootfs/etc/docker/daemon.json'), from('tree', 'slave')],
    [
      'a file of the master',
      withFile('images/master/rootfs/etc/default/zookeeper'),
      [...from('tree', 'master'), provenAgainst],
    ],
    [
      'the scheduler, whose name is in every image, and whose package is the only one that differs',
      {
        ...withPlan({ scheduler: 'none' }),
        lock: sampleLock({ ...sampleMaterial.lock.packages, master: [] }),
      },
      [...from('packages', 'master'), ...from('tree', 'slave')],
    ],
    [
      'a module of node-tools/',
      withFile('node-tools/ingot_node/drift/patterns.py'),
      [...from('tree', 'master'), ...from('tree', 'slave')],
    ],
    [
      'a program of the master in node-tools/',
      withFile('node-tools/programs/master/usr/bin/ingot-drain'),
      [...from('tree', 'master'), provenAgainst],
    ],
    ['a new file', withFile('images/slave/rootfs/etc/new'), from('tree', 'slave')],
    [
      'the execute bit of a file',
      withFile('images/slave/rootfs/etc/docker/daemon.json', `0755 ${'6'.repeat(64)}`),
      from('tree', 'slave'),
    ],
    [
      'a file from the spec',
      withRole('slave', { files: [{ path: '/etc/motd', mode: '0600', content: 'a slave\n' }] }),
      from('tree', 'slave'),
    ],
    ['a sysctl', withRole('slave', { sysctls: { 'vm.swappiness': '2' } }), from('tree', 'slave')],
    ['a unit', withRole('slave', { unitsMasked: ['x.service'] }), from('tree', 'slave')],
    [
      'the kernel arguments, which are also a file of the tree',
      withRole('slave', { kernelArguments: [] }),
      from('tree', 'slave'),
    ],
    [
      'the minutes within which a new version must become healthy',
      withPlan({ confirmMinutes: 99 }),
      [...from('tree', 'master'), ...from('tree', 'slave')],
    ],
    [
      "the guest's memory",
      withPlan({ guest: { ...plan.guest, memoryMiB: 4096 } }),
      [...from('changes', 'master'), ...from('changes', 'slave')],
    ],
    ['the time limit of a bake', withPlan({ guest: { ...plan.guest, timeoutMinutes: 99 } }), []],
    [
      'the disk for the state, which the seed names',
      withPlan({ data: { label: 'data', format: 'never' } }),
      [],
    ],
    [
      'zlib, which compresses a qcow2',
      withProgram('zlib1g'),
      [...from('artifacts', 'master'), ...from('artifacts', 'slave')],
    ],
    [
      'an answer to a package of both roles',
      {
        ...sampleMaterial,
        plan: { ...plan, debconf: [{ package: 'a', question: 'a/q', type: 'string', value: 'x' }] },
      },
      all,
    ],
    [
      'an answer to a package of the slave',
      withRole('slave', { debconf: [{ package: 'a', question: 'a/q', type: 'string', value: 'x' }] }),
      from('packages', 'slave'),
    ],
    [
      'a program that may keep its privileges',
      withRole('slave', { setuid: [{ path: '/opt/a', why: 'so' }] }),
      from('tree', 'slave'),
    ],
    ['the fixed number of a user', withFile('images/common/rootfs/usr/lib/sysusers.d/ingot.conf'), all],
    [
      'a step',
      withFile('images/common/steps/30-units/do.sh'),
      [...from('changes', 'master'), ...from('changes', 'slave')],
    ],
    [
      "Packer's template",
      withFile('templates/packer/cluster.pkr.hcl.hbs'),
      [...from('changes', 'master'), ...from('changes', 'slave')],
    ],
    ['residue.yaml', withFile('images/residue.yaml'), [...from('root', 'master'), ...from('root', 'slave')]],
    [
      "GRUB's template",
      withFile('templates/boot/grub.cfg.hbs'),
      [...from('artifacts', 'master'), ...from('artifacts', 'slave')],
    ],
    ['a check', withRole('slave', { checks: [] }), ['verification slave']],
    [
      "the nodes' seed",
      withFile('templates/cloud-init/node/user-data.hbs'),
      ['verification master', 'verification slave'],
    ],
    [
      "the cluster's name",
      withPlan({ cluster: 'other' }),
      ['artifacts master', 'artifacts slave', 'verification master', 'verification slave'],
    ],
    ["the masters' addresses", withPlan({ masters: ['10.0.0.99'] }), []],
    ['the date', withPlan({ epoch: plan.epoch + 1 }), all],
    ['the code of ingot', { ...sampleMaterial, code: 'f'.repeat(64) }, all],
    ['mmdebstrap', withProgram('mmdebstrap'), all],
    ['Packer', withProgram('packer'), [...from('changes', 'master'), ...from('changes', 'slave')]],
    ['mtools', withProgram('mtools'), [...from('artifacts', 'master'), ...from('artifacts', 'slave')]],
    ['OVMF', withProgram('ovmf'), ['verification master', 'verification slave']],
    [
      'Node.js, which writes files of a tree',
      { ...sampleMaterial, node: 'v22.0.0' },
      [...from('tree', 'master'), ...from('tree', 'slave')],
    ],
  ])('%s', (_, material, expected) => {
    expect(changedBy(material).toSorted()).toEqual(expected.toSorted());
  });
});

test('the same change to any file gives the same keys, and another content gives other keys', () => {
  const paths = [...sampleMaterial.files.keys()];
  const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
  fc.assert(
    fc.property(fc.constantFrom(...paths), hex, hex, (path, one, other) => {
      const keys = (digest: string) => [...keysOf(stagesOf(withFile(path, `0644 ${digest}`))).values()];
      expect(keys(one)).toEqual(keys(one));
      if (one !== other) expect(keys(one)).not.toEqual(keys(other));
    }),
  );
});

test('any stage that changes also changes every stage that builds on it', () => {
  const on: Readonly<Record<string, string[]>> = {
    shared: ['packages master', 'packages slave'],
    ...Object.fromEntries(
      ['master', 'slave'].flatMap((role) => [
        [`packages ${role}`, [`tree ${role}`]],
        [`tree ${role}`, [`changes ${role}`, `root ${role}`]],
        [`changes ${role}`, [`root ${role}`]],
        [`root ${role}`, [`artifacts ${role}`]],
        [`artifacts ${role}`, [`verification ${role}`, provenAgainst]],
      ]),
    ),
  };
  const materials = [
    ...[...sampleMaterial.files.keys()].map((path) => withFile(path)),
    ...Object.keys(sampleMaterial.programs).map((name) => withProgram(name)),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...materials), (material) => {
      const changed = changedBy(material);
      expect(changed.length).toBeGreaterThan(0);
      for (const title of changed) for (const above of on[title] ?? []) expect(changed).toContain(above);
    }),
  );
});

test('the order in which files were listed changes no key', () => {
  const reversed = { ...sampleMaterial, files: new Map([...sampleMaterial.files].reverse()) };
  expect(changedBy(reversed)).toEqual([]);
});

test("a role that is baked without the other has the same keys as in a bake of both, so that each can use the other's stages", () => {
  const both = keysOf(stagesOf(sampleMaterial));
  const storedMaster = both.get('artifacts master') ?? '';
  const alone = keysOf(stagesOf({ ...sampleMaterial, roles: ['slave'], storedMaster }));
  expect([...alone.keys()]).toEqual(['shared', ...all.filter((title) => title.endsWith(' slave'))]);
  for (const [title, key] of alone) expect(key).toBe(both.get(title));
  const another = keysOf(stagesOf({ ...sampleMaterial, roles: ['slave'], storedMaster: 'd'.repeat(64) }));
  expect([...another].flatMap(([title, key]) => (both.get(title) === key ? [] : [title]))).toEqual([
    provenAgainst,
  ]);
});
