import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Scheduler, schedulerNames } from '../../../src/inputs/cluster-spec/schedulers.ts';
import { imageLayers } from '../../../src/inputs/plan/image-layers.ts';
import { layerPlace } from '../../../src/inputs/plan/layer-place.ts';
import { allRoles } from '../../../src/inputs/plan/plan.ts';
import { allowedDifferences } from '../../../src/rehearse/allowed-differences.ts';
import { foldersOf, nodeTools } from '../../unit/images/node-programs.ts';
import { project } from '../built-ingot.ts';
import { definitionsOf } from './composed-tree.ts';

const images = join(project, 'images');

/** Path on the node -> file of the project, of everything that the layers of a role bring. */
function brought(role: (typeof allRoles)[number], scheduler: Scheduler) {
  return new Map(
    imageLayers(role, { layout: 'mesosphere', scheduler }).flatMap((layer) =>
      foldersOf(layer).flatMap((folder) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((file): [string, string] => [`${layerPlace(folder)}${file.slice(folder.length)}`, file]),
      ),
    ),
  );
}

it('every scheduler that a spec may name has its layer, and every layer can be named', () => {
  expect(readdirSync(join(images, 'schedulers')).sort()).toEqual([...schedulerNames].sort());
});

it('what two masters may differ in has what a scheduler adds where the cluster has it, and only there', async () => {
  const marathon = 'above the root /etc/default/marathon';
  const allows = async (scheduler: string) =>
    (await allowedDifferences(scheduler)).some(({ matches }) => matches(marathon));
  expect([await allows('marathon'), await allows('none')]).toEqual([true, false]);
  for (const name of schedulerNames) expect((await allowedDifferences(name)).length).toBeGreaterThan(10);
});

describe.each(allRoles)('a %s of a cluster without a scheduler', (role) => {
  const none = { layout: 'mesosphere', scheduler: 'none' } as const;

  it('has no unit, no check, no package and no file of one, and nothing that a node acts on names one', () => {
    const mentions = new RegExp(schedulerNames.join('|'), 'i');
    const { length } = definitionsOf(role, none);
    expect(length).toBeGreaterThan(2);
    for (const { unitsOn, unitsMasked, checks, packages } of definitionsOf(role, none))
      expect(JSON.stringify({ unitsOn, unitsMasked, checks, packages })).not.toMatch(mentions);
    const files = [...brought(role, 'none')];
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter(([path]) => mentions.test(path)).map(([path]) => path)).toEqual([]);
    const acts = files.filter(([path]) =>
      /^\/etc\/|^\/usr\/lib\/(?:systemd|sysusers\.d|tmpfiles\.d|ingot\/(?:check|compose\.d|drift\.d|status\.d|units\.d))\//.test(
        path,
      ),
    );
    expect(acts.length).toBeGreaterThan(40);
    expect(
      acts.filter(([, file]) => mentions.test(readFileSync(file, 'utf8'))).map(([path]) => path),
    ).toEqual([]);
  });

  it.each(schedulerNames)('differs from one with %s by that layer and by nothing else', (name) => {
    const without = brought(role, 'none');
    const more = [...brought(role, name)].filter(([path, file]) => without.get(path) !== file);
    const own = [images, join(nodeTools, 'programs')].map((folder) => join(folder, 'schedulers', name, role));
    expect(more.filter(([, file]) => !own.some((folder) => file.startsWith(folder)))).toEqual([]);
    expect(more.length > 0).toBe(role === 'master');
  });
});
