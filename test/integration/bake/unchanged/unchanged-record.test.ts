import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bakeInputs, type CheckedBake } from '../../../../src/bake/unchanged/bake-inputs.ts';
import { recordedAnswer, recordFile } from '../../../../src/bake/unchanged/unchanged-record.ts';
import { writeUnchanged } from '../../../../src/bake/unchanged/write-unchanged.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { projectFolder } from '../../../../src/host/project-folder.ts';
import { readPlan } from '../../../../src/inputs/read-plan.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const version = '20261122-0123456789ab';
const answer = { out: '/srv/out/master\n', err: 'nothing to do\n' };
/** A check that began long after every file was written. */
const later = () => Date.now() + 60_000;

const specText = `cluster: toy
masters: [10.0.0.11]
singleMaster: true
base: { mirror: { url: "http://127.0.0.1:1/debian", key: key.asc, suites: [bookworm] } }
mesos: { deb: mesos.deb }
marathon: { deb: marathon.deb }
common: { files: [{ path: /etc/placed, from: placed }] }
layers: [site]
targets: [qcow2]
`;

/** A spec with a file of each kind next to it, a store and a cache. */
async function bakeIn(folder: string): Promise<CheckedBake> {
  const [out, cache] = [join(folder, 'out'), join(folder, 'cache')];
  for (const name of ['placed/inner', 'site/rootfs/etc', 'cache', 'out/master', 'out/slave'])
    await mkdir(join(folder, name), { recursive: true });
  for (const name of ['key.asc', 'mesos.deb', 'marathon.deb', 'placed/inner/file', 'site/rootfs/etc/site'])
    await writeFile(join(folder, name), `${name}\n`);
  await writeFile(join(cache, 'CACHEDIR.TAG'), 'tag\n');
  for (const role of ['master', 'slave']) {
    await mkdir(join(out, role, version));
    await writeFile(join(out, role, version, 'disk.qcow2'), 'a disk');
    await writeFile(join(out, role, `${version}.stages.json`), '{}');
    await symlink(version, join(out, role, 'latest'));
  }
  const specFile = join(folder, 'cluster.yaml');
  await writeFile(specFile, specText);
  const read = await readPlan(makeHost(), specFile);
  return { read, specFile, out, cache, pool: () => join(folder, 'pool') };
}

/** A recorded bake, and the call whose answer was recorded. */
async function recorded() {
  const folder = await temporaryFolder();
  const bake = await bakeIn(folder);
  const call = {
    args: ['bake', 'cluster.yaml', '--cache', bake.cache, '--quiet'],
    cwd: folder,
    env: { HOME: folder, INGOT_POOL: join(folder, 'pool'), TERM: 'xterm' },
  };
  expect(await writeUnchanged(bake, call, { answer, begun: later() })).toBe(true);
  return { folder, bake, call, file: recordFile(bake.cache, call) };
}

/** Replaces the content with another one of the same size, in place, and sets the time back. */
async function alterUnseen(path: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  const text = await readFile(path, 'latin1');
  await writeFile(path, text.replace(/.$/m, '#'), 'latin1');
  await utimes(path, atime, mtime);
}

test('a bake whose inputs are as they were is answered, again and again; other variables do not matter', async () => {
  const { call } = await recorded();
  expect(recordedAnswer(call)).toEqual(answer);
  expect(recordedAnswer({ ...call, env: { ...call.env, TERM: 'dumb', SSH_TTY: '/dev/pts/1' } })).toEqual(
    answer,
  );
});

test.each([
  'cluster.yaml',
  'key.asc',
  'mesos.deb',
  'placed/inner/file',
  'site/rootfs/etc/site',
  `out/master/${version}/disk.qcow2`,
  `out/slave/${version}.stages.json`,
  'cache/CACHEDIR.TAG',
])('%s: altered with the same size and time, replaced, or removed, it is noticed', async (name) => {
  const { folder, bake, call } = await recorded();
  const path = join(folder, name);
  const again = async () => {
    expect(recordedAnswer(call)).toBeUndefined();
    await writeUnchanged(bake, call, { answer, begun: later() });
    expect(recordedAnswer(call)).toEqual(answer);
  };
  await alterUnseen(path);
  await again();
  const { atime, mtime } = await stat(path);
  await writeFile(`${folder}/other`, await readFile(path));
  await utimes(`${folder}/other`, atime, mtime);
  await rename(`${folder}/other`, path);
  await again();
  await rm(path);
  expect(recordedAnswer(call)).toBeUndefined();
});

test.each<[string, (folder: string) => Promise<void>]>([
  ['a lock appears', (folder) => writeFile(join(folder, 'cluster.lock.json'), '{}')],
  ['a file is added to a placed folder', (folder) => writeFile(join(folder, 'placed/inner/new'), '')],
  ['a folder is added to a layer', (folder) => mkdir(join(folder, 'site/templates'))],
  ['a file is added to a version', (folder) => writeFile(join(folder, 'out/slave', version, 'new'), '')],
  ['a version is removed', (folder) => rm(join(folder, 'out/master', version), { recursive: true })],
  ['the link to the latest version is removed', (folder) => rm(join(folder, 'out/slave/latest'))],
  [
    'the link leads to another version',
    async (folder) => {
      await rm(join(folder, 'out/slave/latest'));
      await symlink('20261123-0123456789ab', join(folder, 'out/slave/latest'));
    },
  ],
  ['a program of a layer may be executed', (folder) => chmod(join(folder, 'site/rootfs/etc/site'), 0o755)],
])('it is noticed when %s', async (_, change) => {
  const { folder, call } = await recorded();
  await change(folder);
  expect(recordedAnswer(call)).toBeUndefined();
});

test.each([
  '/var/lib/dpkg/status',
  '/usr/local/bin/qemu-system-x86_64',
  process.execPath,
  join(projectFolder, 'package.json'),
  join(projectFolder, 'images'),
  join(projectFolder, 'images/residue.yaml'),
  join(projectFolder, 'templates/boot'),
  join(projectFolder, 'node-tools/ingot_node'),
  join(projectFolder, 'src/cli/main.ts'),
])('a change of %s is noticed', async (path) => {
  const { bake, call, file } = await recorded();
  expect(await bakeInputs(bake)).toContain(path);
  const record = JSON.parse(await readFile(file, 'utf8')) as { inputs: Record<string, string> };
  // This host's own files cannot be changed here: the record is of another state of them.
  record.inputs[path] = `${record.inputs[path] ?? ''}1`;
  await writeFile(file, JSON.stringify(record));
  expect(recordedAnswer(call)).toBeUndefined();
});

test("without a mirror of the spec, apt's settings and sources count", async () => {
  const { bake } = await recorded();
  expect(await bakeInputs(bake)).not.toContain('/etc/apt/sources.list.d');
  const spec = { ...bake.read.spec, base: { ...bake.read.spec.base, mirror: undefined } };
  const inputs = await bakeInputs({ ...bake, read: { ...bake.read, spec } });
  for (const path of ['/usr/bin/apt-get', '/etc/apt/apt.conf.d', '/etc/apt/sources.list.d'])
    expect(inputs).toContain(path);
});

test('another command line, folder or environment is not answered', async () => {
  const { folder, call } = await recorded();
  for (const other of [
    { ...call, args: [...call.args, '--json'] },
    { ...call, args: [...call.args, '--no-fast-check'] },
    { ...call, args: ['check', ...call.args.slice(1)] },
    { ...call, cwd: join(folder, 'placed') },
    { ...call, env: { ...call.env, INGOT_ACCEL: 'tcg' } },
    { ...call, env: { ...call.env, PATH: '/usr/bin' } },
    { ...call, env: { HOME: folder } },
    { ...call, args: ['bake', 'cluster.yaml'] },
  ])
    expect(recordedAnswer(other)).toBeUndefined();
});

test.each<[string, (file: string) => Promise<void>]>([
  ['is cut off', async (file) => writeFile(file, (await readFile(file, 'utf8')).slice(0, -10))],
  ['is of another format', async (file) => writeFile(file, (await readFile(file, 'utf8')).replace('1', '2'))],
  ['names no inputs', (file) => writeFile(file, JSON.stringify({ format: 1, inputs: {}, answer }))],
  ['may be written by others', (file) => chmod(file, 0o666)],
  ['is missing', (file) => rm(file)],
])('a record that %s is not used', async (_, damage) => {
  const { call, file } = await recorded();
  await damage(file);
  expect(recordedAnswer(call)).toBeUndefined();
});

test('an input that changed less than two seconds before the check leaves no record', async () => {
  const folder = await temporaryFolder();
  const bake = await bakeIn(folder);
  const call = { args: ['bake', 'cluster.yaml', `--cache=${bake.cache}`], cwd: folder, env: {} };
  const { ctimeMs } = await stat(bake.specFile);
  expect(await writeUnchanged(bake, call, { answer, begun: ctimeMs + 1500 })).toBe(false);
  expect(existsSync(recordFile(bake.cache, call))).toBe(false);
  expect(await writeUnchanged(bake, call, { answer, begun: later() })).toBe(true);
  expect(recordedAnswer(call)).toEqual(answer);
});

test('a cache keeps the records of the last sixteen calls', async () => {
  const { bake, call } = await recorded();
  for (let number = 0; number < 16; number += 1)
    await writeUnchanged(bake, { ...call, args: [...call.args, `${number}`] }, { answer, begun: later() });
  expect(recordedAnswer(call)).toBeUndefined();
  expect(recordedAnswer({ ...call, args: [...call.args, '0'] })).toEqual(answer);
});
