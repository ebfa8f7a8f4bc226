import { mkdir, readdir, readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../../src/plan/plan.ts';
import { promote, versionFolder, type Candidate } from '../../../src/store/promote.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

/** A version as a bake stages it, with a disk of the given content. */
async function stage(
  out: string,
  content: string,
  version: string,
  role: Role = 'master',
): Promise<Candidate> {
  const staged = join(out, 'runs', 'run', 'staged', role);
  await mkdir(staged, { recursive: true });
  await writeFile(join(staged, 'disk.qcow2'), content);
  return { role, version, staged };
}

const disk = (...path: string[]) => readFile(join(...path, 'disk.qcow2'), 'utf8');

describe('an image that is published', () => {
  test('appears in the store by rename, complete, and latest follows', async () => {
    const out = await temporaryFolder();
    const candidate = await stage(out, 'one', '20261122-aaa');
    await promote([candidate], out);
    const folder = versionFolder(out, 'master', '20261122-aaa');
    expect(folder).toBe(join(out, 'master', '20261122-aaa'));
    expect(await disk(folder)).toBe('one');
    expect(await readlink(join(out, 'master', 'latest'))).toBe('20261122-aaa');
    await expect(readdir(candidate.staged)).rejects.toThrow('ENOENT');

    await promote([await stage(out, 'two', '20261123-bbb')], out);
    expect(await disk(out, 'master', 'latest')).toBe('two');
    expect(await disk(out, 'master', '20261122-aaa')).toBe('one');
    expect((await readdir(join(out, 'master'))).sort()).toEqual(['20261122-aaa', '20261123-bbb', 'latest']);
  });

  test('that is in the store already stays as it is, and latest goes back to it', async () => {
    const out = await temporaryFolder();
    await promote([await stage(out, 'one', 'a')], out);
    await promote([await stage(out, 'two', 'b')], out);
    await writeFile(join(out, 'master', 'a', 'SHA256SUMS.dsse'), 'signed later');
    const candidate = await stage(out, 'one', 'a');
    await promote([candidate], out);
    expect(await disk(out, 'master', 'latest')).toBe('one');
    expect(await readdir(join(out, 'master', 'latest'))).toEqual(['SHA256SUMS.dsse', 'disk.qcow2']);
    await expect(readdir(candidate.staged)).rejects.toThrow('ENOENT');
  });

  test('in other forms of the same root takes the place of the one before, with its folders', async () => {
    const out = await temporaryFolder();
    await promote([await stage(out, 'one', 'a')], out);
    const candidate = await stage(out, 'one', 'a');
    await mkdir(join(candidate.staged, 'netboot'));
    await writeFile(join(candidate.staged, 'netboot', 'boot.ipxe'), '#!ipxe');
    await promote([candidate], out);
    expect(await readFile(join(out, 'master', 'latest', 'netboot', 'boot.ipxe'), 'utf8')).toBe('#!ipxe');
    expect((await readdir(join(out, 'master'))).sort()).toEqual(['a', 'latest']);
  });

  test('is put back when a process was killed while another took its place', async () => {
    const out = await temporaryFolder();
    await promote([await stage(out, 'one', 'a')], out);
    // What a process leaves that ends between the two renames; no process has the id 0.
    await rename(join(out, 'master', 'a'), join(out, 'master', '.a.replaced-0'));
    await promote([await stage(out, 'two', 'b')], out);
    expect(await disk(out, 'master', 'a')).toBe('one');
    expect((await readdir(join(out, 'master'))).sort()).toEqual(['a', 'b', 'latest']);
  });

  test('leaves those before exactly as they were when it, or that of the other role, cannot be published', async () => {
    const out = await temporaryFolder();
    await promote([await stage(out, 'one', 'a')], out);
    const good = await stage(out, 'two', 'b');
    const bad: Candidate = { role: 'slave', version: 'c', staged: join(out, 'no-such-folder') };
    await expect(promote([good, bad], out)).rejects.toThrow('ENOENT');
    expect(await disk(out, 'master', 'latest')).toBe('one');
    expect((await readdir(join(out, 'master'))).sort()).toEqual(['a', 'latest']);
  });
});
