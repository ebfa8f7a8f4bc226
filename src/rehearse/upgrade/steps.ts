import type { Cluster } from '../cluster.ts';
import { drillFailure } from '../drill-failure.ts';
import { notYet } from '../judge/not-yet.ts';
import type { WebServer } from '../node-shell.ts';
import type { RehearsedPlace } from '../place.ts';
import { drain, reactivate } from './drain.ts';
import { faultyUnit, plantFault } from './fault.ts';
import type { Journal } from './journal.ts';
import {
  awaitConfirmed,
  awaitFallBack,
  awaitStart,
  fetchVersion,
  maxTrialSeconds,
  restart,
} from './update-node.ts';
import { updateStatus } from './update-status.ts';

/** The tools of the steps of an upgrade. */
export interface StepTools {
  readonly cluster: Cluster;
  readonly journal: Journal;
  /** Name of the new version of a role. */
  readonly to: (role: RehearsedPlace['role']) => string;
  readonly web: WebServer;
  /** Whether slaves are drained before they restart. */
  readonly drain: boolean;
}

/** The checks that the docs prescribe for a master before the next master is updated. */
const masterChecks = [
  '/usr/lib/ingot/check/zookeeper',
  '/usr/lib/ingot/check/metric 5050 registrar/log/recovered 1',
].join(' && ');

const all = async <T>(
  places: readonly RehearsedPlace[],
  work: (place: RehearsedPlace) => Promise<T>,
): Promise<T[]> => Promise.all(places.map(work));

async function restartInto(cluster: Cluster, place: RehearsedPlace, version: string): Promise<void> {
  const runs = await restart(cluster, place);
  if (runs === version) return;
  const why = (await updateStatus(cluster, place.name))?.last?.why ?? 'it does not say why';
  throw drillFailure(`${place.name} runs ${runs ?? 'an unknown version'} after its restart, not ${version}`, [
    why,
  ]);
}

async function allHealthy(cluster: Cluster): Promise<void> {
  await cluster.watch.until({
    what: 'all nodes healthy again',
    limitSeconds: cluster.limit(120) + 60,
    missing: notYet,
    holdSeconds: 2,
  });
}

/** Updates a master to the new version and waits until it serves again. */
export async function updateMaster(tools: StepTools, place: RehearsedPlace): Promise<string> {
  const { cluster, journal, web } = tools;
  const version = tools.to('master');
  await journal.part('fetch', () => fetchVersion(cluster, place, { version, web }));
  await cluster.closely(async () => {
    await journal.part('restart', () => restartInto(cluster, place, version));
    await journal.part('trial', () => awaitConfirmed(cluster, place.name, version));
    await journal.part('checks', async () => {
      await allHealthy(cluster);
      await cluster.run(place.name, masterChecks);
    });
  });
  return `${version} confirmed`;
}

/** Allows tasks on restarted slaves again, and waits until all nodes are healthy. */
async function bringBack(
  { cluster, drain: drained }: StepTools,
  places: readonly RehearsedPlace[],
): Promise<void> {
  if (drained) await reactivate(cluster, places);
  await allHealthy(cluster);
}

/** Updates slaves to the new version, all at once. */
export async function updateSlaves(
  tools: StepTools,
  places: readonly RehearsedPlace[],
  again: boolean,
): Promise<string> {
  const { cluster, journal, web } = tools;
  const version = tools.to('slave');
  const options = again ? ['--again'] : [];
  await journal.part('fetch', () =>
    all(places, (place) => fetchVersion(cluster, place, { version, web }, options)),
  );
  if (tools.drain) await journal.part('drain', () => drain(cluster, places));
  await journal.part('restart', () => all(places, (place) => restartInto(cluster, place, version)));
  await journal.part('trial', () => all(places, ({ name }) => awaitConfirmed(cluster, name, version)));
  await journal.part('return', () => bringBack(tools, places));
  return `${version} confirmed`;
}

/** Lets a slave try the new version with a fault, and waits until it runs the old version again. */
export async function fallBack(tools: StepTools, place: RehearsedPlace): Promise<string> {
  const { cluster, journal, web } = tools;
  const version = tools.to('slave');
  const { name } = place;
  await journal.part('fetch', () => fetchVersion(cluster, place, { version, web }));
  await cluster.run(name, plantFault);
  if (tools.drain) await journal.part('drain', () => drain(cluster, [place]));
  const runs = await journal.part('restart', () => restart(cluster, place));
  const onTrial = cluster.watch.sampleOf(name)?.bootId;
  cluster.say(`${name} tries ${version}, in which ${faultyUnit} fails`);
  const why = await journal.part('trial', async () => {
    // A slow node may have returned before it was seen on trial.
    if (runs === version) await awaitStart(cluster, name, onTrial, maxTrialSeconds + cluster.limit(120));
    return awaitFallBack(cluster, name, version);
  });
  if (!why.includes(faultyUnit))
    throw drillFailure(`${name} returned from ${version} for another reason than the fault`, [why]);
  await journal.part('return', () => bringBack(tools, [place]));
  return `returned by itself: ${why}`;
}
