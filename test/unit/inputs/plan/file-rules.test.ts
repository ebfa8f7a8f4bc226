import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalNodePath } from '../../../../src/inputs/cluster-spec/node-path.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import type { Spec } from '../../../../src/inputs/cluster-spec/schema.ts';
import { declaredPaths, mountedPaths } from '../../../../src/inputs/plan/declared-paths.ts';
import { fileProblems, specFiles } from '../../../../src/inputs/plan/file-rules.ts';
import type { RolePaths } from '../../../../src/inputs/plan/path-fact.ts';
import { parseProtectedPaths } from '../../../../src/inputs/plan/protected-paths.ts';
import { smallSpec } from '../../../samples/spec.ts';

const empty = {
  facts: [],
  layerFacts: [],
  layers: [],
  files: new Map<string, string>(),
  folders: new Set<string>(),
};
const roles: readonly RolePaths[] = [
  { role: 'master', ...empty, facts: mountedPaths('[Mount]\nWhere=/data\n') },
  {
    role: 'slave',
    ...empty,
    files: new Map([['/a/b', 'images/slave/rootfs/a/b']]),
    folders: new Set(['/a']),
  },
];
const placed = (path: string) => ({ path, mode: '0644', content: '' });

const spec = parseSpec(smallSpec, 'cluster.yaml');
function specOf(common: readonly string[], slave: readonly string[]): Spec {
  return {
    ...spec,
    common: { ...spec.common, files: common.map(placed) },
    slave: { ...spec.slave, files: slave.map(placed) },
  };
}

const path = fc
  .array(fc.constantFrom('a', 'b', 'lib', 'usr', 'bin', 'data', 'var', 'run'), { minLength: 1, maxLength: 4 })
  .map((names) => `/${names.join('/')}`);

test('files that are accepted are in no image below one another, on a mount, below a file or in place of a folder', () => {
  const list = fc.uniqueArray(path, { maxLength: 5, selector: canonicalNodePath });
  fc.assert(
    fc.property(list, list, (common, slave) => {
      const all = specOf(common, slave);
      const wrong = new Set(fileProblems(all, roles).map((one) => one.path.slice(0, 3).join('.')));
      for (const role of roles) {
        const accepted = specFiles(all, role.role).filter(({ at }) => !wrong.has(at.join('.')));
        for (const file of accepted) {
          expect(accepted.some((other) => other.path.startsWith(`${file.path}/`))).toBe(false);
          expect(role.role === 'master' && /^\/data(?:\/|$)/.test(file.path)).toBe(false);
          expect(role.role === 'slave' && (file.path === '/a' || file.path.startsWith('/a/b/'))).toBe(false);
          expect(file.path).not.toMatch(/^\/(?:bin|lib|var\/run)\//);
        }
      }
    }),
  );
});

test('the path with the merged /usr is the same whatever form it is made from, including itself', () => {
  expect(canonicalNodePath('/lib/udev/x')).toBe('/usr/lib/udev/x');
  expect(canonicalNodePath('/library/x')).toBe('/library/x');
  fc.assert(
    fc.property(path, (one) => {
      expect(canonicalNodePath(canonicalNodePath(one))).toBe(canonicalNodePath(one));
    }),
  );
});

describe('the declarations of images/', () => {
  test('of derived files and mounts are read with the reason, but not globs of mounts and the root', () => {
    const facts = declaredPaths(
      '# words\nderived /etc/x-*.conf network # what the seed says\nmount / overlay required # root\nmount /var/lib/docker/** ext4 # containers\nmount /data ext4 # state\nstate /tmp # transient\n',
    );
    const why = (one: string) => facts.filter(({ matches }) => matches(one)).map((fact) => fact.why(one));
    expect(why('/etc/x-1.conf')).toEqual(['is written on each node: what the seed says']);
    expect(why('/data/a')).toEqual(['is hidden on a node: something else is mounted at /data']);
    for (const one of ['/etc/x-1/y.conf', '/etc/motd', '/var/lib/docker/a', '/database', '/tmp/x'])
      expect(why(one)).toEqual([]);
  });

  test('of protected paths are refused except for their exceptions, and those only where images/ has no file', () => {
    const [fact] = parseProtectedPaths(
      '- {path: /own/**, except: /own/d/*.conf, why: it is ours, instead: nothing}',
      'protected.yaml',
      'spec',
      (one) => one === '/own/d/ours.conf',
    );
    const refused = ['/own/a', '/own/d/ours.conf', '/own/d/x/y.conf', '/own/d/new.conf'].filter((one) =>
      fact?.matches(one),
    );
    expect(refused).toEqual(['/own/a', '/own/d/ours.conf', '/own/d/x/y.conf']);
  });
});
