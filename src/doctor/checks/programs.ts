import type { Host } from '../../host/host.ts';
import { installedVersions } from '../../host/installed-versions.ts';
import {
  layerPrograms,
  missingPrograms,
  netbootPrograms,
  type RequiredProgram,
  requiredPrograms,
} from '../../host/required-programs.ts';
import { type Finding, found, type HostCheck, ok, type Remedy } from '../finding.ts';

const noQuestions = { DEBIAN_FRONTEND: 'noninteractive' };

/** Returns the command that installs the packages of programs. */
function installCommand(programs: readonly RequiredProgram[]): string[] {
  const packages = [...new Set(programs.map((one) => one.debianPackage))];
  return ['apt-get', 'install', '--no-install-recommends', ...packages];
}

/** Installing what a bake runs starts no service. */
async function install(host: Host, programs: readonly RequiredProgram[]): Promise<void> {
  const [program = '', verb = '', ...rest] = installCommand(programs);
  await host.run('apt-get', ['update', '--quiet'], { env: noQuestions });
  await host.run(program, [verb, '--yes', ...rest], { env: noQuestions });
}

/** Programs whose absence is only a warning: what they are for. */
const onlyFor = { bake: '', netboot: 'only for ingot netboot', layers: 'only for such layers' } as const;

/**
 * Returns a finding for each program, with the version of its Debian package.
 * @param missing those that are not installed
 * @param versions by the name of the Debian package
 */
export function judgePrograms(
  programs: readonly RequiredProgram[],
  missing: ReadonlySet<RequiredProgram>,
  versions: ReadonlyMap<string, string>,
  purpose: keyof typeof onlyFor,
): Finding[] {
  const lacking = programs.filter((one) => missing.has(one));
  const command = installCommand(lacking).join(' ');
  // nginx would start with this host: installing it is not safe.
  const remedy: Remedy =
    purpose === 'netboot' ? { command } : { command, fix: (host) => install(host, lacking) };
  return programs.map((one) => {
    const { program, debianPackage, for: use } = one;
    if (!missing.has(one)) {
      const version = versions.get(debianPackage);
      const shown = version === undefined ? debianPackage : `${debianPackage} ${version}`;
      return ok('programs', `${program} (${shown}): ${use}`);
    }
    const text = `${program} is missing (Debian package ${debianPackage}): ${use}`;
    return purpose === 'bake'
      ? found('programs', 'problem', text, remedy)
      : found('programs', 'warning', `${text}; ${onlyFor[purpose]}`, remedy);
  });
}

/** The programs of a bake, those of `ingot netboot`, and those of layers from git or an archive. */
export const checkPrograms: HostCheck = async () => {
  const all = [...requiredPrograms, ...layerPrograms, ...netbootPrograms];
  const missing = new Set(missingPrograms(all));
  const versions = await installedVersions(all.map(({ debianPackage }) => debianPackage));
  return [
    ...judgePrograms(requiredPrograms, missing, versions, 'bake'),
    ...judgePrograms(layerPrograms, missing, versions, 'layers'),
    ...judgePrograms(netbootPrograms, missing, versions, 'netboot'),
  ];
};
