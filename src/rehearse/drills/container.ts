import type { Cluster } from '../cluster.ts';
import { type ContainerState, step } from '../container-steps.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { unmetLimits } from '../judge/container-limits.ts';
import type { RehearsedPlace } from '../place.ts';
import { elapsedText, leaderOf } from './leader.ts';

const image = 'ingot-rehearsal:1';
const requested = { cpus: 0.1, megabytes: 48 };
const resources = `cpus:${requested.cpus};mem:${requested.megabytes}`;
const brief = { name: 'ingot-rehearsal-ends', prints: 'a line of the rehearsal', exits: 7 };
const lasting = { name: 'ingot-rehearsal-lasts' };
/** Seconds for which a task that survived must keep running. */
const holdSeconds = 5;

/** States in which a task has ended; mesos.proto, TaskState. */
const ended = [
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_GONE',
  'TASK_DROPPED',
];
/**
 * States that mean that the task's agent has ended or does not know the task. Without partition awareness the state is
 * TASK_LOST.
 */
const lost = ['TASK_LOST', 'TASK_GONE', 'TASK_DROPPED', 'TASK_FAILED'];

/** The last lines that mesos-execute printed, for a message. */
const lastLines = (text: string): string[] => text.trimEnd().split('\n').slice(-6);

/** Waits until mesos-execute has printed one of the words. */
async function awaitOutput(
  cluster: Cluster,
  leader: string,
  name: string,
  words: readonly string[],
): Promise<string> {
  const { text } = await step(cluster, leader, 'said', { name, words, seconds: cluster.limit(30) });
  if (!words.some((word) => text.includes(word)))
    throw drillFailure(`mesos-execute did not say ${words.join(' or ')} of ${name}`, lastLines(text));
  return text;
}

/** The slave on which a task runs, as the master reports it. */
async function placeOf(cluster: Cluster, leader: string, name: string): Promise<RehearsedPlace> {
  const { agent } = await step(cluster, leader, 'known', { name });
  const place = cluster.slaves.find((slave) => cluster.watch.sampleOf(slave.name)?.agentId === agent);
  if (place === undefined)
    throw drillFailure(
      `the master says that ${name} is on agent ${agent ?? 'none'}, and no slave has that id`,
    );
  return place;
}

/** Runs a task that ends, and checks its output in the sandbox and the reported exit status. */
async function endsAsItShould(cluster: Cluster, leader: string): Promise<void> {
  const { name, prints, exits } = brief;
  const command = `echo ${prints}; exit ${exits}`;
  await step(cluster, leader, 'start', { name, image, command, checkpoint: false, resources });
  const text = await awaitOutput(cluster, leader, name, ended);
  if (!text.includes('TASK_FAILED') || !text.includes(`exited with status ${exits}`))
    throw drillFailure(`a container that ends with status ${exits} was not reported so`, lastLines(text));
  const place = await placeOf(cluster, leader, name);
  const { stdout } = await step(cluster, place.name, 'sandbox', { name });
  if (!stdout.split('\n').includes(prints))
    throw drillFailure(
      `what the container printed is not in its sandbox on ${place.name}`,
      lastLines(stdout),
    );
}

/** The single running container of the image on a slave. */
async function onlyContainer(cluster: Cluster, place: RehearsedPlace): Promise<ContainerState> {
  const { containers, quotaWanted } = await step(cluster, place.name, 'containers', { image });
  const [one, another] = containers.filter(({ running }) => running);
  if (one === undefined || another !== undefined)
    throw drillFailure(
      `${place.name} runs ${containers.filter(({ running }) => running).length} containers of ${image}`,
    );
  const problems = unmetLimits(one, { ...requested, quota: quotaWanted });
  if (problems.length > 0)
    throw drillFailure(`the container on ${place.name} has other limits than its task`, problems);
  return one;
}

/** Waits until the agent of a slave is registered; with `other`, under an id other than this one. */
async function registered(
  cluster: Cluster,
  { name }: RehearsedPlace,
  other?: string | null,
): Promise<number> {
  return cluster.watch.until({
    what: `the agent of ${name} is registered${other === undefined ? ' again' : ' as a new one'}`,
    limitSeconds: cluster.limit(60),
    missing: (view) => {
      const sample = view.nodes.find(({ place }) => place.name === name)?.sample;
      if (sample?.agent?.registered !== true) return [`no registered agent on ${name}`];
      // While its state is being emptied, the agent has no id.
      return other !== undefined && (sample.agentId === null || sample.agentId === other)
        ? [`the agent of ${name} has no new id`]
        : [];
    },
  });
}

/** Restarts the agent; the container must not be affected. */
async function survives(
  cluster: Cluster,
  leader: string,
  place: RehearsedPlace,
  before: ContainerState,
): Promise<number> {
  const begun = cluster.now();
  const { unit, killMode } = await step(cluster, place.name, 'restart-agent');
  const again = await registered(cluster, place);
  await cluster.watch.during(holdSeconds);
  const { containers } = await step(cluster, place.name, 'containers', { image });
  const now = containers.find(({ id }) => id === before.id);
  const { state } = await step(cluster, leader, 'known', { name: lasting.name });
  if (now?.running === true && now.startedAt === before.startedAt && state === 'TASK_RUNNING')
    return again - begun;
  const { text } = await step(cluster, leader, 'said', { name: lasting.name, words: ended, seconds: 1 });
  throw drillFailure(`the task did not survive a restart of ${unit} on ${place.name}`, [
    `its container ${before.name}: ${now === undefined ? 'gone' : now.running ? `running since ${now.startedAt}, before since ${before.startedAt}` : 'ended'}`,
    `the master says ${state ?? 'nothing of it'}`,
    `KillMode of ${unit} is ${killMode}: a task goes on only if its executor does, with KillMode=process, or in mesos_executors.slice (--systemd_enable_support)`,
    ...lastLines(text),
  ]);
}

/**
 * The agent returns as a new one that does not know the container. The container must be removed, and the task reported
 * as lost.
 */
async function orphanIsRemoved(cluster: Cluster, leader: string, place: RehearsedPlace): Promise<number> {
  const id = cluster.watch.sampleOf(place.name)?.agentId ?? null;
  const begun = cluster.now();
  await step(cluster, place.name, 'empty-agent');
  const again = await registered(cluster, place, id);
  const { containers } = await step(cluster, place.name, 'containers', { image });
  if (containers.length > 0)
    throw drillFailure(
      `the new agent of ${place.name} did not remove what the one before had left`,
      containers.map(({ name, running }) => `${name}: ${running ? 'running' : 'ended'}`),
    );
  await awaitOutput(cluster, leader, lasting.name, lost);
  return again - begun;
}

async function clean(cluster: Cluster, places: readonly RehearsedPlace[]): Promise<void> {
  await Promise.all(
    places.map(({ name }) => step(cluster, name, 'clean', { image, names: [brief.name, lasting.name] })),
  );
}

export const container: Drill = {
  name: 'container',
  proves:
    'a real container: output, exit status, limits; it survives a restart of its agent, and is removed when its agent is lost',
  quick: false,
  cannot: ({ slaves }) => (slaves === 0 ? 'it needs a slave' : undefined),
  run: async (cluster) => {
    const leader = leaderOf(cluster);
    // The tasks do not choose their slave, so every slave needs the image.
    for (const { name } of cluster.slaves) await step(cluster, name, 'image', { image });
    cluster.say(`mesos-execute on ${leader.name}: a container that ends`);
    await endsAsItShould(cluster, leader.name);
    cluster.say(`mesos-execute on ${leader.name}: a container that goes on`);
    await step(cluster, leader.name, 'start', {
      name: lasting.name,
      image,
      command: 'exec sleep 100000',
      checkpoint: true,
      resources,
    });
    await awaitOutput(cluster, leader.name, lasting.name, ['TASK_RUNNING', ...ended]);
    const place = await placeOf(cluster, leader.name, lasting.name);
    const before = await onlyContainer(cluster, place);
    cluster.say(`the agent of ${place.name} restarts`);
    const restarted = await survives(cluster, leader.name, place, before);
    cluster.say(`the agent of ${place.name} starts as a new one`);
    const emptied = await orphanIsRemoved(cluster, leader.name, place);
    await clean(cluster, [leader, ...cluster.slaves]);
    cluster.forgetFirst(place.name);
    await cluster.healthy(cluster.limit(60));
    return {
      saw: [
        `${before.name} ran on ${place.name} with ${requested.megabytes} MiB and ${requested.cpus} of a processor: its output was in the sandbox, its exit status ${brief.exits} reported`,
        `it survived a restart of the agent, which was registered again after ${elapsedText(restarted)}`,
        `a new agent, registered after ${elapsedText(emptied)}, removed it`,
      ].join('; '),
    };
  },
};
