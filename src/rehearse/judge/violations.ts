import { roles } from '../../inputs/roles.ts';
import { type ClusterView, masterAt, type NodeView } from '../view.ts';

/** A node that reports that it will not join. */
function refusals({ place, sample }: NodeView): string[] {
  return sample?.identityFailed == null ? [] : [`${place.name} does not join: ${sample.identityFailed}`];
}

/** The programs that a sample can see on a node, and their titles. */
const programs = [
  ['agent', 'a Mesos agent'],
  ['master', 'a Mesos master'],
  ['zookeeper', 'ZooKeeper'],
  ['marathon', 'Marathon'],
] as const;

/** Programs that run on a node without belonging to its role. */
function foreignPrograms({ place, sample }: NodeView): string[] {
  if (sample === undefined) return [];
  const { role, name } = place;
  return programs.flatMap(([key, title]) =>
    sample[key] === null || roles[role].runs.includes(key) ? [] : [`${title} runs on ${name}, a ${role}`],
  );
}

/** A master whose numbers differ from those that the seed's list gives it. */
function wrongNumbers({ place, sample, seed }: NodeView): string[] {
  if (!roles[place.role].listedInMasters || sample?.address == null || seed === undefined) return [];
  const position = String(seed.indexOf(place.address) + 1);
  const needed = Math.floor(seed.length / 2) + 1;
  const quorum = sample.master?.quorum;
  return [
    ...(sample.zookeeperId === position || sample.zookeeperId === null
      ? []
      : [`${place.name} is master ${position} of the list, but its ZooKeeper id is ${sample.zookeeperId}`]),
    ...(quorum == null || quorum === needed
      ? []
      : [
          `the registry of ${place.name} has a quorum of ${quorum} (/flags), and the list of ${seed.length} masters needs ${needed}`,
        ]),
  ];
}

function leadsWithoutElection({ place, sample }: NodeView): string[] {
  if (
    sample?.master?.elected !== true ||
    sample.elections === null ||
    sample.elections.mesos === masterAt(place)
  )
    return [];
  return [
    `${place.name} leads only by its own report: ZooKeeper's election names ${sample.elections.mesos ?? 'nobody'}; does it run with --zk?`,
  ];
}

/** Masters whose images do not have the same scheduler. */
function schedulers(nodes: readonly NodeView[]): string[] {
  const found = nodes.flatMap(({ place, sample }) =>
    roles[place.role].hasScheduler && sample !== undefined ? [`${sample.scheduler} on ${place.name}`] : [],
  );
  const kinds = new Set(found.map((one) => one.split(' ', 1)[0]));
  return kinds.size > 1 ? [`masters have different schedulers: ${found.join(', ')}`] : [];
}

/** Ids that must be unique to a node but are shared. */
function sharedIds(nodes: readonly NodeView[]): string[] {
  const kinds = [
    ['agent id', 'agentId'],
    ['machine-id', 'machineId'],
    ['SSH host key', 'hostKey'],
    ['host name', 'hostName'],
  ] as const;
  return kinds.flatMap(([title, key]) => {
    const owners = new Map<string, string[]>();
    for (const { place, sample } of nodes) {
      const id = sample?.address == null ? null : sample[key];
      if (id !== null) owners.set(id, [...(owners.get(id) ?? []), place.name]);
    }
    return [...owners]
      .filter(([, names]) => names.length > 1)
      .map(([id, names]) => `${names.join(' and ')} have one ${title}, ${id}`);
  });
}

/** Everything that must never happen, however busy the cluster is; empty if there is no violation. */
export function violations({ nodes }: ClusterView): string[] {
  return [
    ...nodes.flatMap((node) => [...refusals(node), ...foreignPrograms(node), ...wrongNumbers(node)]),
    ...schedulers(nodes),
    ...sharedIds(nodes),
  ];
}

/**
 * The masters that lead although the election in ZooKeeper, which they can read, names another master or none. This is
 * expected for a short time: a session ends at ZooKeeper first, and its master leads until it learns of that
 * (--zk_session_timeout, 10 s; docs/configuration/master.md of Mesos).
 */
export function unelectedLeaders({ nodes }: ClusterView): string[] {
  return nodes.flatMap(leadsWithoutElection);
}
