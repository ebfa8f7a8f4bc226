import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PackerContext, PackerRole } from '../../../src/render/render-packer.ts';
import { samplePacker, sampleRole } from '../../samples/packer.ts';

const execute = promisify(execFile);

/** Runs the real Packer in a folder, with QEMU replaced by a program that only records its arguments. */
export async function runPacker(
  folder: string,
  args: readonly string[],
): Promise<{ output: string; failed: boolean }> {
  const env = {
    PATH: `${import.meta.dirname}/fake-programs:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    TMPDIR: folder,
    CHECKPOINT_DISABLE: '1',
    PACKER_CACHE_DIR: join(folder, 'cache'),
  };
  try {
    const { stdout, stderr } = await execute('packer', args, { cwd: folder, env, timeout: 60_000 });
    return { output: stdout + stderr, failed: false };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { output: stdout + stderr, failed: true };
  }
}

/** A context whose files exist in the folder, with the given changes to each role. */
export async function contextIn(folder: string, change: Partial<PackerRole>): Promise<PackerContext> {
  const roles = (['master', 'slave'] as const).map((name) => ({ ...sampleRole(name, folder), ...change }));
  const sshPrivateKeyFile = join(folder, 'ssh-key');
  await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', sshPrivateKeyFile]);
  for (const { name, buildDisk, kernel, initrd, seedFolder } of roles) {
    const step = join(
      seedFolder,
      'ingot/steps/10-a-name-longer-than-the-sixty-four-characters-that-joliet-has-room-for',
    );
    const files = [buildDisk, kernel, initrd, join(seedFolder, 'user-data'), join(seedFolder, 'meta-data')];
    for (const file of [...files, join(step, 'do.sh'), join(step, 'assert.sh')]) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${name} ${file.slice(folder.length)}\n`);
    }
  }
  return { ...samplePacker, guest: { ...samplePacker.guest, timeoutMinutes: 1, sshPrivateKeyFile }, roles };
}
