import type { NetbootPlan } from '../inputs/plan/netboot-plan.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { type RenderedFile, renderFrom, type Templates } from './templates.ts';

/** A version that machines are to boot. */
export interface BootedVersion {
  readonly role: Role;
  readonly version: string;
  /** The version's own boot.ipxe and grub.cfg. */
  readonly script: string;
  readonly grubConfig: string;
}

export interface NetbootTree {
  readonly cluster: string;
  readonly plan: NetbootPlan;
  readonly versions: readonly BootedVersion[];
  /** Name of the seed's folder, which is a digest. */
  readonly seed: string;
}

/** Returns an iPXE script that continues another one: without its first line, "#!ipxe". */
const asContinuation = (script: string): string => script.replace(/^#!ipxe\n/, '');

function ofVersion(
  templates: Templates,
  { cluster, plan, seed }: NetbootTree,
  one: BootedVersion,
): readonly RenderedFile[] {
  const { role, version } = one;
  const values = { cluster, role, version, seed, url: plan.url, host: plan.url.replace('http://', '') };
  const render = (name: string): string => renderFrom(templates, `netboot/tree/${name}.hbs`, values);
  return [
    { path: `roles/${role}.ipxe`, content: render('role.ipxe') + asContinuation(one.script) },
    { path: `roles/${role}.cfg`, content: render('role.cfg') + one.grubConfig },
  ];
}

/**
 * Renders the scripts of a netboot tree, which determine what machines boot. Paths are relative to the tree.
 * @throws IngotError wrong-template for values that iPXE or GRUB would interpret differently
 */
export function renderNetbootTree(templates: Templates, tree: NetbootTree): readonly RenderedFile[] {
  const { cluster, plan, versions } = tree;
  const { url, unknown, menuSeconds } = plan;
  const unknownValues = {
    ...{ cluster, url, role: unknown === 'menu' ? null : unknown, menuMilliseconds: menuSeconds * 1000 },
    versions: versions.map(({ role, version }) => ({ role, version })),
  };
  return [
    { path: 'boot.ipxe', content: renderFrom(templates, 'netboot/tree/boot.ipxe.hbs', { cluster, url }) },
    {
      path: 'roles/unknown.ipxe',
      content: renderFrom(templates, 'netboot/tree/unknown.ipxe.hbs', unknownValues),
    },
    ...versions.flatMap((one) => ofVersion(templates, tree, one)),
  ];
}
