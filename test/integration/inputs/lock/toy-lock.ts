import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeHost } from '../../../../src/host/make-host.ts';
import { type LockRequest, type LockResult, lockSpec } from '../../../../src/inputs/lock-spec.ts';
import type { AptSource, LocalDeb, Plan, RolePlan } from '../../../../src/inputs/plan/plan.ts';

const host = makeHost();

/** A plan that takes packages from some sources, and .debs. */
export function toyPlan(
  sources: readonly AptSource[],
  packages: readonly string[] = ['tool'],
  debs: readonly LocalDeb[] = [],
): Plan {
  const role = (name: 'master' | 'slave'): RolePlan => ({
    ...{ role: name, packages: [], layers: [], files: [], steps: [], unitsOn: [], unitsMasked: [] },
    ...{ kernelArguments: [], sysctls: {}, checks: [], memoryMiB: 1024, compressionLevel: 3, debs },
  });
  return {
    ...{
      cluster: 'demo',
      masters: [],
      quorum: 1,
      layout: 'mesosphere',
      scheduler: 'marathon',
      targets: ['qcow2'],
    },
    ...{ confirmMinutes: 15, data: null, seed: { cluster: {}, files: [] }, epoch: 0 },
    base: { distribution: 'debian', suite: 'toy', architecture: 'amd64', sources },
    sharedPackages: packages,
    roles: [role('master'), role('slave')],
    guest: { cpus: 1, memoryMiB: 1, timeoutMinutes: 1 },
  };
}

/** Locks a plan in its own folder: its spec is cluster.yaml, its pool the folder pool. */
export async function lockIn(
  folder: string,
  plan: Plan,
  more: Partial<LockRequest> = {},
): Promise<LockResult> {
  await mkdir(folder, { recursive: true });
  return lockSpec(host, {
    ...{ plan, credentials: [], specFile: join(folder, 'cluster.yaml'), pool: join(folder, 'pool') },
    ...{ update: undefined, signal: new AbortController().signal, onLine: () => undefined },
    ...more,
  });
}
