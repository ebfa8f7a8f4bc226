import { describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { netboot } from '../../../src/inputs/targets/netboot.ts';
import { renderNetbootTree } from '../../../src/render/render-netboot-tree.ts';
import { imageFactsOf, renderTarget } from '../../../src/render/render-target.ts';
import { netbootPlanOf, netbootSection } from '../../samples/netboot.ts';

const templates = await loadTemplates('templates');
const roles = ['master', 'slave'] as const;
const versions = roles.map((role) => {
  const version = `20261122-${role === 'master' ? 'aa' : 'bb'}`;
  const image = imageFactsOf(
    { role, kernelArguments: [] },
    { version, rootHash: 'ab12', memoryMiB: 1024, diskBytes: 0 },
  );
  const [script, grubConfig] = renderTarget(templates, netboot, image).map(({ content }) => content);
  return { role, version, script: script ?? '', grubConfig: grubConfig ?? '' };
});
const treeOf = (section = netbootSection): ReadonlyMap<string, string> =>
  new Map(
    renderNetbootTree(templates, {
      cluster: 'demo',
      plan: netbootPlanOf(section),
      versions,
      seed: '0123ab',
    }).map(({ path, content }) => [path, content]),
  );
const tree = treeOf();

describe('the scripts of a netboot tree', () => {
  test('are the same bytes each time', () => {
    expect([...tree]).toEqual([...treeOf()]);
    expect([...tree.keys()].sort()).toEqual([
      ...['boot.ipxe', 'roles/master.cfg', 'roles/master.ipxe', 'roles/slave.cfg', 'roles/slave.ipxe'],
      'roles/unknown.ipxe',
    ]);
  });

  test('ask the server for the role of a machine, by its hardware address in a form that needs no decoding', () => {
    expect(tree.get('boot.ipxe')).toContain(
      'chain --replace http://10.0.0.2/machine.ipxe?mac=${netX/mac:hexhyp} || goto again',
    );
  });

  test('for a role set the version, the seed and the URL for reports, and continue with the script of the version', () => {
    const script = tree.get('roles/slave.ipxe') ?? '';
    expect(script.match(/^#!ipxe$/gm)).toHaveLength(1);
    expect(script).toMatch(/^#!ipxe\n/);
    expect(script).toContain('\nset base http://10.0.0.2/images/slave/20261122-bb\n');
    expect(script).toContain('\nset seed http://10.0.0.2/seed/0123ab\n');
    expect(script).toContain('\nset report http://10.0.0.2/report\n');
    expect(script).toContain('\nkernel --name vmlinuz ${base}/vmlinuz || goto again\n');
  });

  test('show an unknown machine a menu that continues with the next boot device by itself', () => {
    const menu = tree.get('roles/unknown.ipxe') ?? '';
    expect(menu).toContain('is not in the inventory of cluster demo');
    expect(menu).toContain('choose --timeout 60000 --default next what');
    expect(menu).toContain('item slave Boot as a slave, version 20261122-bb\n');
    expect(menu).toMatch(/\n:slave\nchain --replace http:\/\/10\.0\.0\.2\/roles\/slave\.ipxe /);
  });

  test('or give it the role of the spec', () => {
    const script = treeOf(`${netbootSection}  unknown: slave\n`).get('roles/unknown.ipxe') ?? '';
    expect(script).not.toContain('menu');
    expect(script).toContain('\nchain --replace http://10.0.0.2/roles/slave.ipxe || goto failed\n');
  });

  test('do the same for GRUB', () => {
    const config = tree.get('roles/master.cfg') ?? '';
    expect(config).toContain('\nset ingot_folder=(http,10.0.0.2)/images/master/20261122-aa\n');
    expect(config).toContain('\nset ingot_base=http://10.0.0.2/images/master/20261122-aa\n');
  });
});
