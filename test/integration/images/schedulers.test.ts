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

/** Path on the node -> file of the project, for all files of the layers of a role. */
function brought(role: (typeof allRoles)[number], scheduler: Scheduler) {
  return new Map(
    imageLayers(role, { base: { suite: 'bookworm' }, layout: 'mesosphere', scheduler }).flatMap((layer) =>
      foldersOf(layer).flatMap((folder) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((file): [string, string] => [`${layerPlace(folder)}${file.slice(folder.length)}`, file]),
      ),
    ),
  );
}

it('every scheduler of a spec has a layer, and every layer has a scheduler', () => {
  expect(readdirSync(join(images, 'schedulers')).sort()).toEqual([...schedulerNames].sort());
});

it('the allowed differences of two masters include those of a scheduler only if the cluster has it', async () => {
  const marathon = 'above the root /etc/default/marathon';
  const allows = async (scheduler: string) =>
    (await allowedDifferences(scheduler)).some(({ matches }) => matches(marathon));
  expect([await allows('marathon'), await allows('none')]).toEqual([true, false]);
  for (const name of schedulerNames) expect((await allowedDifferences(name)).length).toBeGreaterThan(10);
});

describe.each(allRoles)('a %s of a cluster without a scheduler', (role) => {
  const none = { base: { suite: 'bookworm' }, layout: 'mesosphere', scheduler: 'none' } as const;

  it('has no unit, check, package or file of one, and no configuration names one', () => {
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

  it.each(schedulerNames)('differs from one with %s only by that layer', (name) => {
    const without = brought(role, 'none');
    const more = [...brought(role, name)].filter(([path, file]) => without.get(path) !== file);
    const own = [images, join(nodeTools, 'programs')].map((folder) => join(folder, 'schedulers', name, role));
    expect(more.filter(([, file]) => !own.some((folder) => file.startsWith(folder)))).toEqual([]);
    expect(more.length > 0).toBe(role === 'master');
  });
});
