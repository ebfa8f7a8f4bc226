import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../../../src/diff/compare/compare-versions.ts';
import { differenceText } from '../../../../src/diff/compare/difference-text.ts';
import type { PathDifference, VersionDifference } from '../../../../src/diff/compare/version-difference.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';
import { host, makeVersion, type Planted } from './sample-versions.ts';

/** Compares an original version with one in which something was planted. */
async function compared(planted: Planted, layers: readonly string[] = []): Promise<VersionDifference> {
  const folder = await temporaryFolder();
  const stored = await makeVersion(folder, 'first');
  return compareVersions(host, stored, await makeVersion(folder, 'second', planted), layers);
}

const differing = (difference: VersionDifference): string[] =>
  difference.files.filter(({ equal }) => !equal).map(({ name }) => name);
const fields = ({ fields: all }: PathDifference): Record<string, string> =>
  Object.fromEntries(all.map(({ name, stored, made }) => [name, `${stored ?? '-'} → ${made ?? '-'}`]));
const summary = (difference: VersionDifference): string[] =>
  difference.root.paths.map(({ kind, path }) => `${kind} ${path}`);

describe('two versions without a planted difference', () => {
  it('are the same, however each was boot-tested, listed and signed', async () => {
    const folder = await temporaryFolder();
    const [stored, made] = [await makeVersion(folder, 'first'), await makeVersion(folder, 'second')];
    for (const name of ['checks.json', 'provenance.json', 'SHA256SUMS', 'SHA256SUMS.dsse'])
      await writeFile(join(stored, name), name);
    await writeFile(join(made, 'checks.json'), 'another');
    const { equal, files } = await compareVersions(host, stored, made);
    expect(equal).toBe(true);
    expect(files.map(({ name }) => name)).not.toContain('checks.json');
  });

  it('are the same, file by file, with the digest of each', async () => {
    const difference = await compared({});
    expect(difference.equal).toBe(true);
    expect(difference.root.paths).toEqual([]);
    expect(differenceText(difference).split('\n')).toHaveLength(8);
    expect(differenceText(difference)).toMatch(/^ {2}[0-9a-f]{64} {2}disk\.qcow2$/m);
  });
});

describe('a difference in the root', () => {
  const planted: [string, string, string[], Record<string, string>][] = [
    ['a mode', 'chmod 600 etc/tool.conf', ['changed /etc/tool.conf'], { mode: '0644 → 0600' }],
    ['an owner', 'chown 7:8 etc/tool.conf', ['changed /etc/tool.conf'], { uid: '0 → 7', gid: '0 → 8' }],
    [
      'a time',
      'touch -d @1000000000 etc/tool.conf',
      ['changed /etc/tool.conf'],
      { mtime: '2025-11-22T00:00:00Z (1763769600) → 2001-09-09T01:46:40Z (1000000000)' },
    ],
    [
      'the target of a link',
      'ln -sfn other usr/bin/link',
      ['changed /usr/bin/link'],
      { target: 'ping → other' },
    ],
    [
      'a kind of path',
      'rm opt/a/c; mkdir opt/a/c',
      ['changed /opt/a/c'],
      {
        type: 'file → directory',
        mode: '0644 → 0755',
        size: '2 → -',
        sha256: 'a3a5e715f0cc574a73c3f9bebb6bc24f32ffd5b67b387244c2c909da779a1478 → -',
      },
    ],
    [
      'the number of a device',
      'rm opt/null; mknod opt/null c 1 5',
      ['changed /opt/null'],
      { 'device.minor': '3 → 5' },
    ],
    [
      'a capability',
      'setcap cap_sys_admin+ep usr/bin/ping',
      ['changed /usr/bin/ping', 'changed /usr/bin/same'],
      {
        'xattrs.security.capability':
          '0100000200200000000000000000000000000000 → 0100000200002000000000000000000000000000',
      },
    ],
    [
      'a hard link that is a copy',
      'cp --preserve=all usr/bin/ping x; mv -f x usr/bin/same',
      ['changed /usr/bin/same'],
      { hardLink: '/usr/bin/ping → -' },
    ],
  ];
  it.each(planted)('is found and reported when it is %s', async (_, script, paths, wanted) => {
    const difference = await compared({ script });
    expect(difference.equal).toBe(false);
    expect(summary(difference)).toEqual(paths);
    expect(fields(difference.root.paths[0] as PathDifference)).toEqual(wanted);
    expect(difference.root.paths[0]?.content).toBeUndefined();
    expect(difference.initrd.paths).toEqual([]);
  });

  it('is reported for paths that are only on one side, sorted bytewise among the others', async () => {
    const difference = await compared({
      script: 'rm -r opt/a-b; echo new > opt/a.new; echo x > opt/Ğ; rm opt/Főta',
    });
    expect(summary(difference)).toEqual([
      'removed /opt/Főta',
      'removed /opt/a-b',
      'added /opt/a.new',
      'added /opt/Ğ',
    ]);
    const { root } = difference;
    expect([root.added, root.removed, root.changed]).toEqual([2, 2, 0]);
    expect(differenceText(difference)).toContain(
      '4 paths of the root: 0 changed, 2 only made now, 2 only stored',
    );
  });

  it('is shown in text as a unified diff, with the first differing byte and the package that lists the path', async () => {
    const difference = await compared({ script: "printf 'one\\nTwo\\nthree\\n' > etc/tool.conf" });
    const [found] = difference.root.paths;
    expect(found?.content?.first.offset).toBe(4);
    expect(found?.origin).toEqual({ packages: ['tool'], guest: false, layers: [] });
    const text = differenceText(difference);
    expect(text).toContain('-two\n    +Two');
    expect(text).toMatch(/stored 00000000 {2}6f 6e 65 0a 74 77 .* \|one\.two\.three\.\|/);
    expect(text).toContain('from  package tool');
    expect(differing(difference)).toEqual(['disk.qcow2', 'manifest.json', 'root.squashfs', 'root.verity']);
    expect(text).toContain('it is made of manifest.json, root.squashfs, root.verity');
  });

  it('is shown in a large binary by the bytes around the first difference; a package may name it without /usr', async () => {
    const difference = await compared({
      script: "printf '\\377' | dd of=usr/lib/x/large bs=1 seek=1500003 conv=notrunc status=none",
    });
    const [found] = difference.root.paths;
    expect(found?.path).toBe('/usr/lib/x/large');
    expect(found?.content).toEqual({
      first: {
        offset: 1500003,
        stored: expect.stringMatching(/^0016e360 {2}00 00 00 00 /) as string,
        made: expect.stringMatching(/^0016e360 {2}00 00 00 ff /) as string,
      },
    });
    expect(found?.origin?.packages).toEqual(['libx']);
  });

  it('is found in files whose names a shell or unsquashfs would read as patterns', async () => {
    const difference = await compared({ script: "echo A > 'opt/b[1]* \\x'; echo B > opt/Főta" });
    expect(difference.root.paths.map(({ path, content }) => [path, content?.first.offset])).toEqual([
      ['/opt/Főta', 0],
      ['/opt/b[1]* \\x', 0],
    ]);
  });

  it('names the build guest, the rootfs of images/ or neither as its origin', async () => {
    const layer = join(await temporaryFolder(), 'images', 'common', 'rootfs');
    await host.run('mkdir', ['-p', join(layer, 'opt')]);
    await writeFile(join(layer, 'opt', 'Főta'), 'b\n');
    const difference = await compared(
      { script: 'for f in opt/Főta opt/a/c usr/bin/ping; do echo 2 > $f; done' },
      [layer],
    );
    const text = differenceText(difference);
    expect(text).toMatch(/opt\/Főta\n +from {2}images\/common\/rootfs\n/);
    expect(text).toMatch(/opt\/a\/c\n +from {2}changed in the build guest/);
    expect(text).toMatch(/usr\/bin\/ping\n +from {2}no package, step or rootfs of images\//);
  });

  it('is examined for the first fifty files and reported for all others', async () => {
    const script = 'for i in $(seq 100 159); do echo $1 > opt/f$i; done';
    const folder = await temporaryFolder();
    const stored = await makeVersion(folder, 'first', { script: script.replace('$1', '1') });
    const made = await makeVersion(folder, 'second', { script: script.replace('$1', '2') });
    const { root } = await compareVersions(host, stored, made);
    expect(root.changed).toBe(60);
    expect(root.paths.filter(({ content }) => content !== undefined)).toHaveLength(50);
  });
});

describe('a difference outside the root', () => {
  const init = { path: 'init', mode: 0o100755, content: '#!/bin/sh\nexec other\n' };
  it('is reported path by path for an initrd, and the root is reported as the same', async () => {
    const difference = await compared({ initrd: [{ path: '.', mode: 0o040755, mtime: 60 }, init] });
    expect(difference.initrd.paths.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'changed /',
      'changed /init',
      'removed /sbin',
    ]);
    expect(difference.root.paths).toEqual([]);
    expect(differing(difference)).toEqual(['disk.qcow2', 'initrd.img', 'manifest.json']);
    expect(difference.head.map(({ name }) => name)).toContain('boot.initrd.sha256');
    expect(differenceText(difference)).toContain('-exec run-init\n    +exec other');
  });

  it('is reported for an initrd that was only compressed differently', async () => {
    const difference = await compared({ level: 19 });
    const initrd = difference.files.find(({ name }) => name === 'initrd.img');
    expect(initrd?.notes).toEqual([
      'it unpacks to the same paths and contents: its compression or padding differs',
    ]);
    expect(initrd?.first?.offset).toBeGreaterThan(0);
  });

  it('is located in a partition when only the disk differs', async () => {
    const difference = await compared({
      disk: 'printf x | dd of=disk.raw bs=1 seek=1050624 conv=notrunc status=none',
    });
    expect(differing(difference)).toEqual(['disk.qcow2']);
    expect(differenceText(difference)).toMatch(
      /what a guest reads from it differs from byte 10\d+ on, byte \d+ of the partition ingot-boot/,
    );
  });

  it('is reported for a squashfs that contains the same paths', async () => {
    const folder = await temporaryFolder();
    const stored = await makeVersion(folder, 'first');
    const made = await makeVersion(folder, 'second');
    await writeFile(join(made, 'root.squashfs'), 'x', { flag: 'a' });
    const difference = await compareVersions(host, stored, made);
    expect(differing(difference)).toEqual(['root.squashfs']);
    expect(differenceText(difference)).toContain('its paths are the same; only their packing differs');
  });

  it('is reported for files that only one version has', async () => {
    const folder = await temporaryFolder();
    const stored = await makeVersion(folder, 'first');
    const made = await makeVersion(folder, 'second');
    await rm(join(made, 'changes.json'));
    await writeFile(join(made, 'strange'), '');
    const text = differenceText(await compareVersions(host, stored, made));
    expect(text).toMatch(/only stored +changes\.json/);
    expect(text).toMatch(/only made +strange/);
  });
});

describe('a folder that is not a version', () => {
  it('is refused by name', async () => {
    const folder = await temporaryFolder();
    const stored = await makeVersion(folder, 'first');
    const made = await makeVersion(folder, 'second');
    await writeFile(join(made, 'manifest.json'), '{"entries":[\n{"path":\n]}\n');
    const error = await rejection(compareVersions(host, stored, made));
    expect(error.message).toBe(`${join(made, 'manifest.json')} is not a manifest that ingot wrote`);
  });
});
