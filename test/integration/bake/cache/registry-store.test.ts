import { writeFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finishCaches, openCache } from '../../../../src/bake/bake-caches.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { sampleMaterial, stagesOf } from '../../../samples/stages.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { type RegistryServer, startRegistry } from '../../oci/registry-server.ts';

const host = makeHost();
const stages = stagesOf(sampleMaterial);

let registry: RegistryServer;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

const access = () => ({
  ...{ env: { ...registry.env, SSL_CERT_FILE: join(registry.ca.folder, 'ca.pem') } },
  ...{ signal: new AbortController().signal, retries: { attempts: 1, delayMs: () => 0 } },
});

/** A cache with two stages, and the notes of copying it to a registry. */
async function shared(to: string): Promise<string[]> {
  const folder = await temporaryFolder();
  const own = join(folder, 'own');
  await writeFile(join(folder, 'program'), '#!/bin/sh\n', { mode: 0o755 });
  const cache = openCache(host, { own, from: undefined }, () => undefined);
  for (const stage of stages.all.slice(0, 2)) {
    writeFileSync(join(folder, stage.name), `the file of ${stage.name}`);
    const files = { program: join(folder, 'program'), file: join(folder, stage.name) };
    void cache.keep(stage, { files, meta: { of: stage.name }, seconds: 1 });
  }
  await cache.settled();
  const notes: string[] = [];
  const caches = { own, from: undefined, to, maxBytes: 1024 ** 2, access: access() };
  await finishCaches(host, caches, stages, (line) => notes.push(line));
  // What is there is not copied again.
  await finishCaches(host, caches, stages, (line) => notes.push(line));
  return notes;
}

/** The cache of another machine that takes from a registry. */
async function another(from: string) {
  const folder = await temporaryFolder();
  const notes: string[] = [];
  const caches = { own: join(folder, 'own'), from, access: access() };
  return { folder, notes, cache: openCache(host, caches, (line) => notes.push(line)) };
}

test('another machine takes the stages of a bake from a registry, with their files and modes', async () => {
  const to = `oci://${registry.host}/cache`;
  expect(await shared(to)).toEqual([expect.stringContaining(`copied to ${to}: `)]);
  const { folder, notes, cache } = await another(to);
  const [first, second, third] = stages.all;
  if (first === undefined || second === undefined || third === undefined) throw new Error('no stages');
  for (const stage of [first, second]) {
    const taken = await cache.take(stage, join(folder, stage.name));
    expect(taken?.meta).toEqual({ of: stage.name });
    expect(await readFile(join(folder, stage.name, 'file'), 'utf8')).toBe(`the file of ${stage.name}`);
    expect((await stat(join(folder, stage.name, 'program'))).mode & 0o777).toBe(0o755);
    expect((await cache.latest(stage.name, stage.role))?.key).toBe(stage.key);
  }
  expect(await cache.find(third)).toBeUndefined();
  expect(notes).toEqual([]);
  // It belongs to the own cache now.
  await cache.settled();
  const offline = openCache(host, { own: join(folder, 'own'), from: undefined }, () => undefined);
  expect(await offline.find(first)).toBeDefined();
});

test('a registry that cannot be reached or refuses the login is reported once and fails no bake', async () => {
  const [stage] = stages.all;
  if (stage === undefined) throw new Error('no stages');
  for (const address of [
    `oci://${registry.host.replace(/\d+$/, '1')}/cache`,
    `oci+http://${registry.host}/cache`,
  ]) {
    const { notes, cache } = await another(address);
    expect(await cache.find(stage)).toBeUndefined();
    expect(await cache.latest(stage.name, stage.role)).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining(`the cache ${address} is not used: `)]);
    expect(await shared(address)).toEqual([
      expect.stringContaining(`not all stages were copied to ${address}: `),
      expect.stringContaining(`not all stages were copied to ${address}: `),
    ]);
  }
});
