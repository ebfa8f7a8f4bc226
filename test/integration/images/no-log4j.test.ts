import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { leftOutLines } from '../../../src/bake/compose/leave-out.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const script = fileURLToPath(
  new URL('../../../images/master/rootfs/usr/lib/ingot/compose.d/48-no-log4j', import.meta.url),
);
const jars = 'usr/share/java';
const maven = 'usr/share/maven-repo/log4j/log4j/1.2.17/log4j-1.2.17.jar';

/** A tree in the state after the installation of Debian's packages. */
async function packagesTree(): Promise<string> {
  const root = await temporaryFolder();
  for (const path of [
    `${jars}/log4j-1.2-1.2.17.jar`,
    `${jars}/zookeeper.jar`,
    `${jars}/log4j-over-slf4j.jar`,
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x'.repeat(5000));
  }
  symlinkSync('log4j-1.2-1.2.17.jar', join(root, jars, 'log4j-1.2.jar'));
  mkdirSync(dirname(join(root, maven)), { recursive: true });
  symlinkSync('../../../../java/log4j-1.2.jar', join(root, maven));
  mkdirSync(join(root, 'usr/lib/ingot'), { recursive: true });
  return root;
}

test('a master has no jar of log4j 1.2, and its list of changes names those that were removed', async () => {
  const root = await packagesTree();
  const done = spawnSync(script, [root], { encoding: 'utf8' });
  expect([done.status, done.stderr]).toEqual([0, '']);
  expect(readdirSync(join(root, jars)).sort()).toEqual(['log4j-over-slf4j.jar', 'zookeeper.jar']);
  expect(existsSync(join(root, maven))).toBe(false);
  const noted = leftOutLines(readFileSync(join(root, 'usr/lib/ingot/changes'), 'utf8'));
  expect(noted.map((line) => line.replace(/: .*/, ''))).toEqual([
    `/${jars}/log4j-1.2-1.2.17.jar is left out (1 file, 4 KiB)`,
    `/${jars}/log4j-1.2.jar is left out (1 file, 0 KiB)`,
    `/${maven} is left out (1 file, 0 KiB)`,
  ]);
});

test('jars that are already missing are not an error', async () => {
  const root = await packagesTree();
  spawnSync(script, [root]);
  const before = readFileSync(join(root, 'usr/lib/ingot/changes'), 'utf8');
  expect(spawnSync(script, [root]).status).toBe(0);
  expect(readFileSync(join(root, 'usr/lib/ingot/changes'), 'utf8')).toBe(before);
});

test('a file of log4j 1.2 with another name stops the bake', async () => {
  const root = await packagesTree();
  writeFileSync(join(root, jars, 'log4j-1.2.properties'), '');
  const done = spawnSync(script, [root], { encoding: 'utf8' });
  expect([done.status, done.stderr]).toEqual([
    1,
    '/usr/share/java/log4j-1.2.properties is log4j 1.2 and was not removed\n',
  ]);
});
