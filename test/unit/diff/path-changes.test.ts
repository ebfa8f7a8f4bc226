import { describe, expect, it } from 'vitest';
import type { PathDifference } from '../../../src/diff/compare/version-difference.ts';
import { isConfiguration } from '../../../src/diff/configuration.ts';
import { argumentChanges, fileChanges, layersOfRoles } from '../../../src/diff/diff-roots.ts';
import { growthByOwner, isTimeOnly, pathChange, unitChanges } from '../../../src/diff/path-changes.ts';

const link = (kind: 'added' | 'removed', path: string, target: string): PathDifference => ({
  path,
  kind,
  fields: [
    { name: 'type', ...(kind === 'added' ? { made: 'symlink' } : { stored: 'symlink' }) },
    { name: 'target', ...(kind === 'added' ? { made: target } : { stored: target }) },
  ],
});
const content = (path: string, before: number, after: number): PathDifference => ({
  path,
  kind: 'changed',
  fields: [
    { name: 'size', stored: String(before), made: String(after) },
    { name: 'sha256', stored: 'a', made: 'b' },
  ],
});
const origin = (packages: string[], layers: string[] = []) => ({ packages, layers, guest: false });

describe('paths that differ', () => {
  it('only in their time are counted separately', () => {
    const time = { name: 'mtime', stored: '1', made: '2' };
    expect(isTimeOnly({ path: '/', kind: 'changed', fields: [time] })).toBe(true);
    expect(isTimeOnly({ path: '/', kind: 'changed', fields: [time, { name: 'uid', made: '1' }] })).toBe(
      false,
    );
    expect(isTimeOnly({ path: '/', kind: 'added', fields: [time] })).toBe(false);
  });

  it('belong to a package first, then to images/, and to no owner if ingot generated them', () => {
    const layer = '/srv/ingot/images/slave/rootfs';
    const both = pathChange(content('/etc/x', 1, 2), origin(['tool'], [layer]));
    expect([both.owner, both.also]).toEqual(['tool', ['images/slave/rootfs']]);
    expect(pathChange(content('/etc/x', 1, 2), origin([], [layer])).owner).toBe('images/slave/rootfs');
    expect(pathChange(content('/etc/x', 1, 2), undefined).owner).toBe('generated');
  });

  it('make their owners larger or smaller', () => {
    const paths = [
      pathChange(content('/usr/a', 10, 4), origin(['small'])),
      pathChange(content('/usr/b', 10, 110), origin(['large'])),
      pathChange(content('/usr/c', 10, 11), origin(['large'])),
      pathChange(content('/usr/d', 10, 10), origin(['even'])),
    ];
    expect(growthByOwner(paths)).toEqual([
      { owner: 'large', bytes: 101 },
      { owner: 'small', bytes: -6 },
    ]);
  });

  it('include units that are enabled and disabled, masked and unmasked', () => {
    const paths = [
      link('added', '/etc/systemd/system/multi-user.target.wants/a.service', '/lib/systemd/system/a.service'),
      link('removed', '/usr/lib/systemd/system/sockets.target.requires/b.socket', '../b.socket'),
      link('added', '/etc/systemd/system/c.service', '/dev/null'),
      link('removed', '/etc/systemd/system/d.service', '/dev/null'),
      link('added', '/etc/systemd/system/alias.service', '/lib/systemd/system/a.service'),
    ].map((one) => pathChange(one, undefined));
    expect(unitChanges(paths)).toEqual([
      { unit: 'a.service', kind: 'enabled', by: 'multi-user.target' },
      { unit: 'b.socket', kind: 'disabled', by: 'sockets.target' },
      { unit: 'c.service', kind: 'masked' },
      { unit: 'd.service', kind: 'unmasked' },
    ]);
  });

  it('are configuration if they are below /etc or placed by images/', () => {
    const is = (path: string, packages: string[], layers: string[] = []) =>
      isConfiguration(pathChange(content(path, 1, 2), origin(packages, layers)));
    expect(is('/etc/tool.conf', ['tool'])).toBe(true);
    expect(is('/usr/lib/tool', ['tool'])).toBe(false);
    expect(is('/usr/lib/tool.conf', [], ['/x/images/common/rootfs'])).toBe(true);
  });
});

describe('the kernel arguments of nodes', () => {
  it('are shown without the name of the version', () => {
    const changes = argumentChanges(
      ['ingot.version=1', 'quiet', 'panic=30'],
      ['ingot.version=2', 'panic=60', 'quiet'],
    );
    expect(changes).toEqual({ added: ['panic=60'], removed: ['panic=30'] });
  });
});

describe('files of a version', () => {
  it('are compared by digest, and by size if there is none', () => {
    const side = (files: Record<string, [number, string?]>) =>
      new Map(Object.entries(files).map(([name, [size, sha256]]) => [name, { size, sha256 }]));
    const before = side({ same: [1, 'a'], other: [1, 'a'], bare: [5], gone: [3, 'x'] });
    const after = side({ same: [1, 'a'], other: [1, 'b'], bare: [5], new: [4, 'y'] });
    expect(fileChanges(before, after)).toEqual([
      { name: 'gone', before: 3 },
      { name: 'new', after: 4 },
      { name: 'other', before: 1, after: 1 },
    ]);
  });
});

describe('the layers of images/', () => {
  it('are those that a role of either side has', () => {
    const layers = ['/i/common/rootfs', '/i/master/rootfs', '/i/slave/rootfs'];
    expect(layersOfRoles(layers, ['slave', 'slave'])).toEqual(['/i/common/rootfs', '/i/slave/rootfs']);
    expect(layersOfRoles(layers, ['slave', 'master'])).toEqual(layers);
    const tools = ['/i/node-tools/ingot_node', '/i/node-tools/programs/master'];
    expect(layersOfRoles(tools, ['slave'])).toEqual(['/i/node-tools/ingot_node']);
  });
});
