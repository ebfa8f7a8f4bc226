import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePrivateKey } from '../../../src/version/keys.ts';
import { writeSums } from '../../../src/version/write-sums.ts';
import { rejection } from '../../samples/temporary.ts';
import { inSlot, UpdateNode } from '../images/update/update-node.ts';
import {
  bootTest,
  files,
  ingot,
  privatePem,
  problems,
  reportOf,
  whole,
  withCopy,
  work,
} from './signed-whole-version.ts';
import { tamper, type Tampering } from './tamper.ts';

describe('ingot verify DIR', () => {
  test('shows what a version is and who signed it', async () => {
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

  test('needs no network, and only the name of the folder', () =>
    withCopy(async (folder) => {
      const elsewhere = join(folder, '..', '..', 'downloaded');
      await rename(folder, elsewhere);
      expect(await problems(elsewhere)).toEqual([]);
    }));

  test('accepts the signature of one of several keys', async () => {
    const done = await ingot(whole.folder, '--key', 'other.pub.pem', '--key', 'release.pub.pem');
    expect(done.exitCode).toBe(0);
  });

  test('refuses a version that another key or nobody has signed', async () => {
    const error = await rejection(ingot(whole.folder, '--key', 'other.pub.pem'));
    expect(error.exitCode).toBe(1);
    expect(error.excerpt).toEqual([expect.stringMatching(/^SHA256SUMS\.dsse is not signed by key /)]);
    await withCopy(async (folder) => {
      await rm(join(folder, 'SHA256SUMS.dsse'));
      expect(await problems(folder)).toEqual(['SHA256SUMS.dsse is missing: the version is not signed']);
    });
  });

  test('names every bad one of several versions, and no good one', () =>
    withCopy(async (folder) => {
      await rm(join(folder, 'vmlinuz'));
      const error = await rejection(ingot(whole.folder, folder, '--key', 'release.pub.pem'));
      expect(error.message).toContain('1 of 2 versions');
      expect(error.excerpt).toEqual([`${folder}/vmlinuz is missing`]);
    }));

  test('reports that two files in each other’s place were swapped', () =>
    withCopy(async (folder) => {
      await tamper(folder, { kind: 'swap', file: 'vmlinuz', other: 'initrd.img' });
      expect(await problems(folder)).toEqual(
        expect.arrayContaining([
          'vmlinuz was swapped: it has the content that SHA256SUMS lists for initrd.img',
          expect.stringMatching(
            /^initrd\.img was swapped: it has the content that SHA256SUMS lists for (netboot\/)?vmlinuz$/,
          ),
        ]),
      );
    }));

  test('trusts the signature, not a list that was adjusted', () =>
    withCopy(async (folder) => {
      await writeFile(join(folder, 'boot.json'), '{}');
      await writeSums(folder);
      const found = await problems(folder);
      expect(found[0]).toBe('SHA256SUMS was altered: it is not what was signed');
      expect(found[1]).toMatch(/^boot\.json was altered/);
    }));

  test.each(['mkfifo', 'mkdir', 'ln -s nowhere'])('refuses what is not a file: %s', (make) =>
    withCopy(async (folder) => {
      execFileSync('sh', ['-c', `rm vmlinuz; ${make} vmlinuz`], {
        cwd: folder,
      });
      expect(await problems(folder)).toEqual(
        expect.arrayContaining([
          'vmlinuz is missing',
          expect.stringMatching(/^vmlinuz is (neither a file nor a folder|an empty folder)/),
        ]),
      );
      execFileSync('sh', ['-c', `rm SHA256SUMS.dsse; ${make} SHA256SUMS.dsse`], { cwd: folder });
      expect(await problems(folder)).toEqual(['SHA256SUMS.dsse is missing: the version is not signed']);
    }),
  );

  test('reads no file that none of the keys has signed', () =>
    withCopy(async (folder) => {
      const envelope = JSON.parse(await readFile(join(folder, 'SHA256SUMS.dsse'), 'utf8')) as {
        signatures: { sig: string }[];
      };
      const [signature] = envelope.signatures;
      if (signature !== undefined) signature.sig = Buffer.alloc(64).toString('base64');
      await writeFile(join(folder, 'SHA256SUMS.dsse'), `${JSON.stringify(envelope)}\n`);
      await rm(join(folder, 'vmlinuz'));
      const report = await reportOf(folder);
      expect(report).toMatchObject({ files: 0, bytes: 0, signedBy: [] });
      expect(report.problems).toEqual([
        { file: 'SHA256SUMS.dsse', why: expect.stringMatching(/^has a bad signature by key/) as string },
      ]);
    }));

  test('refuses a list of many megabytes without reading it', () =>
    withCopy(async (folder) => {
      await writeFile(join(folder, 'SHA256SUMS'), Buffer.alloc(2 << 20));
      const error = await rejection(ingot(folder, '--key', 'release.pub.pem'));
      expect(error).toMatchObject({ exitCode: 1 });
      expect(error.message).toContain('SHA256SUMS is 2097152 bytes large');
    }));

  test('refuses a version with any byte, name or file that differs from the signed one, and names it', () => {
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
          const touched = [what.file, ...('other' in what ? [what.other] : [])];
          // Without its signature nothing else is read.
          if (touched.includes('SHA256SUMS.dsse')) expect(named).toEqual(['SHA256SUMS.dsse']);
          else {
            expect(named).toContain(what.file);
            // A file that replaced another one is named too.
            if ('other' in what) expect(named.length).toBeGreaterThan(1);
          }
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

describe('ingot boot-test DIR', () => {
  const boot = (...folders: string[]) => bootTest(...folders, '--key', 'release.pub.pem', '--out', 'none');

  test('reports before it boots anything that a slave needs a master', async () => {
    const error = await rejection(boot(whole.folder));
    expect(error).toMatchObject({ exitCode: 2 });
    expect(error.message).toMatch(
      /^there is no master image in .*: a slave is boot-tested together with one$/,
    );
    expect(error.hint).toContain('name the folder of a master');
  });

  test('accepts only one version of a role', () =>
    withCopy(async (folder) => {
      expect(await rejection(boot(whole.folder, folder))).toMatchObject({
        exitCode: 2,
        message: 'a boot test takes one version of each role, as one small cluster',
      });
    }));

  test('boots nothing if one of the versions is refused', () =>
    withCopy(async (folder) => {
      await rm(join(folder, 'vmlinuz'));
      const error = await rejection(boot(whole.folder, folder));
      expect(error.exitCode).toBe(1);
      expect(error.excerpt).toEqual([`${folder}/vmlinuz is missing`]);
    }));

  test('refuses a key that does not exist before it reads or boots anything', async () => {
    const error = await rejection(bootTest(whole.folder, '--key', 'none.pem'));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain('none.pem cannot be read: ENOENT');
  });

  test('boots nothing if no statement shows the required drills', async () => {
    const error = await rejection(
      bootTest(whole.folder, '--key', 'release.pub.pem', '--rehearsed', 'rise', '--out', 'none'),
    );
    expect(error.exitCode).toBe(1);
    expect(error.excerpt).toEqual(['no signed statement says that this drill passed: rise']);
  });
});

test.each([
  ['a file', 'release.pub.pem', 'release.pub.pem is not a folder'],
  ['what does not exist', 'gone', 'gone does not exist'],
])('ingot verify refuses %s in place of a folder: exit status 2', async (_, named, message) => {
  const error = await rejection(ingot(whole.folder, named, '--key', 'release.pub.pem'));
  expect(error).toMatchObject({ exitCode: 2, message });
});

test('ingot-update on a node accepts a version that was listed and signed in this way', async () => {
  const publicPem = await readFile(join(work, 'release.pub.pem'), 'utf8');
  const node = new UpdateNode({ privateKey: parsePrivateKey(privatePem, 'release'), publicPem });
  try {
    const { exitCode, stderr } = await node.update(whole.folder, '--allow-older');
    expect(exitCode, stderr).toBe(0);
    expect(node.slot('b')).toEqual(inSlot(whole.folder));
  } finally {
    node.tree.remove();
  }
});
