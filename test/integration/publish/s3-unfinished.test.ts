import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import { sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { bundle, project as projectFolder } from '../built-ingot.ts';
import { bucket, partBytes } from './s3-bucket.ts';
import { bootFrom, sampleVersion } from './sample-places.ts';

const work = sharedFolder();
let old: AdmittedVersion;
beforeAll(async () => {
  old = await sampleVersion(work(), 'old', { rootBytes: 1000 });
});

describe('an upload that a killed ingot has left', () => {
  let built = '';
  beforeAll(async () => {
    // Where ingot finds its templates from its own place.
    const place = join(work(), 'ingot');
    built = join(place, 'dist', 'chunks');
    await mkdir(place);
    await symlink(join(projectFolder, 'templates'), join(place, 'templates'));
    for (const module of ['s3/s3-place', 'tree/publish-files'])
      await bundle(`src/publish/${module}.ts`, built);
  });
  const large = () => sampleVersion(work(), 'large', { rootBytes: 4 * partBytes + 7 });
  /** Publishes in a process of its own, and kills it when the second part has arrived. */
  async function killed(version: AdmittedVersion) {
    const place = await bucket();
    const { double, endpoint, prefix } = place;
    const program = [
      `import { bucketOfFiles } from ${JSON.stringify(join(built, 's3-place.mjs'))};`,
      `import { publishFiles } from ${JSON.stringify(join(built, 'publish-files.mjs'))};`,
      'const { version, options } = JSON.parse(process.env.REQUEST);',
      'const stage = { stage: (_, work) => work(stage), note: () => {}, begin: () => stage, end: () => {} };',
      'const signal = new AbortController().signal;',
      'const sums = Buffer.from(version.sums, "base64");',
      'const place = bucketOfFiles({ ...options, signal, now: () => Date.now() });',
      'await publishFiles(place, { versions: [{ ...version, sums, digests: new Map(version.digests) }], progress: stage, signal });',
    ].join('\n');
    const settings = { ...place.settings, endpoint };
    const request = {
      version: {
        ...version,
        sums: Buffer.from(version.sums).toString('base64'),
        digests: [...version.digests],
      },
      options: { bucket: 'images', prefix, pauseMs: 2, partBytes, settings },
    };
    const file = join(await temporaryFolder(), 'publish.mjs');
    await writeFile(file, program);
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, REQUEST: JSON.stringify(request) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = once(child, 'exit');
    let parts = 0;
    double.fate = (seen) => {
      if (seen.includes('partNumber') && (parts += 1) > 2) {
        child.kill('SIGKILL');
        return 'cut before';
      }
      return 'as usual';
    };
    await ended;
    double.fate = () => 'as usual';
    double.seen.length = 0;
    return place;
  }

  test('is continued: only the parts that are missing are sent, and nothing is left', async () => {
    const version = await large();
    const { double, publish, reader } = await killed(version);
    expect([...double.uploads.values()].map(({ parts }) => parts.size)).toEqual([2]);
    await publish(version);
    expect(double.seen.filter((one) => one.includes('partNumber'))).toHaveLength(3);
    expect(await bootFrom(reader)).toBe('large');
    expect(double.uploads.size).toBe(0);
  });

  test('with other bytes is not continued with them; where the key may not list uploads, all is sent', async () => {
    const version = await large();
    const { double, publish, reader } = await killed(version);
    for (const { parts } of double.uploads.values())
      for (const [number, part] of parts) parts.set(number, { ...part, checksum: 'YWx0ZXJlZA==' });
    await publish(version);
    expect(double.seen.filter((one) => one.includes('partNumber'))).toHaveLength(5);
    expect(await bootFrom(reader)).toBe('large');
    expect(double.uploads.size).toBe(0);
    const other = await killed(version);
    other.double.listsUploads = false;
    await other.publish(version);
    expect(await bootFrom(other.reader)).toBe('large');
  });

  test('of another version is removed after a day, not before: another ingot may be working on it', async () => {
    const { double, publish, prefix } = await killed(await large());
    await publish(old);
    expect(double.uploads.size).toBe(1);
    const [first] = double.uploads.values();
    if (first !== undefined) {
      first.begun -= 25 * 3_600_000;
      // Not of a version: somebody else's.
      double.uploads.set('theirs', { ...first, key: `${prefix}/backup.tar` });
    }
    await publish(old);
    expect([...double.uploads.keys()]).toEqual(['theirs']);
  });
});
