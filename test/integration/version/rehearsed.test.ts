import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyShape } from '../../../src/cli/shapes/test-shapes.ts';
import { sha256File } from '../../../src/host/sha256-file.ts';
import { parsePrivateKey } from '../../../src/version/keys.ts';
import { rehearsalsFolder, writeRehearsal } from '../../../src/version/rehearsal/rehearsals.ts';
import { type RehearsalPredicate, rehearsalStatement } from '../../../src/version/rehearsal/statement.ts';
import { keySigner } from '../../../src/version/signer.ts';
import { rejection } from '../../samples/temporary.ts';
import { ingot, whole, withCopy, work } from './signed-whole-version.ts';

/** Puts a signed statement next to a version that these drills passed. */
async function rehearsed(
  folder: string,
  drills: readonly string[],
  {
    key = 'release',
    more = {},
    rootHash = whole.rootHash,
  }: { key?: string; more?: Partial<RehearsalPredicate>; rootHash?: string } = {},
): Promise<void> {
  const { version } = whole;
  const predicate: RehearsalPredicate = {
    role: 'slave',
    versions: { master: { version: 'm', rootHash: 'a'.repeat(64) }, slave: { version, rootHash } },
    cluster: {
      ...{ masters: 3, slaves: 2, accelerator: 'kvm', layout: 'mesosphere', scheduler: 'marathon' },
      production: true,
    },
    settings: [],
    drills: drills.map((name) => ({ name, result: 'passed', seconds: 1, saw: '' })),
    finishedOn: '2026-11-30T08:00:00.000Z',
    ...more,
  };
  const sha256 = await sha256File(join(folder, 'root.squashfs'));
  const pem = await readFile(join(work, `${key}.pem`), 'utf8');
  await writeRehearsal(
    folder,
    rehearsalStatement({ sha256, rootHash }, predicate),
    keySigner(parsePrivateKey(pem, key)),
  );
}

const verify = (folder: string, ...more: readonly string[]) =>
  ingot(folder, '--key', 'release.pub.pem', ...more);

describe('ingot verify DIR --rehearsed', () => {
  test('passes if signed statements cover the drills, and shows what they state', () =>
    withCopy(async (folder) => {
      await rehearsed(folder, ['rise', 'agree']);
      const { exitCode, out } = await verify(folder, '--rehearsed', 'rise,agree');
      expect(exitCode).toBe(0);
      expect(out).toContain(
        '  rehearsed  2026-11-30T08:00:00.000Z, 3 masters and 2 slaves (kvm, mesosphere, marathon): rise, agree\n',
      );
    }));

  test('exits with 1 and names the drills that no statement covers', () =>
    withCopy(async (folder) => {
      await rehearsed(folder, ['rise']);
      const error = await rejection(verify(folder, '--rehearsed', 'rise,upgrade-masters,upgrade-slaves'));
      expect(error.exitCode).toBe(1);
      expect(error.excerpt).toEqual([
        'no signed statement says that these drills passed: upgrade-masters, upgrade-slaves',
      ]);
      expect(error.hint).toContain('ingot rehearse');
    }));

  test('exits with 1 if there is no statement; without the option, the version passes', () =>
    withCopy(async (folder) => {
      const error = await rejection(verify(folder, '--rehearsed', 'rise'));
      expect(error.excerpt).toEqual(['no signed statement says that this drill passed: rise']);
      expect((await verify(folder)).exitCode).toBe(0);
    }));

  test('does not count the statement of another key, and reports it', () =>
    withCopy(async (folder) => {
      await rehearsed(folder, ['rise'], { key: 'other' });
      const error = await rejection(verify(folder, '--rehearsed', 'rise'));
      expect(error.excerpt[1]).toMatch(/^2026\S+\.dsse\.json is not signed by key /);
      expect((await verify(folder)).out).toMatch(
        / {2}statement {2}2026\S+ does not count: it is not signed by key/,
      );
      const both = await verify(folder, '--key', 'other.pub.pem', '--rehearsed', 'rise');
      expect(both.exitCode).toBe(0);
    }));

  test('does not count a statement about another root hash, or one whose drill failed', () =>
    withCopy(async (folder) => {
      await rehearsed(folder, ['rise'], { rootHash: 'f'.repeat(64) });
      const failed = [{ name: 'rise', result: 'failed', seconds: 1, saw: 'no' } as const];
      await rehearsed(folder, [], { more: { drills: failed, finishedOn: '2026-11-30T09:00:00.000Z' } });
      const error = await rejection(verify(folder, '--rehearsed', 'rise'));
      expect(error.excerpt.slice(1)).toEqual([
        expect.stringMatching(/is about the root hash ffffffffffffffff…, another version's$/),
        expect.stringMatching(/says that the drill rise failed$/),
      ]);
    }));

  test('reads no statement of a version that is not as it was signed', () =>
    withCopy(async (folder) => {
      await rehearsed(folder, ['rise']);
      await rename(join(folder, 'vmlinuz'), join(folder, 'kernel'));
      const error = await rejection(verify(folder, '--rehearsed', 'rise'));
      expect(error.excerpt).toEqual(expect.arrayContaining([expect.stringContaining('vmlinuz')]));
      expect(error.excerpt.join('\n')).not.toContain('statement');
    }));

  test('finds the statements next to the folder, wherever it was copied to', () =>
    withCopy(async (folder) => {
      await rehearsed(folder, ['rise']);
      const elsewhere = join(folder, '..', '..', 'downloaded');
      await rename(folder, elsewhere);
      await rename(rehearsalsFolder(folder), rehearsalsFolder(elsewhere));
      expect((await verify(elsewhere, '--rehearsed', 'rise')).exitCode).toBe(0);
      const { out } = await verify(elsewhere, '--rehearsed', 'rise', '--json');
      expect(verifyShape.parse(JSON.parse(out)).versions).toMatchObject([
        { notRehearsed: [], rehearsals: { statements: [{ predicate: { role: 'slave' } }], refused: [] } },
      ]);
    }));
});
