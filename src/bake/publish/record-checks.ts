import type { VerifiedRole } from '../../boot-test/verify-cluster.ts';
import type { Plan } from '../../inputs/plan/plan.ts';
import { writeChecksRecord } from '../../version/checks-record.ts';
import { dateText } from '../../version/manifest.ts';

/** A staged version whose boot test has finished. */
export interface TestedVersion {
  /** Absolute. */
  readonly folder: string;
  readonly version: string;
  readonly verified: VerifiedRole;
}

/**
 * Writes checks.json of a staged version: how it was booted, what was checked, and the results. now: milliseconds since
 * 1970.
 */
export async function recordChecks(
  plan: Plan,
  { folder, version, verified }: TestedVersion,
  now: number,
): Promise<void> {
  const { role, firmware, accelerator, secondsToSsh, checks } = verified;
  const configured = plan.roles.find((one) => one.role === role)?.checks ?? [];
  const { cpus, memoryMiB } = plan.guest;
  await writeChecksRecord(folder, {
    schema: 1,
    ...{ role, version, cluster: plan.cluster, firmware, accelerator },
    published: dateText(Math.floor(now / 1000)),
    guest: { cpus, memoryMiB },
    secondsToSsh,
    checks: checks.map(({ name, saw, seconds }) => {
      const check = configured.find((one) => one.name === name);
      if (check === undefined)
        throw new Error(`${role} has a result for "${name}", which is not among its checks`);
      return { name, run: check.run, within: check.within, saw, seconds };
    }),
  });
}
