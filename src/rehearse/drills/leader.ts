import type { Cluster } from '../cluster.ts';
import { drillFailure } from '../drill-failure.ts';
import type { RehearsedPlace } from '../place.ts';
import { electedOf } from '../view.ts';

/** The elected master; node-failed if there is none or more than one. */
export function leaderOf(cluster: Cluster): RehearsedPlace {
  const [elected, another] = electedOf(cluster.watch.view());
  if (elected === undefined || another !== undefined) throw drillFailure('there is no single elected master');
  return elected.place;
}

/** The other masters; those that were restarted in this rehearsal come first. */
export function followersOf(cluster: Cluster): RehearsedPlace[] {
  const leader = leaderOf(cluster);
  const wasRestarted = ({ name }: RehearsedPlace): boolean =>
    cluster.watch.sampleOf(name)?.bootId !== cluster.firstSample(name)?.bootId;
  const others = cluster.masters.filter(({ name }) => name !== leader.name);
  return [...others.filter(wasRestarted), ...others.filter((place) => !wasRestarted(place))];
}

/** "a, b and c". */
export function listed(places: readonly { readonly name: string }[]): string {
  const names = places.map(({ name }) => name);
  const last = names.pop();
  return names.length === 0 ? (last ?? 'none') : `${names.join(', ')} and ${last ?? ''}`;
}

export const elapsedText = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** For drills that keep a majority of the masters only if there are at least three. */
export const needsThree = ({ masters }: { readonly masters: number }): string | undefined =>
  masters < 3 ? 'it needs three masters' : undefined;
