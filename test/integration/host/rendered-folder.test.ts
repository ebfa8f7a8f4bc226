import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRendered, writeRendered } from '../../../src/host/rendered-folder.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

const file = (path: string, content = `${path}\n`) => ({ path, content });
const text = (...path: string[]) => readFile(join(...path), 'utf8');

describe('the folder of ingot render', () => {
  test('is created, contains what was rendered, and is read back', async () => {
    const folder = join(await temporaryFolder(), 'new', 'folder');
    expect(await readRendered(folder)).toEqual(new Map());
    await writeRendered(folder, [file('a'), file('b/c')]);
    expect(await text(folder, 'b/c')).toBe('b/c\n');
    expect(await readRendered(folder)).toEqual(
      new Map([
        ['a', 'a\n'],
        ['b/c', 'b/c\n'],
      ]),
    );
  });

  test('loses files that are no longer rendered, but none of other origin', async () => {
    const folder = await temporaryFolder();
    await writeRendered(folder, [file('a'), file('b/c')]);
    await writeFile(join(folder, 'b/notes'), 'mine');
    await writeRendered(folder, [file('a', 'changed\n')]);
    expect(await text(folder, 'a')).toBe('changed\n');
    expect(await readdir(join(folder, 'b'))).toEqual(['notes']);
    expect([...(await readRendered(folder)).keys()]).toEqual(['a']);
  });

  test('is refused and stays unchanged if it belongs to somebody else', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a'), 'mine');
    const error = await rejection(writeRendered(folder, [file('a'), file('b')]));
    expect(error).toMatchObject({ code: 'unusable-folder', hint: 'name an empty or new folder' });
    expect(error.message).toContain(`${folder} holds files that ingot did not write`);
    expect(await readdir(folder)).toEqual(['a']);
    expect(await text(folder, 'a')).toBe('mine');
  });

  test('keeps a file of other origin where a new one would be written, and reports it', async () => {
    const folder = await temporaryFolder();
    await writeRendered(folder, [file('a')]);
    await mkdir(join(folder, 'b'));
    await writeFile(join(folder, 'b/c'), 'mine');
    const error = await rejection(writeRendered(folder, [file('a', 'changed\n'), file('b/c')]));
    expect(error.message).toBe(`ingot did not write ${join(folder, 'b/c')}; nothing was changed`);
    expect([await text(folder, 'a'), await text(folder, 'b/c')]).toEqual(['a\n', 'mine']);
  });

  test('does not lead out of it if its list was tampered with', async () => {
    const above = await temporaryFolder();
    await writeFile(join(above, 'precious'), 'mine');
    const folder = join(above, 'rendered');
    await writeRendered(folder, [file('a')]);
    await writeFile(join(folder, '.ingot-rendered'), `a\n../precious\n${above}/precious\nx/../../precious\n`);
    await writeRendered(folder, [file('a')]);
    expect(await text(above, 'precious')).toBe('mine');
  });

  test('is wrong input if it is a file', async () => {
    const path = join(await temporaryFolder(), 'file');
    await writeFile(path, '');
    const error = await rejection(writeRendered(path, [file('a')]));
    expect(error.code).toBe('unusable-folder');
    expect(error.message).toContain(`${path} cannot be used as a folder`);
  });
});
