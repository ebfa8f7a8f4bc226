import type { Cluster } from '../cluster.ts';
import { drillFailure } from '../drill-failure.ts';
import type { WebServer } from '../node-shell.ts';
import type { RehearsedPlace } from '../place.ts';
import { type UpdateStatus, updateStatus } from './update-status.ts';

/** The time limit for a trial: longer than any that a spec can set (updates.confirmMinutes). */
export const maxTrialSeconds = 65 * 60;
const pauseSeconds = 10;

/** The version to install on a node, and where to fetch it from. */
export interface WantedVersion {
  readonly version: string;
  readonly web: WebServer;
}

/** Writes the version into the slot that is not running (docs/updates.md). The node keeps serving. */
export async function fetchVersion(
  cluster: Cluster,
  { name, role }: RehearsedPlace,
  { version, web }: WantedVersion,
  options: readonly string[] = [],
): Promise<void> {
  const url = `http://127.0.0.1:${web.port}/${role}/${version}`;
  cluster.say(`${name}: ingot-update ${version}`);
  await cluster.run(name, `ingot-update --no-reboot ${[...options, url].join(' ')} 2>&1`, web);
}

/**
 * Restarts a node and waits until it has restarted.
 * @returns the version that it runs then
 */
export async function restart(cluster: Cluster, { name }: RehearsedPlace): Promise<string | null> {
  const before = cluster.watch.sampleOf(name)?.bootId;
  cluster.say(`${name} restarts`);
  await cluster.run(name, 'systemctl --no-block reboot');
  return awaitStart(cluster, name, before, cluster.limit(120));
}

/** Waits until a node has restarted, so that its boot id is not `before`; returns the version that it runs. */
export async function awaitStart(
  cluster: Cluster,
  name: string,
  before: string | null | undefined,
  limitSeconds: number,
): Promise<string | null> {
  await cluster.watch.until({
    what: `${name} has restarted`,
    limitSeconds,
    missing: ({ nodes }) => {
      const sample = nodes.find(({ place }) => place.name === name)?.sample;
      return sample !== undefined && sample.bootId !== before ? [] : [`${name} has not come up`];
    },
  });
  return cluster.watch.sampleOf(name)?.version ?? null;
}

/** Polls the slots of a node until they are as wanted. */
export async function awaitStatus(
  cluster: Cluster,
  name: string,
  { what, limitSeconds }: { readonly what: string; readonly limitSeconds: number },
  isThere: (status: UpdateStatus) => boolean,
): Promise<UpdateStatus> {
  const begun = cluster.now();
  for (;;) {
    const status = await updateStatus(cluster, name);
    if (status !== undefined && isThere(status)) return status;
    if (cluster.now() - begun > limitSeconds * 1000)
      throw drillFailure(`${name}: ${what}: not within ${limitSeconds} s`, [
        status === undefined ? 'it does not answer' : JSON.stringify(status),
      ]);
    await cluster.watch.during(pauseSeconds);
  }
}

/**
 * Waits until a node that restarted has confirmed the version on trial.
 * @throws IngotError node-failed with the node's reason when it has returned to another version
 */
export async function awaitConfirmed(cluster: Cluster, name: string, version: string): Promise<void> {
  const settled = await awaitStatus(
    cluster,
    name,
    { what: `${version} is confirmed`, limitSeconds: maxTrialSeconds },
    ({ state }) => state === 'settled',
  );
  if (settled.running.version === version) return;
  throw drillFailure(`${name} returned to ${settled.running.version ?? 'an unknown version'}`, [
    settled.last?.why ?? 'it does not say why',
  ]);
}

/** Waits until a node on trial has given up the version and runs the old one again; returns the node's reason. */
export async function awaitFallBack(cluster: Cluster, name: string, version: string): Promise<string> {
  const { running, last } = await awaitStatus(
    cluster,
    name,
    { what: `it returns from ${version}`, limitSeconds: maxTrialSeconds + cluster.limit(120) },
    ({ state, running, other }) => state === 'settled' && (running.version === version || other.failed),
  );
  if (running.version === version)
    throw drillFailure(`${name} confirmed ${version}, which was not to become healthy`);
  return last?.why ?? 'it does not say why';
}
