import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { filesBelow } from '../../../src/host/files-below.ts';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import { publishToFolder } from '../../../src/publish/folder/folder-place.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import {
  bootFrom,
  bootWhile,
  countedProgress,
  type Reader,
  requestOf,
  sampleVersion,
} from './sample-places.ts';

const work = sharedFolder();
let old: AdmittedVersion;
let next: AdmittedVersion;
beforeAll(async () => {
  old = await sampleVersion(work(), 'old');
  next = await sampleVersion(work(), 'new');
});

const readerOf =
  (folder: string): Reader =>
  (path) =>
    readFile(join(folder, path)).catch(() => undefined);

test('a machine boots the version that was published, and then the next one', async () => {
  const folder = join(await temporaryFolder(), 'boot');
  const first = await publishToFolder(requestOf(folder, [old]));
  expect(first.versions).toEqual([
    {
      role: 'slave',
      version: old.version,
      address: expect.stringMatching(`^${folder}/slave/[0-9a-f]{16}/${old.version}$`) as unknown,
    },
  ]);
  expect(first.presentBytes).toBe(0);
  expect(await bootFrom(readerOf(folder))).toBe('old');
  await publishToFolder(requestOf(folder, [next]));
  expect(await bootFrom(readerOf(folder))).toBe('new');
  const record = JSON.parse(await readFile(join(folder, 'slave.json'), 'utf8')) as { path: string };
  expect(record).toMatchObject({ schema: 1, role: 'slave', version: next.version, rootHash: next.rootHash });
  expect(await readdir(join(folder, record.path))).toContain('SHA256SUMS.dsse');
});

test('a machine that boots in the middle gets all of the old or all of the new', async () => {
  const folder = await temporaryFolder();
  const large = await sampleVersion(await temporaryFolder(), 'large', { rootBytes: 20_000_000 });
  await publishToFolder(requestOf(folder, [old]));
  const booted = await bootWhile(readerOf(folder), publishToFolder(requestOf(folder, [large])));
  expect(['old', 'old large', 'large']).toContain(booted.join(' '));
  expect(await bootFrom(readerOf(folder))).toBe('large');
});

test('a publication that is ended at any file leaves the old version, and the next one completes it', async () => {
  const { length } = await filesBelow(next.folder);
  for (let files = 1; files <= length; files += 1) {
    const folder = await temporaryFolder();
    await publishToFolder(requestOf(folder, [old]));
    const stop = new AbortController();
    let seen = 0;
    const progress = countedProgress(() => {
      seen += 1;
      if (seen === files) stop.abort(new Error('ended'));
    });
    const ended = publishToFolder(requestOf(folder, [next], { progress, signal: stop.signal }));
    await expect(ended).rejects.toThrow('ended');
    expect(await bootFrom(readerOf(folder))).toBe('old');
    expect((await filesBelow(folder)).filter((path) => path.endsWith('.new'))).toEqual([]);
    const { presentBytes } = await publishToFolder(requestOf(folder, [next]));
    expect(presentBytes > 0).toBe(files > 1);
    expect(await bootFrom(readerOf(folder))).toBe('new');
  }
});

test('what is there is not copied again, and a file that was altered there is mended', async () => {
  const folder = await temporaryFolder();
  await publishToFolder(requestOf(folder, [old]));
  const again = await publishToFolder(requestOf(folder, [old]));
  expect(again.sentBytes).toBe(0);
  const path = join(again.versions[0]?.address ?? '', 'netboot', 'vmlinuz');
  await writeFile(path, 'ALT kernel');
  const mended = await publishToFolder(requestOf(folder, [old]));
  expect(mended.sentBytes).toBe('old kernel'.length);
  expect(await bootFrom(readerOf(folder))).toBe('old');
});

test('two publications at once leave one of the two versions, whole', async () => {
  const folder = await temporaryFolder();
  await Promise.all([old, next, old].map((version) => publishToFolder(requestOf(folder, [version]))));
  expect(['old', 'new']).toContain(await bootFrom(readerOf(folder)));
  expect((await filesBelow(folder)).filter((path) => path.endsWith('.new'))).toEqual([]);
});

test('files can be read by a web server, whatever the umask', async () => {
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  const folder = await temporaryFolder();
  const { versions } = await publishToFolder(requestOf(folder, [old]));
  for (const path of ['vmlinuz', 'netboot', 'netboot/boot.ipxe']) {
    const { mode } = await stat(join(versions[0]?.address ?? '', path));
    expect(mode & 0o444, path).toBe(0o444);
  }
});

describe('it changes nothing and says why', () => {
  test('where a file of somebody else has the name of a pointer', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'slave.ipxe'), '#!ipxe\nshell\n');
    const error = await rejection(publishToFolder(requestOf(folder, [old])));
    expect(error).toMatchObject({ code: 'publish-failed', exitCode: 1 });
    expect(error.message).toContain('a file slave.ipxe that ingot did not write');
    expect(await filesBelow(folder)).toEqual(['slave.ipxe']);
  });

  test('where machines boot from the place and the new version has no files for that', async () => {
    const folder = await temporaryFolder();
    await publishToFolder(requestOf(folder, [old]));
    const disk = await sampleVersion(await temporaryFolder(), 'disk', { netboot: false });
    const error = await rejection(publishToFolder(requestOf(folder, [disk])));
    expect(error.hint).toContain('put netboot among the targets');
    expect(await bootFrom(readerOf(folder))).toBe('old');
  });

  test('where the version has changed since it was verified', async () => {
    const altered = await sampleVersion(await temporaryFolder(), 'altered');
    await writeFile(join(altered.folder, 'vmlinuz'), 'altered kErnel');
    const folder = await temporaryFolder();
    await publishToFolder(requestOf(folder, [old]));
    const error = await rejection(publishToFolder(requestOf(folder, [altered])));
    expect(error).toMatchObject({ code: 'damaged-version' });
    expect(await bootFrom(readerOf(folder))).toBe('old');
  });

  test('where the path is a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'boot'), '');
    const error = await rejection(publishToFolder(requestOf(join(folder, 'boot'), [old])));
    expect(error).toMatchObject({ code: 'unusable-folder' });
  });

  test('where the file system is full', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'small'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=450k', 'ingot-test', join(folder, 'small')]);
    onTestFinished(() => void execFileSync('umount', [join(folder, 'small')]));
    const small = await sampleVersion(await temporaryFolder(), 'small', { rootBytes: 100_000 });
    await publishToFolder(requestOf(join(folder, 'small'), [small]));
    const error = await rejection(publishToFolder(requestOf(join(folder, 'small'), [next])));
    expect(error).toMatchObject({ code: 'no-space' });
    expect(await bootFrom(readerOf(join(folder, 'small')))).toBe('small');
    expect((await filesBelow(join(folder, 'small'))).filter((path) => path.endsWith('.new'))).toEqual([]);
  });
});
