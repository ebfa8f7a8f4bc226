import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightLines } from '../../../../src/bake/weight-text.ts';
import { fileSizes, packageBytes } from '../../../../src/version/sbom/package-bytes.ts';
import { type WeighedPackage, weights, weightsOfBom } from '../../../../src/version/sbom/weight.ts';

const MiB = 1024 ** 2;
const one = (
  name: string,
  mebibytes: number,
  needs: readonly string[] = [],
  more: Partial<WeighedPackage> = {},
): WeighedPackage => ({ name, bytes: mebibytes * MiB, needs, shared: false, foreign: false, ...more });

/** As aventer-mesos is for Debian 12: it brings in development packages. */
const clusterd = [
  one('libc6', 13, [], { shared: true }),
  one('aventer-mesos', 90, ['libsvn-dev', 'protobuf-compiler', 'libc6', 'libapr1'], { foreign: true }),
  one('libsvn-dev', 8, ['libsvn1', 'libapr1']),
  one('libsvn1', 3, ['libapr1']),
  one('protobuf-compiler', 2, ['libprotoc32']),
  one('libprotoc32', 5),
  one('libapr1', 1),
  one('docker.io', 100, ['libc6', 'containerd', 'libapr1']),
  one('containerd', 60),
  one('unzip', 1),
];

describe('the weight of a payload', () => {
  it('is its own size, and that of packages that only it needs, with the package that needs them', () => {
    const [docker, mesos, unzip] = weights(clusterd);
    expect(docker).toMatchObject({ name: 'docker.io', brings: [{ name: 'containerd' }] });
    expect(mesos).toEqual({
      ...{ name: 'aventer-mesos', bytes: 90 * MiB, foreign: true, bringsBytes: 18 * MiB },
      // libapr1 is also Docker's, libc6 is on every node.
      brings: [
        { name: 'libsvn-dev', bytes: 8 * MiB, because: ['aventer-mesos'] },
        { name: 'libprotoc32', bytes: 5 * MiB, because: ['protobuf-compiler'] },
        { name: 'libsvn1', bytes: 3 * MiB, because: ['libsvn-dev'] },
        { name: 'protobuf-compiler', bytes: 2 * MiB, because: ['aventer-mesos'] },
      ],
    });
    expect(unzip).toMatchObject({ name: 'unzip', brings: [], bringsBytes: 0 });
  });

  it("is shown at the end of a bake: Mesos always, Debian's packages only if they are heavy", () => {
    const light = one('marathon', 1, [], { foreign: true });
    expect(weightLines(weights([...clusterd, light]))).toEqual([
      'docker.io 100 MiB, and 60 MiB in 1 package that only it needs: containerd 60 MiB',
      'aventer-mesos 90 MiB, and 18 MiB in 4 packages that only it needs: libsvn-dev 8.0 MiB, libprotoc32 5.0 MiB, libsvn1 3.0 MiB, …',
      'marathon 1.0 MiB',
    ]);
  });

  it('counts no package twice, and includes every package that only one thing needs', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const package_ = fc.record({
      needs: fc.subarray(names),
      bytes: fc.nat(1000),
      shared: fc.boolean(),
      foreign: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.tuple(package_, package_, package_, package_, package_), (all) => {
        const packages = all.map((each, index) => ({ ...each, name: names[index] ?? '' }));
        const found = weights(packages);
        const counted = found.flatMap((each) => [each.name, ...each.brings.map(({ name }) => name)]);
        expect(new Set(counted).size).toBe(counted.length);
        const shared = new Set(packages.filter((each) => each.shared).map(({ name }) => name));
        expect(counted.filter((name) => shared.has(name))).toEqual([]);
      }),
    );
  });

  it('of an image whose bill of materials has no sizes is unknown', () => {
    const component = { 'bom-ref': 'x', name: 'mesos', purl: 'pkg:deb/local/mesos@1' };
    expect(weightsOfBom(JSON.stringify({ components: [component], dependencies: [] }))).toEqual([]);
  });
});

describe('the bytes of a package', () => {
  const listing = [
    'drwxr-xr-x 0/0                     191 2026-07-02 19:05 /usr/bin',
    '-rwxr-xr-x 0/0                    1000 2026-07-02 19:05 /usr/bin/tool',
    '-rw-r--r-- 0/0                      30 2026-07-02 19:05 /etc/a file',
    'lrwxrwxrwx 0/0                       7 2026-11-28 02:53 /bin -> usr/bin',
    'crw-rw-rw- 0/0                   5,  1 2026-11-28 02:53 /dev/console',
  ].join('\n');

  it('are those of its files in the root, each once, including where /usr is merged', () => {
    const list = ['/.', '/bin', '/bin/tool', '/bin/tool', '/etc/a file', '/usr/share/man/gone', ''].join(
      '\n',
    );
    expect(packageBytes(list, fileSizes(listing))).toBe(1030);
    expect(packageBytes('', fileSizes(listing))).toBe(0);
  });
});
