import { execFileSync, spawnSync } from 'node:child_process';
import { copyFile, mkdir, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { bundleShape } from '../../../src/cli/shapes/bundle-shapes.ts';
import { allRoles } from '../../../src/inputs/roles.ts';
import { makeKeyFiles } from '../../../src/version/key-files.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { type ToyCluster, toyCluster } from '../cli/toy-cluster.ts';
import { makeWholeVersion } from '../version/whole-version.ts';

const shared = sharedFolder();
let cluster: ToyCluster;

async function ingot(...args: readonly string[]) {
  const { world, out, err } = fakeWorld({ cwd: cluster.folder });
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

beforeAll(async () => {
  cluster = await toyCluster(shared());
  // The lock has the date of the versions.
  await cluster.offer({}, 'Sat, 22 Nov 2025 00:00:00 UTC');
  await makeKeyFiles(join(cluster.folder, 'release'));
  await ingot('lock', cluster.spec, '--pool', cluster.pool, '--quiet');
  for (const role of allRoles) {
    const parent = join(cluster.folder, `made-${role}`);
    await mkdir(parent);
    const { folder, version } = await makeWholeVersion(parent, cluster.out, { role });
    await symlink(version, join(cluster.out, role, 'latest'));
    await ingot('sign', folder, '--sign', 'release.pem');
  }
}, 300_000);
afterAll(() => cluster.close());

const bundle = (file: string, ...more: readonly string[]) =>
  ingot(
    ...['bundle', cluster.spec, file, '--out', cluster.out, '--pool', cluster.pool],
    ...['--sign', 'release.pem', '--allow-stand-ins', '--quiet', ...more],
  );

/** Runs a script where there is no network but loopback, without anything of this process but a path. */
function withoutNetwork(cwd: string, script: string) {
  const inside = `ip link set lo up && set -eux\n${script}`;
  const { status, stdout, stderr } = spawnSync('unshare', ['--net', 'sh', '-c', inside], {
    ...{ cwd, encoding: 'utf8' },
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: cwd, INGOT_ACCEL: 'tcg' },
  });
  return { status, stdout, stderr };
}

describe('ingot bundle', () => {
  test('gives a site without a network what it needs: verified and opened there by the ingot that it brings', async () => {
    const { out } = await bundle('demo.tar', '--json');
    const made = bundleShape.parse(JSON.parse(out));
    expect(made.versions.map(({ role }) => role).sort()).toEqual(['master', 'slave']);
    expect(made.packages).toBeGreaterThan(10);

    const site = await temporaryFolder();
    for (const name of ['release.pub.pem', 'demo.tar', 'cluster.yaml'])
      await copyFile(join(cluster.folder, name), join(site, name));
    // What the spec names is not in the bundle.
    for (const name of ['debs', 'key.asc']) execFileSync('cp', ['-a', join(cluster.folder, name), site]);
    // Only the first ingot is not from the bundle that it has verified: a site has it from an earlier one.
    execFileSync('tar', ['-xf', 'demo.tar', 'tools'], { cwd: site });
    const { status, stderr, stdout } = withoutNetwork(
      site,
      `
test -z "$(ip -o link show up | grep -v LOOPBACK)"
mkdir first && tar -xf tools/ingot.tgz -C first
first="$PWD/tools/node $PWD/first/package/bin/ingot"
$first bundle verify demo.tar --key release.pub.pem
$first bundle open demo.tar --key release.pub.pem --into demo
cd demo && sha256sum --quiet --strict -c SHA256SUMS && cd ..
mkdir own && tar -xf demo/tools/ingot.tgz -C own
ingot="$PWD/demo/tools/node $PWD/own/package/bin/ingot"
$ingot verify demo/store/master/2*[!s] demo/store/slave/2*[!s] --key release.pub.pem
cp cluster.yaml demo/ && cp -a debs key.asc demo/
$ingot lock check demo/cluster.yaml
$ingot bake demo/cluster.yaml --locked --offline --pool demo/pool --out demo/store --explain
`,
    );
    expect(`${stdout}${stderr}`).toContain('as it was signed');
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^Sigstore|Sigstore/m);
  });

  test('that was altered on its way is refused there, and nothing of it is unpacked', async () => {
    await bundle('short.tar', '--no-node');
    const site = await temporaryFolder();
    const file = join(site, 'short.tar');
    await copyFile(join(cluster.folder, 'short.tar'), file);
    await truncate(file, 100_000);
    const { world } = fakeWorld({ cwd: site });
    const args = ['--key', join(cluster.folder, 'release.pub.pem')];
    for (const command of [
      ['bundle', 'verify', 'short.tar', ...args],
      ['bundle', 'open', 'short.tar', ...args, '--into', 'demo'],
    ])
      expect((await rejection(commandLine(world, command))).code).toBe('wrong-archive');
    expect(spawnSync('ls', ['-A', site], { encoding: 'utf8' }).stdout).toBe('short.tar\n');
  });

  test('refuses a lock that is not the one of the versions, and versions that another key has signed', async () => {
    const other = join(cluster.folder, 'other');
    await makeKeyFiles(other);
    expect((await rejection(bundle('x.tar', '--key', 'other.pub.pem'))).code).toBe('damaged-version');
    await cluster.offer({}, 'Sun, 23 Nov 2025 00:00:00 UTC');
    await ingot('lock', cluster.spec, '--update', '--pool', cluster.pool, '--quiet');
    expect((await rejection(bundle('x.tar'))).code).toBe('wrong-lock');
    expect(spawnSync('ls', [cluster.folder], { encoding: 'utf8' }).stdout).not.toContain('x.tar');
  });
});
