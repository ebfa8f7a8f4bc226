import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { link, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { filesBelow } from '../../../src/host/files-below.ts';
import type { VersionReport } from '../../../src/release/verify-version.ts';
import { signSums } from '../../../src/release/sign-version.ts';
import { parsePrivateKey } from '../../../src/release/keys.ts';
import { writeSums } from '../../../src/release/write-sums.ts';
import { rejection } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { tamper, type Tampering } from './tamper.ts';
import { makeWholeVersion, writeKey, type WholeVersion } from './whole-version.ts';

let work: string;
let whole: WholeVersion;
let privatePem: string;
let files: string[];

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'ingot-test-'));
  whole = await makeWholeVersion(work);
  ({ privatePem } = await writeKey(work, 'release'));
  await writeKey(work, 'other');
  await signSums(whole.folder, parsePrivateKey(privatePem, 'release'));
  files = await filesBelow(whole.folder);
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function ingot(...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd: work });
  return { exitCode: await commandLine(world, ['verify', ...args]), out: out(), err: err() };
}

/** Gives work a copy of the version, OUT/slave/VERSION with hard links as they were. */
async function withCopy<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const out = await mkdtemp(join(work, 'copy-'));
  try {
    await mkdir(join(out, 'slave'));
    execFileSync('cp', ['-a', whole.folder, join(out, 'slave')]);
    return await use(join(out, 'slave', whole.version));
  } finally {
    await rm(out, { recursive: true });
  }
}

/** What `ingot verify --json` says of a folder; exit 1 and a text that names the same files if it is refused. */
async function reportOf(folder: string): Promise<VersionReport> {
  const { world, out } = fakeWorld({ cwd: work });
  const done = commandLine(world, ['verify', folder, '--key', 'release.pub.pem', '--json']);
  const error = await done.then(() => undefined).catch(() => rejection(done));
  const [report] = JSON.parse(out()) as [VersionReport];
  expect(error?.exitCode).toBe(report.problems.length > 0 ? 1 : undefined);
  expect(error?.excerpt.length ?? 0).toBe(report.problems.length);
  return report;
}

/** Lists and signs a folder anew, as somebody with the key may do by mistake: what is left is that its files do not belong together. */
async function signAnew(folder: string): Promise<void> {
  await rm(join(folder, 'SHA256SUMS.dsse'));
  await writeSums(folder);
  await signSums(folder, parsePrivateKey(privatePem, 'release'));
}

const problems = async (folder: string): Promise<string[]> =>
  (await reportOf(folder)).problems.map(({ file, why }) => `${file} ${why}`);

describe('ingot verify DIR', () => {
  test('says of a version what it is and who signed it', async () => {
    const { exitCode, out } = await ingot(whole.folder, '--key', 'release.pub.pem');
    expect(exitCode).toBe(0);
    expect(out).toContain(`${whole.folder}: slave ${whole.version}, as it was signed\n`);
    expect(out).toContain(whole.rootHash);
    expect(await reportOf(whole.folder)).toMatchObject({
      ...{ folder: whole.folder, role: 'slave', version: whole.version, rootHash: whole.rootHash },
      problems: [],
      files: files.length - 2,
    });
  });

  test('reaches no network, and needs no name but the folder', () =>
    withCopy(async (folder) => {
      const elsewhere = join(folder, '..', '..', 'downloaded');
      await rename(folder, elsewhere);
      expect(await problems(elsewhere)).toEqual([]);
    }));

  test('is content with the signature of one of several keys', async () => {
    const done = await ingot(whole.folder, '--key', 'other.pub.pem', '--key', 'release.pub.pem');
    expect(done.exitCode).toBe(0);
  });

  test('refuses what another key has signed, and what nobody has', async () => {
    const error = await rejection(ingot(whole.folder, '--key', 'other.pub.pem'));
    expect(error.exitCode).toBe(1);
    expect(error.excerpt).toEqual([expect.stringMatching(/^SHA256SUMS\.dsse is not signed by key /)]);
    await withCopy(async (folder) => {
      await rm(join(folder, 'SHA256SUMS.dsse'));
      expect(await problems(folder)).toEqual(['SHA256SUMS.dsse is missing: nobody has signed this version']);
    });
  });

  test('names every bad one of several versions, and no good one', () =>
    withCopy(async (folder) => {
      await rm(join(folder, 'vmlinuz'));
      const error = await rejection(ingot(whole.folder, folder, '--key', 'release.pub.pem'));
      expect(error.message).toContain('1 of 2 versions');
      expect(error.excerpt).toEqual([`${folder}/vmlinuz is missing`]);
    }));

  test('says of two files in each other’s place that they were swapped', () =>
    withCopy(async (folder) => {
      await tamper(folder, { kind: 'swap', file: 'vmlinuz', other: 'initrd.img' });
      expect(await problems(folder)).toEqual(
        expect.arrayContaining([
          'vmlinuz was swapped: it holds what SHA256SUMS says of initrd.img',
          expect.stringMatching(
            /^initrd\.img was swapped: it holds what SHA256SUMS says of (netboot\/)?vmlinuz$/,
          ),
        ]),
      );
    }));

  test('believes the signature, not a list that was made to fit', () =>
    withCopy(async (folder) => {
      await writeFile(join(folder, 'boot.json'), '{}');
      await writeSums(folder);
      const found = await problems(folder);
      expect(found[0]).toBe('SHA256SUMS was altered: it is not what was signed');
      expect(found[1]).toMatch(/^boot\.json was altered/);
    }));

  test.each(['mkfifo', 'mkdir', 'ln -s nowhere'])('refuses what is no file: %s', (make) =>
    withCopy(async (folder) => {
      execFileSync('sh', ['-c', `rm SHA256SUMS.dsse vmlinuz; ${make} SHA256SUMS.dsse; ${make} vmlinuz`], {
        cwd: folder,
      });
      expect(await problems(folder)).toEqual(
        expect.arrayContaining([
          'vmlinuz is missing',
          expect.stringMatching(/^vmlinuz is (neither a file nor a folder|an empty folder)/),
          'SHA256SUMS.dsse is missing: nobody has signed this version',
        ]),
      );
    }),
  );

  test('refuses a list of many megabytes without reading it', () =>
    withCopy(async (folder) => {
      await writeFile(join(folder, 'SHA256SUMS'), Buffer.alloc(2 << 20));
      const error = await rejection(ingot(folder, '--key', 'release.pub.pem'));
      expect(error).toMatchObject({ exitCode: 1 });
      expect(error.message).toContain('SHA256SUMS is 2097152 bytes large');
    }));

  test('refuses, and names, any version with one byte, name or file other than it was signed', () => {
    const file = fc.constantFrom(...files);
    const name = fc.stringMatching(/^([a-z]{1,8}\/)?[A-Za-z0-9 .'"-]{0,12}x$/);
    const unlike = fc
      .tuple(file, file)
      .filter(([a, b]) => digestOf(a) !== digestOf(b))
      .map(([one, other]) => ({ kind: 'swap' as const, file: one, other }));
    const tampering: fc.Arbitrary<Tampering> = fc.oneof(
      fc.record({
        kind: fc.constant('alter' as const),
        file,
        at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        xor: fc.integer({ min: 1, max: 255 }),
      }),
      fc.record({ kind: fc.constantFrom('lengthen', 'shorten', 'remove', 'link'), file }),
      fc.record({ kind: fc.constant('rename' as const), file, other: name }),
      fc.record({ kind: fc.constant('add' as const), file: name }),
      unlike,
    );
    return fc.assert(
      fc.asyncProperty(tampering, (what) =>
        withCopy(async (folder) => {
          await tamper(folder, what);
          const named = (await reportOf(folder)).problems.map(({ file: bad }) => bad);
          expect(named).toContain(what.file);
          // What was put in another's place is named as well, but for the signature, which is in no list.
          if ('other' in what) expect(named.length).toBeGreaterThan(1);
        }),
      ),
      { numRuns: 80 },
    );
  });
});

const digests = new Map<string, string>();
function digestOf(file: string): string {
  const known = digests.get(file);
  if (known !== undefined) return known;
  const digest = createHash('sha256')
    .update(execFileSync('cat', [join(whole.folder, file)]))
    .digest('hex');
  digests.set(file, digest);
  return digest;
}

describe('a version whose list is signed, but whose files are not of one image', () => {
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
      ['manifest.json is no manifest of ingot'],
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
      'two root hashes in the script of the network',
      (folder) => replaced(folder, 'netboot/boot.ipxe', 'ingot.', `ingot.roothash=${'0'.repeat(64)} ingot.`),
      ['netboot/boot.ipxe names no root hash'],
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
      'the proof of another version',
      (folder) => replaced(folder, 'checks.json', /"version": "2/, '"version": "3'),
      ['checks.json says that the version is 3'],
    ],
    [
      'no proof',
      (folder) => rm(join(folder, 'checks.json')),
      ['checks.json is missing: no version is without it'],
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
      expect(await problems(folder)).toContain('manifest.json is missing: no version is without it');
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

  test('hard links or copies are the same: bytes count', () =>
    withCopy(async (folder) => {
      await link(join(folder, 'vmlinuz'), join(folder, '..', 'kept'));
      await rm(join(folder, 'netboot', 'vmlinuz'));
      execFileSync('cp', ['vmlinuz', 'netboot/vmlinuz'], { cwd: folder });
      expect(await problems(folder)).toEqual([]);
    }));
});
