import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { project } from '../built-ingot.ts';

let folder: string;

/** A host of which only the given programs exist, besides those of the shell. */
async function hostWith(programs: Readonly<Record<string, string>>): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const name of ['bash', 'dirname', 'grep', 'rm', 'chmod'])
    await symlink(`/usr/bin/${name}`, join(bin, name));
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/bash\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return bin;
}

function install(bin: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(project, 'setup/install-host-packages'), args, {
    env: { PATH: bin, POLICY_RC_D: join(folder, 'policy-rc.d') },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-host-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const lacksPacker = `[ "\${*: -1}" = packer ] && exit 1; echo installed`;
const recorder = () => `echo "$*" >> ${folder}/apt`;

it('installs only what is missing, as root', async () => {
  const bin = await hostWith({ 'dpkg-query': lacksPacker, id: 'echo 0', 'apt-get': recorder() });
  expect(install(bin)).toEqual({ status: 0, stdout: 'setup: installing packer\n', stderr: '' });
  expect(readFileSync(join(folder, 'apt'), 'utf8')).toBe(
    'update -qq\ninstall -qq -y --no-install-recommends packer\n',
  );
});

it('installs nothing with --dry-run, and nothing if nothing is missing', async () => {
  const bin = await hostWith({ 'dpkg-query': lacksPacker, id: 'echo 0', 'apt-get': recorder() });
  expect(install(bin, '--dry-run')).toEqual({
    status: 0,
    stdout: 'setup: these Debian packages are missing: packer\n',
    stderr: '',
  });
  await writeFile(join(bin, 'dpkg-query'), '#!/bin/bash\necho installed\n');
  expect(install(bin).stdout).toMatch(/^setup: all \d+ Debian packages are installed\n$/);
  expect(existsSync(join(folder, 'apt'))).toBe(false);
});

it('names the command that root has to run, if it is not root', async () => {
  const bin = await hostWith({ 'dpkg-query': lacksPacker, id: 'echo 1000', 'apt-get': recorder() });
  expect(install(bin)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'setup: these Debian packages are missing: packer\nsetup: run as root: apt-get install --no-install-recommends packer\n',
  });
  expect(existsSync(join(folder, 'apt'))).toBe(false);
});

it('says on another system that ingot bakes on Debian', async () => {
  const bin = await hostWith({});
  expect(install(bin)).toEqual({
    status: 2,
    stdout: '',
    stderr: 'setup: this is not a Debian system: ingot bakes on Debian 12\n',
  });
});
