import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { signSums } from '../../../../src/version/sign-version.ts';
import { keySigner } from '../../../../src/version/signer.ts';
import { writeSums } from '../../../../src/version/write-sums.ts';
import { signingKey } from '../../../samples/signed-version.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { inSlot, makeVersion, UpdateNode } from './update-node.ts';

const key = signingKey();
const rootBytes = 256 * 4096;

let node: UpdateNode;
let server: Server | undefined;
beforeEach(() => {
  node = new UpdateNode(key);
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  node.tree.remove();
});

interface Behaviour {
  /** How many transfers of the root break off, each after this number of bytes. */
  readonly breaks?: { readonly times: number; readonly after: number };
  readonly ranges?: boolean;
}

/**
 * A web server with the version; returns its URL, the requested ranges of the root, and all files that were fetched.
 */
async function serving(
  folder: string,
  { breaks, ranges = true }: Behaviour,
): Promise<[string, string[], string[]]> {
  const asked: string[] = [];
  const fetched: string[] = [];
  let left = breaks?.times ?? 0;
  const listening = createServer((request, reply) => {
    let content: Buffer;
    try {
      content = readFileSync(join(folder, '..', decodeURIComponent(request.url ?? '/')));
    } catch {
      reply.writeHead(404).end();
      return;
    }
    if (request.method === 'GET') fetched.push(request.url?.split('/').at(-1) ?? '');
    const isRoot = request.method === 'GET' && request.url?.endsWith('/root.squashfs') === true;
    if (isRoot) asked.push(request.headers.range ?? 'all');
    const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    const part = content.subarray(from);
    const status = from > 0 ? 206 : 200;
    const range =
      from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {};
    reply.writeHead(status, { 'content-length': part.length, ...range });
    if (request.method === 'HEAD') reply.end();
    else if (isRoot && left > 0) {
      left -= 1;
      reply.write(part.subarray(0, breaks?.after), () => reply.destroy());
    } else reply.end(part);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/${basename(folder)}`;
  return [address, asked, fetched];
}

it('a transfer that breaks off twice is continued where it stopped', async () => {
  const folder = await makeVersion(await temporaryFolder(), { key, rootBytes });
  const [url, asked] = await serving(folder, { breaks: { times: 2, after: 300_000 } });
  const ran = await node.update(url);
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(asked).toHaveLength(3);
  expect(asked[0]).toBe('all');
  for (const range of asked.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
  expect(node.slot('b')).toEqual(inSlot(folder));
});

it('from a server that cannot continue a file it is fetched from the beginning', async () => {
  const folder = await makeVersion(await temporaryFolder(), { key, rootBytes });
  const [url] = await serving(folder, { breaks: { times: 1, after: 300_000 }, ranges: false });
  const ran = await node.update(url);
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(node.slot('b')).toEqual(inSlot(folder));
});

it('from a version with all files of a bake, a node fetches only the files that it boots from', async () => {
  const folder = await makeVersion(await temporaryFolder(), { key });
  mkdirSync(join(folder, 'netboot'));
  linkSync(join(folder, 'root.squashfs'), join(folder, 'netboot/root.squashfs'));
  for (const name of ['disk.qcow2', 'disk.raw.zst', 'sbom.cdx.json', 'provenance.json', 'netboot/boot.ipxe'])
    writeFileSync(join(folder, name), name);
  rmSync(join(folder, 'SHA256SUMS.dsse'));
  const { payload } = await writeSums(folder);
  await signSums(folder, keySigner(key.privateKey), payload);
  const [url, , fetched] = await serving(folder, {});
  const ran = await node.update(url);
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect([...new Set(fetched)].sort()).toEqual(Object.keys(inSlot(folder)).sort());
  expect(node.slot('b')).toEqual(inSlot(folder));
});

it('an address that is not a version is refused, and a password in it is not shown', async () => {
  const folder = await makeVersion(await temporaryFolder(), { key });
  const [url] = await serving(folder, {});
  const ran = await node.update(`${url.replace('//', '//bob:hunter2@')}/elsewhere`);
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain('is not a signed version');
  expect(ran.stderr + JSON.stringify(node.last())).not.toContain('hunter2');
});
