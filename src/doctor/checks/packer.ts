import { readyPacker } from '../../bake/packer/installed-packer.ts';
import { missingPrograms, requiredPrograms } from '../../host/required-programs.ts';
import { fromError, type HostCheck, ok } from '../finding.ts';

/** Whether this Packer can build: its version, and its plugin from 1.7 on. A missing Packer is a matter of `programs`. */
export const checkPacker: HostCheck = async (host) => {
  const packer = requiredPrograms.filter(({ program }) => program === 'packer');
  if (missingPrograms(packer).length > 0) return [];
  try {
    const { version, release } = await readyPacker(host);
    const plugin =
      release.qemu === undefined
        ? 'with its builders'
        : `with ${release.qemu.source} ${release.qemu.version}`;
    return [ok('programs', `Packer ${version} ${plugin}`)];
  } catch (error) {
    return [fromError('programs', error)];
  }
};
