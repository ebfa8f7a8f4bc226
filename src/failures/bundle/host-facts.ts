import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { arch, cpus, freemem, release, tmpdir, totalmem, uptime } from 'node:os';
import { missingPrograms, requiredPrograms } from '../../host/required-programs.ts';

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);

async function space(folder: string): Promise<{ readonly freeMiB: number; readonly sizeMiB: number } | null> {
  const found = await statfs(folder).catch(() => undefined);
  if (found === undefined) return null;
  const { bavail, blocks, bsize } = found;
  return { freeMiB: mebibytes(bavail * bsize), sizeMiB: mebibytes(blocks * bsize) };
}

const usable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );

/**
 * What a maintainer asks about the machine: system, processors, memory, space, KVM, missing programs, and the variables
 * that ingot reads. No host name, no address, no user name.
 * @param folders their file systems are looked at, by a name: "out"
 */
export async function hostFacts(
  folders: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, unknown>>> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const spaces = { ...folders, temporary: tmpdir() };
  return {
    system: /^PRETTY_NAME="?(.*?)"?$/m.exec(system)?.[1] ?? null,
    kernel: release(),
    architecture: arch(),
    processors: { count: cpus().length, model: cpus()[0]?.model ?? null },
    memoryMiB: { total: mebibytes(totalmem()), free: mebibytes(freemem()) },
    upSeconds: Math.round(uptime()),
    space: Object.fromEntries(
      await Promise.all(
        Object.entries(spaces).map(async ([name, folder]) => [name, await space(folder)] as const),
      ),
    ),
    root: process.getuid?.() === 0,
    kvm: await usable('/dev/kvm'),
    missingPrograms: missingPrograms(requiredPrograms).map(
      ({ program, debianPackage }) => `${program} (${debianPackage})`,
    ),
    variables: Object.fromEntries(
      Object.entries(env)
        .filter(([name]) => /^INGOT_|_proxy$|^TMPDIR$|^LC_|^LANG$/i.test(name))
        .map(([name, value]) => [name, name === 'INGOT_SIGNING_KEY' ? '(set)' : (value ?? '')]),
    ),
  };
}
