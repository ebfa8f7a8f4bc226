import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { requireComposablePath } from '../../../../src/bake/compose/composable-path.ts';
import { lockedInput } from '../../../../src/bake/compose/locked-input.ts';
import { mmdebstrap } from '../../../../src/bake/compose/mmdebstrap.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { withTemporaryFolder } from '../../../../src/host/with-temporary-folder.ts';
import { packagesOf } from '../../../../src/inputs/lock/lock.ts';
import { exportLock, importLock } from '../../../../src/inputs/lock-archive.ts';
import { sourceOf } from '../../../../src/inputs/plan/package-origin.ts';
import { pooledPath } from '../../../../src/inputs/pool/pool.ts';
import { encodePath } from '../../../../src/inputs/url/canonical-url.ts';
import { rejection } from '../../../samples/temporary.ts';
import { lockIn, toyPlan } from './toy-lock.ts';
import { buildDeb, endKey, makeKey, publish, type ToyKey } from './toy-source.ts';

const host = makeHost();
const asRoot = process.getuid?.() === 0;
const ownTemporary = process.env['TMPDIR'];
let all: string;
let key: ToyKey;

beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), 'ingot-paths-'));
  key = await makeKey(all);
  await publish(join(all, 'site'), key, [{ name: 'tool', version: '1-1' }]);
  await buildDeb(all, { name: 'mesos', version: '1-1' });
});
afterEach(() => {
  if (ownTemporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = ownTemporary;
});
afterAll(async () => {
  await endKey(key);
  await rm(all, { recursive: true, force: true });
});

/** Characters that are special to apt.conf, deb822, URLs, sh, tar, xargs or ar, and others. */
const troublesome = [
  ...Array.from(` %"'\\,:=#[](){}$\`;&|<>*?!~+@^\t\né字`),
  '%41',
  '%2f',
  '$(ARCH)',
  '//',
  '-x',
  '.deb',
];
const folderName = fc
  .array(fc.oneof(fc.constantFrom(...troublesome), fc.constantFrom('a', 'B', '7')), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join('').replaceAll('/', '_'))
  .filter((name) => name !== '.' && name !== '..' && Buffer.byteLength(name) < 100);

/** Locks with everything below a folder of this name: spec, .deb, key, source, pool and temporary files. */
async function lockBelow(name: string) {
  const folder = await mkdtemp(join(all, 'run-')).then((run) => join(run, name));
  await mkdir(join(folder, 'tmp'), { recursive: true });
  process.env['TMPDIR'] = join(folder, 'tmp');
  await host.run('cp', ['-r', join(all, 'site'), join(folder, 'site')]);
  await host.run('cp', [key.publicKey, join(folder, 'key.gpg')]);
  const deb = join(folder, 'mesos.deb');
  await host.run('cp', [join(all, 'mesos_1-1_all.deb'), deb]);
  const source = sourceOf(
    { url: `file:${encodePath(join(folder, 'site'))}`, key: 'key.gpg' },
    ['toy'],
    folder,
  );
  const plan = toyPlan([source], ['tool'], [{ name: 'mesos', packages: ['mesos'], from: deb }]);
  const { lock } = await lockIn(folder, plan);
  expect(packagesOf(lock).map((one) => one.name)).toEqual(['tool', 'mesos']);
  for (const { sha256 } of packagesOf(lock))
    expect((await lstat(pooledPath(join(folder, 'pool'), sha256))).isFile()).toBe(true);
  // No temporary files are left.
  expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  return { folder, lock };
}

describe('any legal path works for lock, pool and archive', () => {
  test('property: whatever the name of the folder', async () => {
    await fc.assert(
      fc.asyncProperty(folderName, async (name) => {
        const { folder, lock } = await lockBelow(name);
        const archive = join(folder, 'a:b c.tar');
        await exportLock(host, lock, join(folder, 'pool'), archive);
        const taken = await importLock(host, archive, join(folder, 'pool-2'));
        expect(taken).toEqual(lock);
      }),
      { numRuns: 4, examples: [[troublesome.join('').replaceAll('/', '_')]], endOnFailure: true },
    );
  });
});

describe.runIf(asRoot)('any legal path works for composing, or is refused at once', () => {
  test.each([` a b%41'é字,:=#[x](y){z}$(ARCH)\`;&|<>*?!~+@^ `])('below the folder "%s"', async (name) => {
    const { folder, lock } = await lockBelow(name);
    requireComposablePath(folder);
    const work = join(folder, 'work');
    const input = await lockedInput(host, { lock, pool: join(folder, 'pool') }, 'shared', work);
    const tree = join(folder, 'tree');
    // As mmdebstrap does for a real tree, but none of these packages can be configured.
    const extract = {
      ...host,
      run: (...[program, args, options]: Parameters<typeof host.run>) =>
        host.run(
          program,
          // The hook runs in the tree, which has no shell.
          args
            .filter((arg) => !arg.startsWith('--extract-hook='))
            .map((arg) => (arg === '--variant=minbase' ? '--variant=extract' : arg)),
          options,
        ),
    };
    await mmdebstrap(extract, {
      ...{ suite: 'toy', packages: input.packages, tree, sources: input.sources },
      ...{ epoch: 1_000_000_000, log: join(folder, 'log') },
    });
    expect(await readFile(join(tree, 'usr/share/tool/content'), 'utf8')).toBe('1-1');
  });
});

describe('a folder for temporary files', () => {
  test.each([
    ['does not exist', 'nowhere', 'the folder for temporary files does not exist: '],
    ['is a file', 'file', 'the folder for temporary files is not a folder: '],
  ])('that %s is refused and named', async (_, name, message) => {
    await writeFile(join(all, 'file'), '');
    process.env['TMPDIR'] = join(all, name);
    const error = await rejection(withTemporaryFolder(() => Promise.resolve()));
    expect(error.message).toBe(`${message}${join(all, name)}`);
    expect([error.exitCode, error.hint?.includes('TMPDIR')]).toEqual([2, true]);
  });

  test('has a name that needs no quoting, belongs to us only, and is removed', async () => {
    const parent = join(all, 'te mp"\'%41');
    await mkdir(parent);
    process.env['TMPDIR'] = parent;
    const path = await withTemporaryFolder(async (folder) => {
      expect(folder).toMatch(/^\/[A-Za-z0-9/._-]+$/);
      await writeFile(join(folder, 'x'), '');
      const [name = ''] = await readdir(parent);
      expect((await lstat(join(parent, name))).mode & 0o777).toBe(0o700);
      return join(parent, name);
    });
    expect(await readdir(parent)).not.toContain(basename(path));
  });
});
