import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnvelope } from '../../../../src/version/dsse.ts';
import { newKeyPair } from '../../../../src/version/keys.ts';
import {
  missingDrills,
  readRehearsals,
  type RehearsedRoot,
  writeRehearsal,
} from '../../../../src/version/rehearsal/rehearsals.ts';
import {
  parseStatement,
  type RehearsalPredicate,
  rehearsalStatement,
  statementText,
} from '../../../../src/version/rehearsal/statement.ts';
import { keySigner } from '../../../../src/version/signer.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const { privatePem, publicPem } = newKeyPair();
const secret = keySigner(createPrivateKey(privatePem));
const open = createPublicKey(publicPem);
const stranger = createPublicKey(newKeyPair().publicPem);

const hash = (digit: string): string => digit.repeat(64);
const root: RehearsedRoot = {
  ...{ role: 'slave', version: '20261128-bbbbbbbbbbbb', rootHash: hash('b'), rootSha256: hash('5') },
};
const predicate: RehearsalPredicate = {
  role: 'slave',
  versions: {
    master: { version: '20261128-aaaaaaaaaaaa', rootHash: hash('a') },
    slave: { version: root.version, rootHash: root.rootHash },
  },
  cluster: {
    ...{ masters: 3, slaves: 2, accelerator: 'tcg', layout: 'mesosphere', scheduler: 'marathon' },
    production: false,
  },
  settings: ['network'],
  drills: [
    { name: 'rise', result: 'passed', seconds: 400, saw: '3 masters and 2 slaves' },
    { name: 'grow', result: 'skipped', seconds: 0, saw: 'it needs three masters' },
  ],
  finishedOn: '2026-11-30T08:00:00.000Z',
};
const statement = rehearsalStatement({ sha256: root.rootSha256, rootHash: root.rootHash }, predicate);

/** A folder of a store in which the version has this statement. */
async function withStatement(of = statement): Promise<{ version: string; file: string }> {
  const version = join(await temporaryFolder(), root.version);
  mkdirSync(version);
  return { version, file: await writeRehearsal(version, of, secret) };
}

/** Why the only statement does not count. */
async function why(about: RehearsedRoot, of = statement, key = open): Promise<string | undefined> {
  const { version } = await withStatement(of);
  return (await readRehearsals(version, about, [key])).refused[0]?.why;
}

describe('a statement about a rehearsal', () => {
  test('is an in-toto statement whose subject is the root of the version, in a DSSE envelope', async () => {
    const { version, file } = await withStatement();
    const envelope = parseEnvelope(readFileSync(file, 'utf8'), 'application/vnd.in-toto+json');
    const said = JSON.parse(Buffer.from(envelope?.payload ?? '', 'base64').toString()) as object;
    expect(said).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'root.squashfs', digest: { sha256: hash('5'), verityRootHash: hash('b') } }],
      predicateType: 'urn:ingot:docs:upgrade.md#rehearsal-v1',
    });
    expect(await readRehearsals(version, root, [open])).toEqual({ statements: [statement], refused: [] });
  });

  test('counts with one of several keys, and names the missing signature with another', async () => {
    const { version } = await withStatement();
    expect((await readRehearsals(version, root, [stranger, open])).statements).toHaveLength(1);
    expect(await why(root, statement, stranger)).toContain('is not signed by key');
  });

  test('does not count for another root hash, root.squashfs, version or role', async () => {
    expect(await why({ ...root, rootHash: hash('c') })).toContain('is about the root hash bbbbbbbbbbbbbbbb…');
    expect(await why({ ...root, rootSha256: hash('6') })).toBe('is about another root.squashfs');
    expect(await why({ ...root, version: '20261128-cccccccccccc' })).toContain(
      'says that 20261128-bbbbbbbbbbbb',
    );
    expect(await why({ ...root, role: 'master' })).toBe('is about a slave');
  });

  test.each([
    ['failed', 'says that the drill grow failed'],
    ['not run', 'says that the drill grow was not run'],
  ] as const)('does not count with a drill that is "%s"', async (result, says) => {
    const drills = [...predicate.drills.slice(0, 1), { name: 'grow', result, seconds: 1, saw: 'something' }];
    const bad = rehearsalStatement(
      { sha256: root.rootSha256, rootHash: root.rootHash },
      { ...predicate, drills },
    );
    expect(await why(root, bad)).toBe(says);
  });

  test('does not count if any byte of its file changes', async () => {
    const { version, file } = await withStatement();
    const bytes = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ flip;
        writeFileSync(file, altered);
        expect((await readRehearsals(version, root, [open])).statements).toEqual([]);
      }),
    );
  });

  test('is read strictly: with any additional, missing or different field it is not a statement', () => {
    expect(parseStatement(statementText(statement))).toEqual(statement);
    const changes: ((one: Record<string, unknown>) => unknown)[] = [
      (one) => ({ ...one, more: 1 }),
      (one) => ({ ...one, subject: [] }),
      (one) => ({ ...one, predicateType: 'https://slsa.dev/provenance/v1' }),
      (one) => ({ ...one, predicate: { ...predicate, drills: [] } }),
      (one) => ({ ...one, predicate: { ...predicate, finishedOn: 'yesterday' } }),
      (one) => ({ ...one, predicate: { ...predicate, comment: 'good' } }),
    ];
    for (const change of changes)
      expect(parseStatement(JSON.stringify(change(statement as never)))).toBeUndefined();
    expect(parseStatement('[')).toBeUndefined();
  });

  test('is a separate file: a later one does not replace it, and nothing else is left', async () => {
    const { version } = await withStatement();
    const later = { ...predicate, finishedOn: '2026-12-01T08:00:00.000Z' };
    await writeRehearsal(
      version,
      rehearsalStatement({ sha256: root.rootSha256, rootHash: root.rootHash }, later),
      secret,
    );
    expect(readdirSync(`${version}.rehearsals`)).toHaveLength(2);
    expect((await readRehearsals(version, root, [open])).statements).toHaveLength(2);
  });
});

test('a policy is satisfied by drills that passed, in any of the statements; a skipped drill is not covered', () => {
  const drills = [{ name: 'upgrade-masters', result: 'passed', seconds: 1, saw: '' } as const];
  const two = [statement, { ...statement, predicate: { ...predicate, drills } }];
  expect(missingDrills({ statements: two }, ['rise', 'upgrade-masters'])).toEqual([]);
  expect(missingDrills({ statements: two }, ['rise', 'grow', 'partition'])).toEqual(['grow', 'partition']);
  expect(missingDrills({ statements: [] }, ['rise'])).toEqual(['rise']);
});
