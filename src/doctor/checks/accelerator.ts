import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import { allRoles } from '../../inputs/roles.ts';
import { latestLink } from '../../store/latest-version.ts';
import { type AcceleratorChoice, chosenAccelerator, detectAccelerator } from '../../vm/accelerator.ts';
import { type Finding, found, fromError, type HostCheck, ok } from '../finding.ts';

const device = '/dev/kvm';

/** Returns the first of these files that can be read. */
async function readable(files: readonly string[]): Promise<string | undefined> {
  for (const file of files)
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  return undefined;
}

/** A Linux kernel on this host: of the latest version in the store, or the host's own. */
async function kernelOf(out: string): Promise<string | undefined> {
  const stored = await Promise.all(
    allRoles.map(async (role) => (await latestLink(out, role)).latest?.folder),
  );
  const names = (await readdir('/boot').catch(() => [])).filter((name) => name.startsWith('vmlinuz-'));
  return readable([
    ...stored.flatMap((folder) => (folder === undefined ? [] : [join(folder, 'vmlinuz')])),
    ...names
      .sort()
      .reverse()
      .map((name) => join('/boot', name)),
  ]);
}

/** What turns KVM on, by the flags of the processor (proc(5), cpuinfo). */
function remedyFor(cpuinfo: string): string {
  if (/^flags\s*:.*\bvmx\b/m.test(cpuinfo)) return 'modprobe kvm_intel';
  if (/^flags\s*:.*\bsvm\b/m.test(cpuinfo)) return 'modprobe kvm_amd';
  return 'turn virtualisation on in the firmware; of a virtual machine, nested virtualisation in its host';
}

/**
 * Returns how guests run. Emulation is a warning: a bake works, and takes many times longer.
 * @param choice undefined if there is no kernel to test KVM with
 * @param cpuinfo the text of /proc/cpuinfo
 */
export function judgeAccelerator(
  choice: AcceleratorChoice | undefined,
  cpuinfo: string,
  hasDevice: boolean,
): Finding {
  if (choice === undefined)
    return found(
      'accelerator',
      'warning',
      `${device} exists, and there is no kernel on this host to test it with`,
      'the first bake tests it; or apt-get install --no-install-recommends linux-image-cloud-amd64',
    );
  if (choice.accelerator === 'kvm') return ok('accelerator', choice.reason);
  const remedy = hasDevice
    ? 'this host offers KVM and cannot run it: turn on nested virtualisation in its own host'
    : remedyFor(cpuinfo);
  return found('accelerator', 'warning', choice.reason, remedy);
}

/** Whether KVM boots a kernel here. The result is not remembered. */
export const checkAccelerator: HostCheck = async (host, { out, accelerator }) => {
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  try {
    const chosen = chosenAccelerator(accelerator);
    if (chosen !== undefined) return [ok('accelerator', `${chosen}, as set in INGOT_ACCEL`)];
    const hasDevice = (await readable([device])) !== undefined;
    const kernel = hasDevice ? await kernelOf(out) : '';
    const choice =
      kernel === undefined
        ? undefined
        : await withTemporaryFolder((folder) => detectAccelerator(host, kernel, folder, accelerator));
    return [judgeAccelerator(choice, cpuinfo, hasDevice)];
  } catch (error) {
    return [fromError('accelerator', error)];
  }
};
