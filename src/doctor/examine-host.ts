import type { Host } from '../host/host.ts';
import { checkAccelerator } from './checks/accelerator.ts';
import { checkApt } from './checks/apt.ts';
import { checkMemory } from './checks/memory.ts';
import { checkPacker } from './checks/packer.ts';
import { checkFreePorts } from './checks/ports.ts';
import { checkPrograms } from './checks/programs.ts';
import { checkRuns } from './checks/runs.ts';
import { checkSpace } from './checks/space.ts';
import { checkSystem } from './checks/system.ts';
import { checkNames, type DoctorScope, type Finding, type HostCheck } from './finding.ts';

const checks: readonly HostCheck[] = [
  checkSystem,
  checkPrograms,
  checkPacker,
  checkSpace,
  checkMemory,
  checkAccelerator,
  checkApt,
  checkRuns,
  checkFreePorts,
];

/**
 * Examines this host and changes nothing on it.
 * @returns the findings in the order of checkNames
 */
export async function examineHost(host: Host, scope: DoctorScope): Promise<readonly Finding[]> {
  const findings = (await Promise.all(checks.map((check) => check(host, scope)))).flat();
  scope.signal.throwIfAborted();
  return checkNames.flatMap((name) => findings.filter(({ check }) => check === name));
}

/**
 * Does what is safe and mends a finding; each remedy is done once.
 * @returns the commands whose work was done
 * @throws IngotError command-failed if a program of a remedy fails
 */
export async function fixFindings(host: Host, findings: readonly Finding[]): Promise<readonly string[]> {
  const done: string[] = [];
  for (const { remedy } of findings) {
    if (remedy?.fix === undefined || done.includes(remedy.command)) continue;
    await remedy.fix(host);
    done.push(remedy.command);
  }
  return done;
}
