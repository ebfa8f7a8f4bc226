import { rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Running } from '../../../src/host/host.ts';
import { host, layTree, logged, removeTree, startNginx, type Tree } from './run-nginx.ts';

const root = '/images/slave/1/root.squashfs';
let tree: Tree;
let nginx: Running;

beforeAll(async () => {
  // A name that bad quoting would break.
  tree = await layTree(`ingot it's "a" {b};# é\\`, {
    [root]: '0123456789',
    'images/slave/1/boot.json': '{}',
    'images/slave/1/large': '',
    'images/slave/.2-being-written/root.squashfs': 'half',
    'boot.ipxe': '#!ipxe\n',
    'seed/user-data': '#cloud-config\n',
    '../secret': 'secret',
  });
  // More than all buffers between the two can hold.
  await truncate(join(tree.root, 'images/slave/1/large'), 256 * 1024 ** 2);
  await symlink(join(tree.folder, 'secret'), join(tree.root, 'leads-out'));
  await symlink(tree.folder, join(tree.root, 'images/slave/outside'));
  nginx = await startNginx(tree);
});
afterAll(async () => {
  await nginx.end();
  await removeTree(tree);
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(tree.url + path, { headers, redirect: 'manual' });
/** fetch() normalises a path before it sends the request. */
const rawStatus = async (path: string): Promise<string> => {
  const args = ['-sS', '--path-as-is', '-o', '/dev/null', '-w', '%{http_code}', tree.url + path];
  return (await host.run('curl', args)).stdout.trim();
};

test('nginx itself accepts the configuration without a warning', async () => {
  const { stderr } = await host.run('nginx', ['-t', '-q', '-c', tree.configuration]);
  expect(stderr).toBe('');
});

describe('a root', () => {
  test('is served completely, may be cached forever, and does not reveal the version of nginx', async () => {
    const answer = await get(root);
    expect(await answer.text()).toBe('0123456789');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('accept-ranges')).toBe('bytes');
    expect(answer.headers.get('server')).toBe('nginx');
  });

  test('is continued where a transfer was interrupted, if it is still the same', async () => {
    const etag = (await get(root)).headers.get('etag') ?? 'none';
    const rest = await get(root, { range: 'bytes=4-', 'if-range': etag });
    expect([rest.status, rest.headers.get('content-range'), await rest.text()]).toEqual([
      206,
      'bytes 4-9/10',
      '456789',
    ]);
    const other = await get(root, { range: 'bytes=4-', 'if-range': '"another"' });
    expect([other.status, await other.text()]).toEqual([200, '0123456789']);
  });

  test('has nothing beyond its end', async () => {
    const answer = await get(root, { range: 'bytes=10-' });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  });

  test('that does not exist is not cached', async () => {
    const answer = await get('/images/slave/2/root.squashfs');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, null]);
  });
});

test.each(['/boot.ipxe', '/seed/user-data'])('%s is requested again each time', async (path) => {
  expect((await get(path)).headers.get('cache-control')).toBe('no-cache');
});

test('a script that is replaced is served from then on', async () => {
  await get('/boot.ipxe');
  await writeFile(join(tree.root, 'next'), '#!ipxe\nshell\n');
  await rename(join(tree.root, 'next'), join(tree.root, 'boot.ipxe'));
  expect(await (await get('/boot.ipxe')).text()).toBe('#!ipxe\nshell\n');
});

describe('nothing outside the tree is served', () => {
  test.each([
    ['/../secret', '400'],
    ['/images/%2e%2e/%2e%2e/secret', '400'],
    ['/images/../../secret', '400'],
    ['/images/..%2f..%2fsecret', '400'],
    ['/leads-out', '403'],
    ['/images/slave/outside/secret', '404'],
    ['/', '404'],
    ['/images/slave/', '404'],
    ['/images/slave/.2-being-written/root.squashfs', '404'],
  ])('%s is answered with %s', async (path, status) => {
    expect(await rawStatus(path)).toBe(status);
  });

  test('and no upload is accepted', async () => {
    expect((await fetch(tree.url + root, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await fetch(tree.url + root, { method: 'PUT', body: 'x' })).status).toBe(405);
  });
});

test('the log records the result when a request ends, one object on a line whatever a machine sends', async () => {
  const report = await get('/report?mac=52:54:00:12:34:56&stage=root&text=fetched%20and%20proven', {
    'user-agent': 'Wget "\\',
  });
  expect([report.status, report.headers.get('cache-control')]).toEqual([204, 'no-store']);
  await (await get(root, { range: 'bytes=4-' })).text();
  const broken = await get('/images/slave/1/large');
  await broken.body?.cancel();
  // A new server on the same tree: the old one has written all of its log.
  await nginx.end({ signal: 'SIGQUIT', graceMs: 20_000 });
  const lines = await logged(tree);
  nginx = await startNginx(tree);
  expect(lines.find(({ uri }) => uri === '/report')).toEqual({
    time: expect.any(Number) as number,
    address: '127.0.0.1',
    method: 'GET',
    uri: '/report',
    args: 'mac=52:54:00:12:34:56&stage=root&text=fetched%20and%20proven',
    status: 204,
    bytes: 0,
    seconds: expect.any(Number) as number,
    completed: 'OK',
    range: '',
    agent: 'Wget "\\',
  });
  expect(lines.filter(({ uri, range }) => uri === root && range === 'bytes=4-').at(-1)).toMatchObject({
    status: 206,
    bytes: 6,
    completed: 'OK',
  });
  const [large] = lines.filter(({ uri }) => uri === '/images/slave/1/large');
  expect(large).toMatchObject({ status: 200, completed: '' });
  expect(large?.['bytes']).toBeLessThan(256 * 1024 ** 2);
});
