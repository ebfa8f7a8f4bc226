import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readElf } from '../../../../src/inputs/lock/elf.ts';
import { sourceOf } from '../../../../src/inputs/plan/package-origin.ts';
import { rejection } from '../../../samples/temporary.ts';
import { lockIn, toyPlan } from './toy-lock.ts';
import { buildDeb, endKey, makeKey, publish, type ToyDeb, type ToyKey } from './toy-source.ts';

let all: string;
let key: ToyKey;
let ls: Buffer;
let number = 0;
beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), 'ingot-linked-'));
  key = await makeKey(all);
  ls = await readFile('/bin/ls');
  await publish(join(all, 'debian'), key, [
    { name: 'tool', version: '1-1' },
    { name: 'libc6', version: '2.36-9', files: { 'DEBIAN/shlibs': 'libc 6 libc6 (>= 2.36)\n' } },
    // A library that is not listed in the shlibs of its package.
    { name: 'libselinux1', version: '3.4-1', files: { 'usr/lib/libselinux.so.1': 'x' } },
  ]);
});
afterAll(async () => {
  await endKey(key);
  await rm(all, { recursive: true, force: true });
});

/** A real program of this machine that is linked with libc.so.6 and another library. */
const linkedWith = (library: string): Buffer => {
  const at = ls.indexOf('libselinux.so.1\0');
  const bytes = Buffer.from(ls);
  bytes.fill(0, at, at + 15);
  bytes.write(library, at, 15, 'latin1');
  return bytes;
};

async function lockOf(deb: ToyDeb) {
  const folder = join(all, `spec-${number++}`);
  await mkdir(folder);
  await writeFile(join(folder, 'cluster.yaml'), 'mesos:\n  deb: mesos.deb\n');
  const from = await buildDeb(folder, deb);
  const source = sourceOf({ url: `file:${join(all, 'debian')}`, key: key.publicKey }, ['toy'], all);
  const plan = toyPlan([source], ['tool'], [{ name: 'mesos', packages: ['mesos'], from }]);
  return { folder, made: await lockIn(folder, plan) };
}
const debian10 = (files: ToyDeb['files'], depends = 'libc6, libselinux1'): ToyDeb => ({
  ...{ name: 'mesos', version: '1.9.0-2.0.1.debian10', depends },
  ...(files === undefined ? {} : { files }),
});

test('the ELF reader reports which libraries this machine’s own programs are linked with', () => {
  expect(readElf(ls)).toEqual({
    isProgram: true,
    needed: ['libselinux.so.1', 'libc.so.6'],
    soname: undefined,
  });
  expect(readElf(Buffer.from('#!/bin/sh\n'))).toBeUndefined();
  expect(readElf(ls.subarray(0, 100))).toBeUndefined();
});

test('a program that is linked with libraries of the image is locked, whether or not their package lists them in shlibs', async () => {
  const { made } = await lockOf(debian10({ 'usr/sbin/mesos-master': ls }));
  expect(made.written).toBe(true);
});

test('a program that is linked with a library of an older Debian is refused even if its dependencies are met: which library, since when, and what works', async () => {
  const work = lockOf(debian10({ 'usr/sbin/mesos-master': linkedWith('libssl.so.1.1') }));
  const error = await rejection(work);
  expect(error.message).toContain(
    'cluster.yaml:2:8: mesos 1.9.0-2.0.1.debian10: its program mesos-master is linked with libssl.so.1.1, which no package of the image has',
  );
  expect(error.message).toContain(
    'libssl1.1 was last in Debian 11 (bullseye), gone since Debian 12 (bookworm)',
  );
  expect(error.hint).toContain('mesos: clusterd');
  expect(existsSync(join(all, `spec-${number - 1}`, 'cluster.lock.json'))).toBe(false);
});

test('a library that is missing from its dependencies is named, with the package to add', async () => {
  const error = await rejection(lockOf(debian10({ 'usr/sbin/mesos-agent': ls }, 'libc6')));
  expect(error.message).toContain(
    'mesos-agent is linked with libselinux.so.1, which no package of the image has',
  );
  expect(error.message).toContain('right: the package that has libselinux.so.1, under common.packages');
});

test('a file that no program loads is not examined', async () => {
  const plugin = linkedWith('libnone.so.1');
  // Without PT_INTERP (type 3) it is not a program.
  const headers = Number(plugin.readBigUInt64LE(32));
  for (let index = 0; index < plugin.readUInt16LE(56); index++) {
    const at = headers + index * plugin.readUInt16LE(54);
    if (plugin.readUInt32LE(at) === 3) plugin.writeUInt32LE(0, at);
  }
  expect((await lockOf(debian10({ 'usr/lib/mesos/plugin.so': plugin }))).made.written).toBe(true);
});
