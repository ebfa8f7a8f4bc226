import type { Host } from '../../host/host.ts';
import type { Plan } from '../plan/plan.ts';
import { type SpecFault, SpecFaults } from '../yaml/spec-faults.ts';
import { placeInSpec, remedies } from './explain-unmet.ts';
import { type Lock, packagesOf } from './lock.ts';
import { missingLibraries, type MissingLibrary } from './needed-libraries.ts';
import { packageOfSoname, whenRemoved } from './removed-packages.ts';
import { distributionSources } from './source-names.ts';

function faultOf({ of, program, library }: MissingLibrary, plan: Plan): SpecFault {
  const name = packageOfSoname(library);
  const when = name === undefined ? undefined : whenRemoved(name);
  return {
    path: placeInSpec(of, plan),
    message: `${of.name} ${of.version}: its program ${program} is linked with ${library}, which no package of the image has`,
    right:
      when === undefined
        ? `the package that has ${library}, under common.packages; else a ${of.name} that was built for ${plan.base.suite}`
        : `${name ?? ''} was ${when}`,
  };
}

/**
 * Checks that the programs of Mesos and Marathon can start in the image: each library that they are linked with is in
 * one of its packages.
 * @param folder absolute, a plain path; unpacked files are left there
 * @throws SpecFaults that names each program and library, since when Debian no longer has it, and what works
 */
export async function requireLibraries(
  host: Host,
  pool: string,
  { lock, plan }: { readonly lock: Lock; readonly plan: Plan },
  folder: string,
): Promise<void> {
  const distribution = distributionSources(plan.base.sources);
  const all = packagesOf(lock);
  const own = all.filter(({ source }) => !distribution.has(source));
  const missing = await missingLibraries(host, pool, { own, all }, folder);
  if (missing.length === 0) return;
  throw new SpecFaults(
    missing.map((one) => faultOf(one, plan)),
    remedies(
      missing.map(({ of }) => of.name),
      plan,
    ),
  );
}
