import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { sharedFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { buildIngot, bundle, project, removeBuilt } from '../built-ingot.ts';
import { toyVersion } from './publish-toy.ts';
import { type ToyCluster, toyCluster } from './toy-cluster.ts';

const run = promisify(execFile);
const shared = sharedFolder();
let cluster: ToyCluster;
let built: string;

/** Lists every path that a process reads or looks at, without what loads its modules. */
const recorder = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const paths = new Set();
const { writeFileSync } = fs;
const read = ['readFile', 'open', 'stat', 'lstat', 'readdir', 'readlink', 'access'];
const note = (of, name) => {
  const own = of[name];
  of[name] = function (path, ...rest) {
    if (typeof path === 'string') paths.add(name.replace('Sync', '') + ' ' + path);
    return own.call(this, path, ...rest);
  };
};
for (const name of read) { note(fs, name); note(fs, name + 'Sync'); note(fs.promises, name); }
note(fs, 'createReadStream');
syncBuiltinESMExports();
process.on('exit', () => writeFileSync(process.env.READS, JSON.stringify([...paths])));
`;

beforeAll(async () => {
  built = await buildIngot();
  cluster = await toyCluster(shared());
  await writeFile(join(cluster.folder, 'recorder.mjs'), recorder);
  await cluster.offer({}, 'Sat, 21 Nov 2026 02:10:46 UTC');
  const { world } = fakeWorld({ cwd: cluster.folder });
  await commandLine(world, ['lock', cluster.spec, '--pool', cluster.pool, '--quiet']);
});
afterAll(async () => {
  await cluster.close();
  await removeBuilt(built);
});

const main = () => join(built, 'cli/main.js');

/** Bakes with the program itself, and reports what it read. */
async function bake(...more: readonly string[]) {
  const reads = join(cluster.folder, 'reads.json');
  const args = ['bake', cluster.spec, '--out', cluster.out, '--cache', cluster.cache, '--pool', cluster.pool];
  const recording = ['--import', join(cluster.folder, 'recorder.mjs'), main(), ...args, ...more];
  const { stdout, stderr } = await run(process.execPath, recording, {
    cwd: cluster.folder,
    env: { ...process.env, READS: reads },
  });
  return { stdout, stderr, reads: JSON.parse(await readFile(reads, 'utf8')) as string[] };
}

/** Publishes with the code of the built program: its digest is a part of every key. */
async function publishByBuilt(): Promise<void> {
  await bundle(join(project, 'test/integration/cli/publish-toy.ts'), join(built, 'test'));
  const script = `import { publishToy } from '${join(built, 'test/publish-toy.mjs')}'; await publishToy(${JSON.stringify(cluster)});`;
  await run(process.execPath, ['--input-type=module', '--eval', script]);
}

const readSpec = ({ reads }: { readonly reads: readonly string[] }) =>
  reads.includes(`readFile ${cluster.spec}`);

test('an unchanged bake reads no input, and prints the same as a complete check; nothing was left out of its record', async () => {
  await rm(cluster.out, { recursive: true, force: true });
  await publishByBuilt();
  const complete = await bake('--no-fast-check');
  expect(complete.stderr).toContain('nothing to do: master is');
  expect(readSpec(complete)).toBe(true);
  // Two seconds after the last file of the store was written there is a record.
  const fast = await vi.waitUntil(
    async () => {
      const one = await bake();
      return readSpec(one) ? undefined : one;
    },
    { timeout: 60_000 },
  );
  expect(fast.stdout).toBe(complete.stdout);
  expect(fast.stderr).toBe(complete.stderr);
  expect(fast.stdout).toContain(toyVersion);

  const [file = ''] = await readdir(join(cluster.cache, 'unchanged'));
  const record = JSON.parse(await readFile(join(cluster.cache, 'unchanged', file), 'utf8')) as {
    inputs: Record<string, string>;
  };
  /** Whether a change of a path changes the record; what does not exist would change the folder above it. */
  const isRecorded = (path: string): boolean =>
    path in record.inputs || (!existsSync(path) && path !== '/' && isRecorded(dirname(path)));
  const unrecorded = complete.reads
    .map((line) => line.slice(line.indexOf(' ') + 1))
    .filter((path) => !path.startsWith(cluster.cache) && !path.startsWith('/proc/') && !isRecorded(path));
  expect(unrecorded).toEqual([]);

  const json = await bake('--json');
  expect((await bake('--json', '--no-fast-check')).stdout).toBe(json.stdout);
  await writeFile(cluster.spec, await readFile(cluster.spec));
  expect(readSpec(await bake())).toBe(true);
});
