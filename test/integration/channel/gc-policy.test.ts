import { existsSync } from 'node:fs';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { answerText, sampleVersion } from '../../samples/fleet.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';

const day = 86_400_000;
const now = Date.now();
/** Newest first: published today, 10, 20, 30 and 40 days ago. */
const versions = ['20261126-eeeeeeeeeeee', '20261120-dddddddddddd', '20261110-cccccccccccc', sampleVersion];

async function store(): Promise<string> {
  const folder = await temporaryFolder();
  for (const [index, version] of versions.entries()) {
    const place = join(folder, 'out', 'slave', version);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'disk.qcow2'), 'disk');
    const record = `${place}.stages.json`;
    const files = [{ name: 'disk.qcow2', size: 4 }];
    await writeFile(record, JSON.stringify({ format: 1, files, stages: {} }));
    const published = (now - index * 10 * day) / 1000;
    await utimes(record, published, published);
  }
  await symlink(versions[0] ?? '', join(folder, 'out', 'slave', 'latest'));
  return folder;
}

async function gc(cwd: string, ...args: string[]) {
  const { world, out, err } = fakeWorld({ cwd, host: { ...makeHost(), now: () => now } });
  const exitCode = await commandLine(world, ['gc', '--cache', 'cache', ...args]);
  return { exitCode, out: out(), err: err() };
}

const there = (folder: string): number[] =>
  versions.flatMap((version, index) => (existsSync(join(folder, 'out', 'slave', version)) ? [index] : []));

test('--keep-days removes what is older, and never the latest', async () => {
  const folder = await store();
  await gc(folder, '--keep-days', '15', '--dry-run');
  expect(there(folder)).toEqual([0, 1, 2, 3]);
  await gc(folder, '--keep-days', '15');
  expect(there(folder)).toEqual([0, 1]);
  await gc(folder, '--keep-days', '0');
  expect(there(folder)).toEqual([0]);
});

test('--keep-versions and --keep-days: a version goes only if neither keeps it', async () => {
  const folder = await store();
  await gc(folder, '--keep-versions', '2', '--keep-days', '25');
  expect(there(folder)).toEqual([0, 1, 2]);
  await gc(folder, '--keep-versions', '2', '--keep-days', '5');
  expect(there(folder)).toEqual([0, 1]);
});

test('a pinned version stays, with its reason; a pin that is not a version removes nothing', async () => {
  const folder = await store();
  const pins = join(folder, 'out', 'pins');
  await writeFile(pins, `# what auditors need\n${versions[3]} audit of 2026\n`);
  const { err } = await gc(folder, '--keep-versions', '1');
  expect(there(folder)).toEqual([0, 3]);
  expect(err).toContain(
    `${join(folder, 'out', 'slave', versions[3] ?? '')} is kept: it is pinned: audit of 2026`,
  );
  const other = await store();
  await writeFile(join(other, 'out', 'pins'), 'the old one\n');
  const error = await rejection(gc(other, '--keep-versions', '1'));
  expect(error.message).toContain('pins:1: the is not the name of a version');
  expect(there(other)).toEqual([0, 1, 2, 3]);
});

test('a version that a channel names stays, whoever signed the pointer; a damaged pointer removes nothing', async () => {
  const folder = await store();
  await mkdir(join(folder, 'out', 'channels'));
  const pointer = {
    ...{ schema: 1, channel: 'stable', counter: 1, revocations: 0, allowed: [] },
    // Expired: it is still what readers have.
    ...{ issuedOn: '2020-01-01T00:00:00.000Z', expiresOn: '2020-01-02T00:00:00.000Z' },
    versions: { slave: { version: versions[2], rootHash: 'a'.repeat(64) } },
  };
  const envelope = {
    payloadType: 'application/vnd.ingot.channel+json',
    payload: Buffer.from(JSON.stringify(pointer)).toString('base64'),
    signatures: [],
  };
  const file = join(folder, 'out', 'channels', 'stable.dsse.json');
  await writeFile(file, `${JSON.stringify(envelope)}\n`);
  const { err } = await gc(folder, '--keep-versions', '1');
  expect(there(folder)).toEqual([0, 2]);
  expect(err).toContain('is kept: the channel stable names it');
  await writeFile(file, 'x');
  expect((await rejection(gc(folder, '--keep-versions', '1'))).code).toBe('wrong-channel');
  expect(there(folder)).toEqual([0, 2]);
});

test('a version that a node of the inventory holds stays; a node that does not answer removes nothing', async () => {
  const folder = await store();
  await mkdir(join(folder, 'answers'));
  await writeFile(join(folder, 'answers', 'node1.json'), answerText('golden'));
  await writeFile(join(folder, 'fleet.yaml'), 'nodes: [{folder: answers, nodes: [node1, node2]}]\n');
  const error = await rejection(gc(folder, '--keep-versions', '1', '--inventory', 'fleet.yaml'));
  expect(error.code).toBe('unknown-nodes');
  expect(error.excerpt).toEqual(['node2: it has left no answer']);
  expect(there(folder)).toEqual([0, 1, 2, 3]);
  await writeFile(join(folder, 'fleet.yaml'), 'nodes: [{folder: answers, nodes: [node1]}]\n');
  const { err } = await gc(folder, '--keep-versions', '1', '--inventory', 'fleet.yaml');
  expect(there(folder)).toEqual([0, 3]);
  expect(err).toContain('is kept: node1 has it');
});

test('--inventory without a rule that removes versions is wrong use', async () => {
  const folder = await store();
  expect((await gc(folder, '--inventory', 'fleet.yaml')).exitCode).toBe(2);
});
