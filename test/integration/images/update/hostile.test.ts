import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyId, signingKey } from '../../../samples/signed-version.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { makeVersion, UpdateNode } from './update-node.ts';

const key = signingKey();
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const modules = here('../../../../node-tools');

type What = 'envelope' | 'boot' | 'checks' | 'sums';

/** The message of a node for each text, all from one run of its Python. */
async function said(cases: readonly (readonly [What, string])[]): Promise<readonly string[]> {
  const pem = join(await temporaryFolder(), 'release.pem');
  writeFileSync(pem, key.publicPem);
  const lines = cases.map(([what, text]) => `${what} ${Buffer.from(text, 'latin1').toString('base64')}\n`);
  const done = spawnSync('/usr/bin/python3', ['-sEB', here('read-hostile.py'), modules, pem], {
    input: lines.join(''),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  expect(done.stderr).toBe('');
  expect(done.status).toBe(0);
  return done.stdout.trimEnd().split('\n');
}

const payloadType = 'application/vnd.ingot.sha256sums';
const signature = { keyid: keyId(key), sig: Buffer.alloc(64).toString('base64') };
const envelope = { payloadType, payload: 'YQ==', signatures: [signature] };
const boot = {
  schema: 2,
  ...{ role: 'slave', version: '20261124-bbbbbbbbbbbb', rootHash: 'ab'.repeat(32), rootBytes: 4096 },
  ...{
    cluster: 'demo',
    date: '2026-11-24T10:00:00Z',
    production: true,
    architecture: 'amd64',
    layout: 'mesosphere',
  },
};

describe('data from untrusted sources', () => {
  it.each<[What, string, string, RegExp]>([
    ['envelope', 'not an object', '[]', /is damaged: it is not an object/],
    ['envelope', 'nested too deeply', '['.repeat(100_000), /is damaged: it is nested too deeply/],
    [
      'envelope',
      'a key id that is a number',
      JSON.stringify({ ...envelope, signatures: [{ ...signature, keyid: 1 }] }),
      /must be a keyid and a sig, both text/,
    ],
    [
      'envelope',
      'a signature that is a list',
      JSON.stringify({ ...envelope, signatures: [{ ...signature, sig: ['x'] }] }),
      /both text/,
    ],
    [
      'envelope',
      'a signature that is null',
      JSON.stringify({ ...envelope, signatures: [null] }),
      /both text/,
    ],
    [
      'envelope',
      'a payload that is a number',
      JSON.stringify({ ...envelope, payload: 7 }),
      /is not a signed envelope of/,
    ],
    [
      'envelope',
      'signatures that are text',
      JSON.stringify({ ...envelope, signatures: 'x' }),
      /is not a signed envelope of/,
    ],
    [
      'envelope',
      'thousands of signatures',
      JSON.stringify({ ...envelope, signatures: Array(5000).fill(signature) }),
      /is not a signed envelope of/,
    ],
    [
      'envelope',
      'a repeated key',
      `{"payload": "YQ==", ${JSON.stringify(envelope).slice(1)}`,
      /a key appears twice/,
    ],
    [
      'envelope',
      'NaN',
      JSON.stringify({ ...envelope, payload: 0 }).replace('0', 'NaN'),
      /is not a valid number here/,
    ],
    [
      'envelope',
      'invalid characters',
      JSON.stringify(envelope).replace('YQ==', '\\ud800'),
      /surrogates not allowed/,
    ],
    ['envelope', 'bytes that are not UTF-8', '{"\xff": 1}', /is damaged: .*utf-8/],
    [
      'boot',
      'a number with thousands of digits',
      JSON.stringify(boot).replace('4096', '9'.repeat(9000)),
      /is too large a number/,
    ],
    ['boot', 'a root of size 0', JSON.stringify({ ...boot, rootBytes: 0 }), /its rootBytes is not valid/],
    [
      'boot',
      'a root size of true',
      JSON.stringify({ ...boot, rootBytes: true }),
      /its rootBytes is not valid/,
    ],
    [
      'boot',
      'a root size of half a byte',
      JSON.stringify({ ...boot, rootBytes: 0.5 }),
      /is not a valid number here/,
    ],
    [
      'boot',
      'a version that is a path',
      JSON.stringify({ ...boot, version: '../../x' }),
      /its version is not valid/,
    ],
    [
      'boot',
      '1 instead of a boolean',
      JSON.stringify({ ...boot, production: 1 }),
      /its production is not valid/,
    ],
    ['boot', 'a future schema', JSON.stringify({ ...boot, schema: 3 }), /its schema is not valid/],
    ['boot', 'a schema of true', JSON.stringify({ ...boot, schema: true }), /its schema is not valid/],
    ['sums', 'a line without a digest', 'x  y\n', /has an invalid line/],
    ['sums', 'two digests for one file', `${'0'.repeat(64)}  x\n`.repeat(2), /has an invalid line/],
  ])('%s: %s gives one sentence', async (what, _, text, sentence) => {
    expect((await said([[what, text]]))[0]).toMatch(sentence);
  });

  it('are always read, or refused in one sentence', async () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const altered = (of: object) =>
      fc
        .record({ name: fc.constantFrom(...Object.keys(of)), value })
        .map((change) => JSON.stringify({ ...of, [change.name]: change.value }));
    const oneByte = (of: object) =>
      fc.record({ at: fc.nat(JSON.stringify(of).length - 1), letter: fc.nat(255) }).map(({ at, letter }) => {
        const text = JSON.stringify(of);
        return `${text.slice(0, at)}${String.fromCharCode(letter)}${text.slice(at + 1)}`;
      });
    const signatures = fc
      .array(value, { maxLength: 3 })
      .map((list) => JSON.stringify({ ...envelope, signatures: list }));
    const text = fc.oneof(
      altered(envelope),
      oneByte(envelope),
      signatures,
      altered(boot),
      oneByte(boot),
      value.map((one) => JSON.stringify(one)),
      fc.string({ unit: 'binary-ascii' }),
    );
    const cases = fc.sample(fc.tuple(fc.constantFrom<What>('envelope', 'boot', 'checks', 'sums'), text), 600);
    expect(await said(cases)).toHaveLength(cases.length);
  });

  it('ingot-update reports it, and the running version is unchanged', async () => {
    const node = new UpdateNode(key);
    try {
      const folder = await makeVersion(await temporaryFolder(), { key });
      writeFileSync(join(folder, 'SHA256SUMS.dsse'), '['.repeat(200_000));
      const ran = await node.update(folder);
      expect(ran.stderr).toContain('SHA256SUMS.dsse is damaged: it is nested too deeply');
      expect(ran.stderr).not.toContain('Traceback');
      expect(ran.exitCode).toBe(1);
      writeFileSync(join(folder, 'SHA256SUMS.dsse'), Buffer.alloc(3 << 20, ' '));
      expect((await node.update(folder)).stderr).toContain('has more than 2097152 bytes');
    } finally {
      node.tree.remove();
    }
  });
});
