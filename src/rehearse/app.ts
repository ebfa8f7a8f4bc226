import type { Cluster } from './cluster.ts';
import { drillFailure } from './drill-failure.ts';
import type { RehearsedPlace } from './place.ts';
import { speaksTlsOnly } from './settings/temporary-tls.ts';
import { type ClusterView, hasMarathon, marathonOf } from './view.ts';

/** The app that a rehearsal keeps running. */
export const appId = '/ingot-rehearsal';
/** A mark in the command line of the app's process. */
export const taskMark = 'ingot-rehearsal-task';

const app = {
  id: appId,
  // A shell that stays in the process list, with the mark in its command line.
  cmd: `while true; do sleep 30; done # ${taskMark}`,
  instances: 1,
  cpus: 0.1,
  mem: 32,
};

/** Why the app does not run, as Marathon's leader reports it; empty if it runs. */
export function appNotYet(view: ClusterView): string[] {
  const apps = marathonOf(view)?.sample?.marathon?.apps;
  if (apps == null) return ['no Marathon leads'];
  const running = apps[appId];
  if (running === undefined) return [`Marathon does not know the app ${appId}`];
  return running === 1 ? [] : [`${running} tasks of the app ${appId} run`];
}

/** Posts an app to Marathon's leader, with TLS if the seed demands it. The JSON must not contain single quotes. */
export async function postApp(
  cluster: Cluster,
  { name, address }: RehearsedPlace,
  given: object,
): Promise<void> {
  const tls = speaksTlsOnly(cluster.options.settings);
  const url = `${tls ? 'https' : 'http'}://${address}:8080/v2/apps`;
  const ca = tls ? '--cacert /run/ingot/tls/ca.pem ' : '';
  cluster.say(`POST ${url} on ${name}`);
  await cluster.run(
    name,
    `curl -fsS --max-time 30 ${ca}-H 'Content-Type: application/json' -d '${JSON.stringify(given)}' '${url}'`,
  );
}

/**
 * Starts the app through Marathon's API, unless it exists, and waits until it runs.
 * @returns whether the cluster runs it; false without a scheduler
 */
export async function ensureApp(cluster: Cluster): Promise<boolean> {
  if (!hasMarathon(cluster.watch.view())) return false;
  const leader = marathonOf(cluster.watch.view());
  if (leader === undefined) throw drillFailure('no Marathon leads');
  if (leader.sample?.marathon?.apps?.[appId] === undefined) await postApp(cluster, leader.place, app);
  await cluster.watch.until({
    what: `the app ${appId} runs`,
    limitSeconds: cluster.limit(20),
    missing: appNotYet,
  });
  return true;
}

/** Waits until the app runs again, if the rehearsal has one. */
export async function awaitApp(cluster: Cluster, wanted: boolean): Promise<void> {
  if (!wanted) return;
  // A new leader of the stand-in waits half a minute for the agents that an old leader knew before it launches
  // anything.
  await cluster.watch.until({
    what: `the app ${appId} runs again`,
    limitSeconds: cluster.limit(15) + 60,
    missing: appNotYet,
  });
}

/** Whether the rehearsal's app is known to Marathon now. */
export const hasApp = (cluster: Cluster): boolean =>
  marathonOf(cluster.watch.view())?.sample?.marathon?.apps?.[appId] !== undefined;
