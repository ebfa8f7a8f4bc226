import { chmod, copyFile, link, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const host = makeHost();
const images = fileURLToPath(new URL('../../../images/common/', import.meta.url));
const compose = fileURLToPath(
  new URL('../../../node-tools/programs/common/usr/lib/ingot/compose.d/', import.meta.url),
);

/** A root with programs; only /usr/bin/allowed may keep its rights. */
async function rootWith(programs: Readonly<Record<string, number>>) {
  const root = await temporaryFolder();
  await mkdir(join(root, 'usr/lib/ingot'), { recursive: true });
  await writeFile(join(root, 'usr/lib/ingot/setuid-allowed'), '/usr/bin/allowed\tfor a reason\n');
  for (const [path, mode] of Object.entries(programs)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile('/bin/true', join(root, path));
    await chmod(join(root, path), mode);
  }
  const modeOf = async (path: string) => ((await stat(join(root, path))).mode & 0o7777).toString(8);
  const take = () => host.run(join(compose, '60-set-id'), [root], { accept: [0, 1] });
  const found = async () =>
    (await host.run('sh', [join(images, 'steps/40-hardening/find-set-id'), root])).stdout
      .split('\0')
      .slice(0, -1)
      .map((path) => path.slice(root.length))
      .sort();
  return { root, take, found, modeOf };
}
const odd = '/usr/lib/vendor suid/"help"\nme';

test('set-user-id is removed from every program that is not allowed, with any path and name, and each is reported', async () => {
  const programs = {
    '/usr/bin/allowed': 0o4755,
    '/usr/bin/vendor-suid': 0o4755,
    '/opt/vendor/bin/chrome-sandbox': 0o6711,
    '/srv/group': 0o2750,
    [odd]: 0o4755,
    '/usr/bin/plain': 0o755,
  };
  const { root, take, found, modeOf } = await rootWith(programs);
  expect(await found()).toEqual(
    ['/opt/vendor/bin/chrome-sandbox', '/srv/group', '/usr/bin/vendor-suid', odd].sort(),
  );
  const { stdout } = await take();
  const lines = [
    '/opt/vendor/bin/chrome-sandbox has lost set-user-id and set-group-id (it was 6711, 0:0): not in setuid-allowed',
    '/srv/group has lost set-group-id (it was 2750, 0:0): not in setuid-allowed',
    '/usr/bin/vendor-suid has lost set-user-id (it was 4755, 0:0): not in setuid-allowed',
    String.raw`/usr/lib/vendor suid/"help"\nme has lost set-user-id (it was 4755, 0:0): not in setuid-allowed`,
  ];
  expect(stdout.trim().split('\n').sort()).toEqual(lines.map((line) => `ingot: ${line}`).sort());
  expect((await readFile(join(root, 'usr/lib/ingot/changes'), 'utf8')).trim().split('\n').sort()).toEqual(
    lines.sort(),
  );
  expect(await found()).toEqual([]);
  expect(await Promise.all(['/usr/bin/allowed', '/opt/vendor/bin/chrome-sandbox', odd].map(modeOf))).toEqual([
    '4755',
    '711',
    '755',
  ]);
});

test('file capabilities are treated the same', async () => {
  const { root, take } = await rootWith({ '/usr/bin/allowed': 0o755, '/usr/bin/sniff': 0o755 });
  for (const name of ['allowed', 'sniff'])
    await host.run('setcap', ['cap_net_raw+ep', join(root, 'usr/bin', name)]);
  expect((await take()).stdout).toBe(
    'ingot: /usr/bin/sniff has lost file capabilities (it was 0755, 0:0): not in setuid-allowed\n',
  );
  expect((await host.run('getcap', ['-r', root])).stdout).toBe(
    `${join(root, 'usr/bin/allowed')} cap_net_raw=ep\n`,
  );
});

test('another name of an allowed program is refused: one file cannot be both', async () => {
  const { root, take, modeOf } = await rootWith({ '/usr/bin/allowed': 0o4755 });
  await link(join(root, 'usr/bin/allowed'), join(root, 'usr/bin/backdoor'));
  const { exitCode, stderr } = await take();
  expect(exitCode).toBe(1);
  expect(stderr).toContain('usr/bin/backdoor is the same file as');
  expect(await modeOf('/usr/bin/allowed')).toBe('4755');
});

test('a path of the list without such rights is reported', async () => {
  const { take } = await rootWith({ '/usr/bin/allowed': 0o755 });
  expect((await take()).stdout).toBe(
    'ingot: setuid-allowed has /usr/bin/allowed, which does not exist or has no such rights\n',
  );
});
