import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildInitrd } from '../../../../src/bake/packer/build-initrd.ts';
import { readCpio } from '../../../../src/diff/compare/cpio.ts';
import { makeHost } from '../../../../src/host/make-host.ts';

const execute = promisify(execFile);
const host = makeHost();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot initrd '));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const programs = ['usr/bin/busybox', ...['ld-linux-x86-64.so.2', 'libc.so.6', 'libresolv.so.2'].map(library)];
function library(name: string): string {
  return `usr/lib/x86_64-linux-gnu/${name}`;
}

async function diskOf(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const tree = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
  await execute('mksquashfs', [tree, `${tree}.squashfs`, '-noappend', '-quiet', '-no-progress']);
  return `${tree}.squashfs`;
}

const made = (disk: string, outFile: string): Promise<void> =>
  buildInitrd(host, { disk, init: '#!/bin/sh\n', workFolder: join(folder, 'work'), outFile });

test('a build guest gets busybox, its init and only the modules that it needs, all from its own disk', async () => {
  const kernel = 'usr/lib/modules/6.1.0-1';
  const disk = await diskOf('whole', {
    ...Object.fromEntries(programs.map((path) => [path, `content of ${path}`])),
    [`${kernel}/modules.dep`]: 'kernel/fs/isofs.ko: kernel/cdrom.ko\nkernel/cdrom.ko:\nkernel/sound.ko:\n',
    [`${kernel}/kernel/fs/isofs.ko`]: 'isofs',
    [`${kernel}/kernel/cdrom.ko`]: 'cdrom',
    [`${kernel}/kernel/sound.ko`]: 'sound',
  });
  const outFile = join(folder, 'initrd');
  await made(disk, outFile);
  const archive = readCpio(await readFile(outFile), outFile);
  const texts = new Map(archive.map(({ path, content }) => [path, content.toString()]));
  expect(texts.get('/init')).toBe('#!/bin/sh\n');
  expect(texts.get('/bin/busybox')).toBe('content of usr/bin/busybox');
  expect(texts.get('/modules/order')).toBe('cdrom.ko\nisofs.ko\n');
  expect(texts.get('/modules/isofs.ko')).toBe('isofs');
  expect([...texts.keys()].filter((path) => path.includes('sound'))).toEqual([]);
  expect(await readdir(folder)).not.toContain('work');
});

test('a tree without busybox is refused, and the missing file is named', async () => {
  const disk = await diskOf('bare', { 'usr/lib/modules/6.1.0-1/modules.dep': '' });
  await expect(made(disk, join(folder, 'none'))).rejects.toThrow('the composed tree has no usr/bin/busybox');
});

test('a tree without a kernel is refused, and the missing file is named', async () => {
  const disk = await diskOf('kernelless', { 'usr/bin/busybox': '' });
  await expect(made(disk, join(folder, 'none'))).rejects.toThrow(
    'the composed tree has no usr/lib/modules/*/modules.dep',
  );
});
