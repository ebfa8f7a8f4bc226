import {
  type ClusterView,
  electedOf,
  hasMarathon,
  marathonOf,
  masterAt,
  mastersOf,
  slavesOf,
} from '../view.ts';

const names = (nodes: readonly { readonly place: { readonly name: string } }[]): string =>
  nodes.length === 0 ? 'none' : nodes.map(({ place }) => place.name).join(' and ');

/**
 * Why ZooKeeper's ensemble is not complete: it needs one leader, all other masters as followers, and every one of them
 * able to write.
 */
export function zookeeperNotYet(view: ClusterView): string[] {
  const masters = mastersOf(view);
  const inMode = (mode: string) => masters.filter(({ sample }) => sample?.zookeeper === mode);
  const single = masters.length === 1 && masters[0]?.seed?.length === 1;
  const leaders = inMode(single ? 'standalone' : 'leader');
  const reasons: string[] = [];
  if (leaders.length !== 1) reasons.push(`ZooKeeper's leaders: ${names(leaders)}`);
  const silent = masters.filter(
    ({ sample }) => sample?.zookeeper === null || sample?.zookeeper === 'waiting',
  );
  if (silent.length > 0) reasons.push(`ZooKeeper does not serve on ${names(silent)}`);
  const mute = masters.filter(({ sample }) => sample?.writes !== true);
  if (mute.length > 0) reasons.push(`ZooKeeper accepts no write on ${names(mute)}`);
  const unread = masters.filter(({ sample }) => sample?.writes === true && sample.elections === null);
  if (unread.length > 0)
    reasons.push(`the elections in ZooKeeper cannot be read in time on ${names(unread)}`);
  return reasons;
}

/** Why the registry does not have exactly one leading master. */
export function electionNotYet(view: ClusterView): string[] {
  const elected = electedOf(view);
  if (elected.length !== 1) return [`elected masters: ${names(elected)}`];
  return elected.some(({ sample }) => sample?.master?.recovered !== true)
    ? [`the registry of ${names(elected)} is not recovered`]
    : [];
}

/**
 * Why the masters and ZooKeeper do not all name the elected master. Without this check a master that only claims to
 * lead would count as elected.
 */
export function leaderNotYet(view: ClusterView): string[] {
  const [elected, another] = electedOf(view);
  if (elected === undefined || another !== undefined) return [];
  const leader = masterAt(elected.place);
  const masters = mastersOf(view);
  const astray = masters.filter(({ sample }) => sample?.master?.leader !== leader);
  const otherwise = masters.filter(
    ({ sample }) => sample?.elections != null && sample.elections.mesos !== leader,
  );
  return [
    ...astray.map(
      ({ place, sample }) =>
        `${place.name} names ${sample?.master?.leader ?? 'nobody'} as leader, not ${elected.place.name} (${leader})`,
    ),
    ...otherwise.map(
      ({ place, sample }) =>
        `ZooKeeper's election names ${sample?.elections?.mesos ?? 'nobody'} by the word of ${place.name}, not ${elected.place.name} (${leader})`,
    ),
  ];
}

/** Why Marathon does not have one leader that all instances follow; empty if the cluster has no Marathon. */
export function marathonNotYet(view: ClusterView): string[] {
  if (!hasMarathon(view)) return [];
  const leader = marathonOf(view);
  if (leader === undefined) return ['no Marathon leads'];
  const astray = mastersOf(view).filter(
    ({ sample }) => sample?.marathon?.leader !== `${leader.place.address}:8080`,
  );
  const otherwise = mastersOf(view).filter(
    ({ sample }) => sample?.elections != null && sample.elections.marathon !== `${leader.place.address}:8080`,
  );
  return [
    ...(astray.length === 0
      ? []
      : [`Marathon of ${names(astray)} does not follow that of ${leader.place.name}`]),
    ...otherwise.map(
      ({ place, sample }) =>
        `Marathon's election names ${sample?.elections?.marathon ?? 'nobody'} by the word of ${place.name}, not ${leader.place.name}`,
    ),
  ];
}

/** Why the slaves are not all registered, as they and the elected master report it. */
export function agentsNotYet(view: ClusterView): string[] {
  const slaves = slavesOf(view);
  const without = slaves.filter(({ sample }) => sample?.agent?.registered !== true);
  if (without.length > 0) return [`no registered agent on ${names(without)}`];
  const [elected] = electedOf(view);
  const known = elected?.sample?.master?.agents;
  const astray = slaves.filter(
    ({ sample }) => elected !== undefined && sample?.agent?.master !== masterAt(elected.place),
  );
  return [
    ...(known === slaves.length
      ? []
      : [`${known ?? 'no'} agents are registered, of ${slaves.length} slaves`]),
    ...astray.map(
      ({ place, sample }) =>
        `the agent of ${place.name} is registered with ${sample?.agent?.master ?? 'nobody that it names'}, not with ${elected?.place.name ?? ''}`,
    ),
  ];
}

/** The nodes that have not been seen at all. */
export function unseenNodes(view: ClusterView): string[] {
  const unseen = view.nodes.filter(({ sample }) => sample?.address == null);
  if (unseen.length === 0) return [];
  return [
    `${names(unseen)} ${unseen.length === 1 ? 'has' : 'have'} not come up`,
    ...unseen.flatMap(({ place, unreached }) =>
      unreached === undefined ? [] : [`${place.name}: ${unreached}`],
    ),
  ];
}

/** Everything that keeps the cluster from being healthy, as text for people; empty if it is healthy. */
export function notYet(view: ClusterView): string[] {
  const unseen = unseenNodes(view);
  if (unseen.length > 0) return unseen;
  return [
    ...zookeeperNotYet(view),
    ...electionNotYet(view),
    ...leaderNotYet(view),
    ...marathonNotYet(view),
    ...agentsNotYet(view),
  ];
}
