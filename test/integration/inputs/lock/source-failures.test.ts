import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { sourceOf } from '../../../../src/inputs/plan/package-origin.ts';
import { rejection } from '../../../samples/temporary.ts';
import { answer, type AnsweringServer } from './answering-server.ts';
import { lockIn, toyPlan } from './toy-lock.ts';
import { buildDeb, endKey, makeKey, publish, type ToyKey } from './toy-source.ts';

const host = makeHost();
let all: string;
let key: ToyKey;
let other: ToyKey;
let server: AnsweringServer;
let number = 0;

beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), 'ingot-failures-'));
  key = await makeKey(all);
  other = await makeKey(join(all, 'other'));
  server = await answer(all, 'bob', 'hunter2');
  await publish(join(all, 'site'), key, [{ name: 'tool', version: '1-1' }]);
});
afterAll(async () => {
  await server.close();
  await endKey(key);
  await endKey(other);
  await rm(all, { recursive: true, force: true });
});
afterEach(() => {
  delete process.env['http_proxy'];
});

const fingerprintOf = async ({ home }: ToyKey): Promise<string> =>
  /^fpr:+([0-9A-F]+):/m.exec(
    (await host.run('gpg', ['--homedir', home, '--with-colons', '-k'])).stdout,
  )?.[1] ?? '';
const lockFrom = (url: string, signedBy = key.publicKey) =>
  rejection(
    lockIn(
      join(all, `spec-${number++}`),
      toyPlan([{ ...sourceOf({ url, key: signedBy }, ['toy'], all), label: 'mesos' }]),
    ),
  );
const at = (path: string): string => `http://127.0.0.1:${server.port}/${path}`;

describe('an unreachable source has its own message, and a matching hint', () => {
  test.each([
    ['401', 2, 'the server requires a login (401)', 'auth.conf'],
    ['403', 2, 'the server forbids it (403)', 'may not read it'],
    ['404', 2, 'it is not there', 'the URL and the suite'],
    ['503', 1, 'the server has failed (503)', 'another mirror'],
  ])('status %s', async (status, exitCode, why, hint) => {
    const error = await lockFrom(at(`${status}/debian`));
    expect(error.message).toContain(`the source mesos (${at(`${status}/debian/`)} toy): ${why}`);
    expect(error.hint).toContain(hint);
    expect(error.exitCode).toBe(exitCode);
    expect(`${error.message}${error.hint ?? ''}`).not.toContain('sign');
  });

  test.each([
    [
      'a host name that does not resolve',
      'http://nowhere.invalid/x',
      'the host name nowhere.invalid does not resolve',
    ],
    ['a port without a listener', 'http://127.0.0.1:1/x', 'the connection is refused: nothing listens there'],
    ['no TLS', () => at('site').replace('http:', 'https:'), 'there is no secure connection (TLS)'],
    ['a folder that does not exist', 'file:/nonexistent/repo', 'it is not there'],
  ])('%s', async (_, url, why) => {
    const error = await lockFrom(typeof url === 'string' ? url : url());
    expect(error.message).toContain(why);
    expect(error.hint).not.toMatch(/sign|mirror/);
  });

  test('the unreachable proxy is named, not the source behind it', async () => {
    process.env['http_proxy'] = 'http://me:secret@127.0.0.1:2/';
    const error = await lockFrom(at('site'));
    expect(error.message).toContain(
      'the proxy http://127.0.0.1:2/ does not answer: the connection is refused',
    );
    expect(error.message).not.toContain('secret');
    expect(error.hint).toContain('http_proxy');
  });
});

describe('an untrusted source', () => {
  test('signed by another key: both the signing key and the given keys are named', async () => {
    const error = await lockFrom(at('site'), other.publicKey);
    const [signed, given] = [await fingerprintOf(key), await fingerprintOf(other)];
    expect(error.message).toContain(`it is signed with the key ${signed.slice(-16)}, which was not given`);
    expect(error.message).toContain(`${other.publicKey} has ${given}`);
  });

  test('with an expired or invalid key is refused with the place in the spec, before anything is fetched', async () => {
    const home = join(all, 'gnupg');
    const gpg = ['--homedir', home, '--batch', '--passphrase', ''];
    const faked = [...gpg, '--faked-system-time', '20250101T000000'];
    await host.run('gpg', [...faked, '--quick-gen-key', 'old <old@example.org>', 'ed25519', 'sign', '1y']);
    const file = join(all, 'old.asc');
    await host.run('gpg', [...gpg, '--armor', '--output', file, '--export', 'old@example.org']);
    const folder = join(all, `spec-${number}`);
    const error = await lockFrom('http://127.0.0.1:1/x', file);
    expect(error.message).toMatch(
      /old\.asc holds no key that is still good: [0-9A-F]{40}, expired 2026-01-01/,
    );
    await writeFile(join(all, 'page.asc'), '<html>');
    const text = `mesos:\n  source:\n    key: page.asc\n`;
    await writeFile(join(folder, 'cluster.yaml'), text);
    number--;
    const page = await lockFrom('http://127.0.0.1:1/x', join(all, 'page.asc'));
    expect(page.message).toContain('cluster.yaml:3:10: ');
    expect(page.message).toContain('page.asc is an HTML page, not a key');
  });
});

describe('a .deb that is given as a URL', () => {
  const debAt = async (path: string, sha256: string) =>
    rejection(
      lockIn(
        join(all, `spec-${number++}`),
        toyPlan(
          [sourceOf({ url: at('site'), key: key.publicKey }, ['toy'], all)],
          ['tool'],
          [{ name: 'mesos', packages: ['mesos'], from: at(path), sha256 }],
        ),
      ),
    );

  test('is opened when it is locked: another package, a web page, and a missing file are refused', async () => {
    const digest = async (file: string): Promise<string> =>
      (await host.run('sha256sum', [file])).stdout.slice(0, 64);
    const deb = await buildDeb(all, { name: 'marathon', version: '1-1' });
    const error = await debAt('marathon_1-1_all.deb', await digest(deb));
    expect(error.message).toContain(`${at('marathon_1-1_all.deb')} has the package marathon, not mesos`);
    const page = await debAt('page.html', 'a'.repeat(64)).catch(() => undefined);
    expect(page?.message).toContain('is not there');
    await writeFile(join(all, 'page.html'), '<!DOCTYPE html>');
    expect((await debAt('page.html', 'a'.repeat(64))).message).toContain(
      'is not the file with this SHA-256: the server answers with an HTML page',
    );
    expect((await debAt('page.html', await digest(join(all, 'page.html')))).message).toContain(
      'is an HTML page, not a Debian package',
    );
  });
});

test("credentials reach the server, through a file that only we can read, and appear in no program's arguments", async () => {
  const seen: string[] = [];
  const folder = join(all, `spec-${number++}`);
  const url = `http://bob:hunter2@127.0.0.1:${server.port}/private/site`;
  const source = { ...sourceOf({ url, key: key.publicKey }, ['toy'], all), label: 'mesos' };
  expect(JSON.stringify(source)).not.toContain('hunter2');
  const credentials = [{ url: at('private/site'), login: 'bob', password: 'hunter2' }];
  const made = await lockIn(folder, toyPlan([source]), { credentials, onLine: (line) => seen.push(line) });
  expect(made.lock.packages.shared).toHaveLength(1);
  expect(await readFile(join(folder, 'cluster.lock.json'), 'utf8')).not.toContain('hunter2');
  const found = await host.run('grep', ['-r', '-l', 'hunter2', folder], { accept: [0, 1] });
  expect([found.stdout, seen.filter((line) => line.includes('hunter2'))]).toEqual(['', []]);
  const without = await lockFrom(at('private/site'));
  expect(without.message).toContain('the server requires a login (401)');
});
