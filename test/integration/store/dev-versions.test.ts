import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  devFolder,
  devVersions,
  placeDevVersion,
  requireDevFolder,
  requireDevVersion,
} from '../../../src/store/dev-versions.ts';
import { promote } from '../../../src/store/promote.ts';
import { devVersionName, writeDevVersion } from '../../samples/dev-version.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

const staged = (out: string, content: string) =>
  writeDevVersion(join(out, 'runs', 'run', 'staged', 'slave'), 'slave', content);
const disk = (out: string) => readFile(join(devFolder(out, 'slave'), 'disk.raw'), 'utf8');
/** No process has this id: it is above the limit of the kernel. */
const nobody = '4194999';

describe('a development version', () => {
  test('takes the place of the one before, and nothing of the store changes', async () => {
    const out = await temporaryFolder();
    expect(await placeDevVersion(out, 'slave', await staged(out, 'one'))).toBe(join(out, 'dev', 'slave'));
    await placeDevVersion(out, 'slave', await staged(out, 'two'));
    expect(await disk(out)).toBe('two');
    expect(await readdir(join(out, 'dev'))).toEqual(['slave']);
    expect((await readdir(out)).sort()).toEqual(['dev', 'runs']);
  });

  test('is put back where a replacement was killed between its two renames', async () => {
    const out = await temporaryFolder();
    await writeDevVersion(join(out, 'dev', `.slave.replaced-${nobody}`), 'slave', 'old');
    // It is not garbage: it is the only one.
    expect(await devVersions(out)).toEqual([]);
    await placeDevVersion(out, 'master', await writeDevVersion(join(out, 'new'), 'master'));
    expect(await disk(out)).toBe('old');
  });

  test('whose rest was left by a killed process is listed as such; that of a running process is not', async () => {
    const out = await temporaryFolder();
    await placeDevVersion(out, 'slave', await staged(out, 'new'));
    await writeDevVersion(join(out, 'dev', `.slave.replaced-${nobody}`), 'slave', 'old');
    await writeDevVersion(join(out, 'dev', `.slave.replaced-${process.ppid}`), 'slave', 'older');
    const found = await devVersions(out);
    expect(found.map(({ role, rest }) => ({ role, rest }))).toEqual([
      { role: 'slave', rest: true },
      { role: 'slave', rest: false },
    ]);
  });

  test('does not replace what is not one: a folder of somebody, a link, a file', async () => {
    for (const plant of [
      async (path: string) => {
        await mkdir(path);
        await writeFile(join(path, 'thesis.txt'), 'mine');
      },
      (path: string) => symlink('/tmp', path),
      (path: string) => writeFile(path, 'mine'),
    ]) {
      const out = await temporaryFolder();
      await mkdir(join(out, 'dev'));
      await plant(join(out, 'dev', 'slave'));
      const error = await rejection(requireDevFolder(out, 'slave'));
      expect(error.code).toBe('unusable-folder');
      expect(error.message).toContain(join(out, 'dev', 'slave'));
      expect(await devVersions(out)).toEqual([]);
    }
  });

  test('is found by its role only: one of another role in its place is not', async () => {
    const out = await temporaryFolder();
    await writeDevVersion(devFolder(out, 'slave'), 'master');
    expect((await rejection(requireDevVersion(out, 'slave'))).code).toBe('no-image');
    await rename(devFolder(out, 'slave'), devFolder(out, 'master'));
    expect(await requireDevVersion(out, 'master')).toBe(devFolder(out, 'master'));
  });

  test('never gets into the store, also not by the way of a bake', async () => {
    const out = await temporaryFolder();
    const candidate = { role: 'slave', version: devVersionName, staged: await staged(out, 'one') } as const;
    const error = await rejection(promote([candidate], out));
    expect(error.code).toBe('not-publishable');
    expect(existsSync(join(out, 'slave'))).toBe(false);
  });
});
