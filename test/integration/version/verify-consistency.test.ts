import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, problems, signAnew, whole, withCopy } from './signed-whole-version.ts';

describe('a version whose list is signed, but whose files do not belong to one image', () => {
  const replaced = async (folder: string, file: string, from: RegExp | string, to: string) => {
    const path = join(folder, file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  };

  test.each<[string, (folder: string) => Promise<void>, string[]]>([
    [
      'another manifest',
      (folder) => writeFile(join(folder, 'manifest.json'), '\n', { flag: 'a' }),
      ['boot.json says that the version is', ' has the name of another version'],
    ],
    [
      'no manifest',
      (folder) => writeFile(join(folder, 'manifest.json'), '{}'),
      ['manifest.json is not a manifest of ingot'],
    ],
    [
      'another root',
      async (folder) => {
        await rm(join(folder, 'netboot'), { recursive: true });
        await replaced(folder, 'root.squashfs', '', 'x');
      },
      ['root.squashfs does not have the root hash', 'root.squashfs does not have the'],
    ],
    [
      'another root hash in the menu',
      (folder) => replaced(folder, 'slot.cfg', /roothash=./, 'roothash=x'),
      ['slot.cfg says that the root hash is'],
    ],
    [
      'two root hashes in the iPXE script',
      (folder) => replaced(folder, 'netboot/boot.ipxe', 'ingot.', `ingot.roothash=${'0'.repeat(64)} ingot.`),
      ['netboot/boot.ipxe does not name one root hash'],
    ],
    [
      'another kernel',
      async (folder) => {
        await rm(join(folder, 'vmlinuz'));
        await writeFile(join(folder, 'vmlinuz'), 'another');
      },
      ['vmlinuz is not the one that the manifest names', 'netboot/vmlinuz is not the same as vmlinuz'],
    ],
    [
      'a boot.json of another role',
      (folder) => replaced(folder, 'boot.json', 'slave', 'master'),
      ['boot.json says that the role is master; it is slave'],
    ],
    [
      'the boot test of another version',
      (folder) => replaced(folder, 'checks.json', /"version": "2/, '"version": "3'),
      ['checks.json says that the version is 3'],
    ],
    [
      'no boot test',
      (folder) => rm(join(folder, 'checks.json')),
      ['checks.json is missing: every version needs it'],
    ],
    [
      'no bill of materials and no provenance',
      async (folder) => {
        for (const name of ['sbom.cdx.json', 'provenance.json']) await rm(join(folder, name));
      },
      [
        'sbom.cdx.json is missing: every version needs it',
        'provenance.json is missing: every version needs it',
      ],
    ],
  ])('is refused: %s', (_, spoil, expected) =>
    withCopy(async (folder) => {
      await spoil(folder);
      await signAnew(folder);
      const found = await problems(folder);
      for (const text of expected) expect(found.map((one) => one.includes(text))).toContain(true);
    }),
  );

  test('is refused: an empty list', () =>
    withCopy(async (folder) => {
      for (const file of files) await rm(join(folder, file), { force: true });
      await rm(join(folder, 'netboot'), { recursive: true });
      await writeFile(join(folder, 'SHA256SUMS.dsse'), '');
      await signAnew(folder);
      expect(await problems(folder)).toContain('manifest.json is missing: every version needs it');
    }));

  test('is refused: the folder of another role, or with the name of another version', () =>
    withCopy(async (folder) => {
      const master = join(folder, '..', '..', 'master');
      await mkdir(master);
      await rename(folder, join(master, '20250101-000000000000'));
      const place = join(master, '20250101-000000000000');
      expect(await problems(place)).toEqual([
        ` has the name of another version: it holds ${whole.version}`,
        ' holds a slave, in the folder of a master',
      ]);
    }));

  test('hard links and copies are the same: only the bytes count', () =>
    withCopy(async (folder) => {
      await rm(join(folder, 'netboot', 'vmlinuz'));
      execFileSync('cp', ['vmlinuz', 'netboot/vmlinuz'], { cwd: folder });
      expect(await problems(folder)).toEqual([]);
    }));
});
