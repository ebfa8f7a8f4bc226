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

/** A minimal disk, a disk with the packages, and the key that opens the guest: what is there before plain Packer is measured. */
interface Base {
  readonly folder: string;
  readonly key: SshKey;
}

async function makeBase(bench: Bench): Promise<Base> {
  const { workshop, plan } = bench;
  const { host } = workshop;
  const folder = workshop.path('plain-packer');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const lock = await workshop.lock(await workshop.spec());
  const links = join(folder, 'links');
  await flatRepository(host, workshop.path('pool'), poolFiles(lock), {
    folder: links,
    suite: plan.base.suite,
  });
  // Files, not links: they go onto a disk.
  const repository = join(folder, 'repository');
  await host.run('cp', ['--recursive', '--dereference', links, repository]);
  const key = await makeSshKey(host, join(folder, 'key'));
  const make = join(await workshop.ingot(), 'templates/bench/packer/make-base');
  const source = `deb [trusted=yes] copy:${repository} ./`;
  await host.run(make, [folder, plan.base.suite, source, repository, `${key.privateKeyFile}.pub`], {
    log: workshop.path('logs', 'plain-packer-base.log'),
    discardOutput: true,
    signal: workshop.signal,
  });
  return { folder, key };
}

async function writeTemplate(bench: Bench, { folder, key }: Base): Promise<string> {
  const { workshop, plan, templates } = bench;
  const accelerator = await bench.accelerator();
  const lock = await workshop.lock(await workshop.spec());
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

/** Which packages of a role a build's output says it has set up; shown when it was cut off. */
async function progressOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return allRoles
    .map((role) => {
      const of = (what: string) =>
        text.split('\n').filter((line) => line.includes(`qemu.${role}: ${what}`)).length;
      return `${role}: ${of('Unpacking ')} packages unpacked, ${of('Setting up ')} set up`;
    })
    .join('; ');
}

export interface PlainPacker {
  readonly timed: Timed;
  /** How far it came, in words. */
  readonly progress: string;
}

/** Has plain Packer install the locked packages of both roles in two guests at once, and times that. */
export async function timePlainPacker(bench: Bench): Promise<PlainPacker> {
  const { workshop } = bench;
  workshop.say('plain Packer: making the minimal disk that it starts with, which is not measured');
  const base = await makeBase(bench);
  try {
    const template = await writeTemplate(bench, base);
    workshop.say('plain Packer: installing the packages of both roles in two guests');
    const log = workshop.path('logs', 'plain-packer.log');
    await rm(log, { force: true });
    const timed = await workshop.time('packer', ['build', '-machine-readable', template], {
      cwd: base.folder,
      env: { CHECKPOINT_DISABLE: '1', PACKER_CACHE_DIR: join(base.folder, 'cache'), TMPDIR: base.folder },
      log,
      boundSeconds: bench.boundSeconds,
    });
    for (const role of allRoles)
      await copyFile(
        join(base.folder, `console-${role}.log`),
        workshop.path('logs', `plain-packer-console-${role}.log`),
      ).catch(() => undefined); // it was cut off before the guest was there
    return { timed, progress: await progressOf(log) };
  } finally {
    await rm(base.folder, { recursive: true, force: true });
  }
}
