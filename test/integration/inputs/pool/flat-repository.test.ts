import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { sha256File } from '../../../../src/host/sha256-file.ts';
import { flatRepository, type PooledDeb } from '../../../../src/inputs/pool/flat-repository.ts';
import { pooledPath } from '../../../../src/inputs/pool/pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'ingot-flat-'));
const pool = join(folder, 'pool');
const toy = { name: 'toy', version: '1:2.0-1', architecture: 'all' };

async function pooledToy(): Promise<PooledDeb> {
  const tree = join(folder, 'tree');
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  const control = [
    'Package: toy',
    `Version: ${toy.version}`,
    'Architecture: all',
    'Maintainer: nobody',
    'Description: toy',
  ];
  writeFileSync(join(tree, 'DEBIAN', 'control'), `${control.join('\n')}\n`);
  const file = join(folder, 'toy.deb');
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, file], { stdio: 'ignore' });
  const sha256 = await sha256File(file);
  mkdirSync(dirname(pooledPath(pool, sha256)), { recursive: true });
  copyFileSync(file, pooledPath(pool, sha256));
  return { ...toy, sha256, size: readFileSync(file).length, label: 'toy 1:2.0-1' };
}

describe('an apt repository of the pool', () => {
  let deb: PooledDeb;
  beforeAll(async () => {
    deb = await pooledToy();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  // apt-ftparchive names files in two ways, depending on the length of the path.
  it.each([1, 40, 80, 120, 200])('is the same however long its path is (%i letters)', async (length) => {
    const repository = join(folder, 'a'.repeat(length));
    await flatRepository(makeHost(), pool, [deb], { folder: repository, suite: 'bookworm' });
    const index = readFileSync(join(repository, 'Packages'), 'utf8');
    expect(index).toContain(`\nFilename: ./toy_1%3a2.0-1_all.deb\nSHA256: ${deb.sha256}\n`);
    expect(await sha256File(join(repository, 'toy_1%3a2.0-1_all.deb'))).toBe(deb.sha256);
  });
});
