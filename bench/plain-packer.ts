import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poolFiles } from '../src/inputs/lock/wanted-files.ts';
import { allRoles } from '../src/inputs/plan/plan.ts';
import { flatRepository } from '../src/inputs/pool/flat-repository.ts';
import { renderFrom } from '../src/render/templates.ts';
import { accelArgument, cpuArgument } from '../src/vm/qemu-machine.ts';
import { makeSshKey, type SshKey } from '../src/vm/ssh-key.ts';
import type { Bench } from './bench.ts';
import type { Timed } from './time-program.ts';

/**
 * What is prepared before plain Packer is measured: a folder with a minimal disk and a disk with the packages, and the
 * key for the guest.
 */
interface Base {
  readonly folder: string;
  readonly key: SshKey;
}

async function makeBase(bench: Bench): Promise<Base> {
  const { workspace, plan } = bench;
  const { host } = workspace;
  const folder = workspace.path('plain-packer');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const lock = await workspace.lock(await workspace.spec());
  const links = join(folder, 'links');
  await flatRepository(host, workspace.path('pool'), poolFiles(lock), {
    folder: links,
    suite: plan.base.suite,
  });
  // Files instead of links, because they are copied to a disk.
  const repository = join(folder, 'repository');
  await host.run('cp', ['--recursive', '--dereference', links, repository]);
  const key = await makeSshKey(host, join(folder, 'key'));
  const make = join(await workspace.ingot(), 'templates/bench/packer/make-base');
  const source = `deb [trusted=yes] copy:${repository} ./`;
  await host.run(make, [folder, plan.base.suite, source, repository, `${key.privateKeyFile}.pub`], {
    log: workspace.path('logs', 'plain-packer-base.log'),
    discardOutput: true,
    signal: workspace.signal,
  });
  return { folder, key };
}

async function writeTemplate(bench: Bench, { folder, key }: Base): Promise<string> {
  const { workspace, plan, templates } = bench;
  const accelerator = await bench.accelerator();
  const lock = await workspace.lock(await workspace.spec());
  const roles = allRoles.map((role) => ({
    name: role,
    outputFolder: join(folder, `output-${role}`),
    serialLog: join(folder, `console-${role}.log`),
    packages: poolFiles(lock, ['shared', role])
      .map(({ name, version }) => `${name}=${version}`)
      .join(' '),
  }));
  for (const { outputFolder } of roles) await rm(outputFolder, { recursive: true, force: true });
  const file = join(folder, 'peer.pkr.hcl');
  const content = renderFrom(templates, 'bench/packer/peer.pkr.hcl.hbs', {
    baseDisk: join(folder, 'base.qcow2'),
    repositoryDisk: join(folder, 'repository.squashfs'),
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.img'),
    sshPrivateKeyFile: key.privateKeyFile,
    accelerator,
    accelOptions: accelArgument(accelerator),
    cpu: cpuArgument(accelerator),
    cpus: plan.guest.cpus,
    memoryMiB: plan.guest.memoryMiB,
    roles,
  });
  await writeFile(file, content);
  return file;
}

/**
 * The number of packages of each role that were unpacked and set up, according to the log; shown when the run was cut
 * off.
 */
async function progressOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return allRoles
    .map((role) => {
      const count = (step: string) =>
        text.split('\n').filter((line) => line.includes(`qemu.${role}: ${step}`)).length;
      return `${role}: ${count('Unpacking ')} packages unpacked, ${count('Setting up ')} set up`;
    })
    .join('; ');
}

export interface PlainPacker {
  readonly timed: Timed;
  /** The number of packages that were installed, as text. */
  readonly progress: string;
}

/** Times plain Packer while it installs the locked packages of both roles in two guests at the same time. */
export async function timePlainPacker(bench: Bench): Promise<PlainPacker> {
  const { workspace } = bench;
  workspace.say('plain Packer: creating the minimal disk that it starts from (not measured)');
  const base = await makeBase(bench);
  try {
    const template = await writeTemplate(bench, base);
    workspace.say('plain Packer: installing the packages of both roles in two guests');
    const log = workspace.path('logs', 'plain-packer.log');
    await rm(log, { force: true });
    const timed = await workspace.time('packer', ['build', '-machine-readable', template], {
      cwd: base.folder,
      env: { CHECKPOINT_DISABLE: '1', PACKER_CACHE_DIR: join(base.folder, 'cache'), TMPDIR: base.folder },
      log,
      boundSeconds: bench.boundSeconds,
    });
    for (const role of allRoles)
      await copyFile(
        join(base.folder, `console-${role}.log`),
        workspace.path('logs', `plain-packer-console-${role}.log`),
      ).catch(() => undefined); // it was cut off before the guest started
    return { timed, progress: await progressOf(log) };
  } finally {
    await rm(base.folder, { recursive: true, force: true });
  }
}
