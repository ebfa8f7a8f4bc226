import { z } from 'zod';

const text = z.string().nullable();

/** One sample that templates/rehearse/watch.py takes of its node. A service that does not answer is null. */
const sampleSchema = z.object({
  /** The node's own clock when the sample began, seconds since 1970. */
  at: z.number(),
  /** Seconds until the last answer arrived. */
  took: z.number(),
  /** The result of ingot-identity; null before it has run. */
  address: text,
  role: text,
  bootId: text,
  hostName: text,
  machineId: text,
  hostKey: text,
  version: text,
  rootHash: text,
  agentId: text,
  zookeeperId: text,
  standIns: z.array(z.string()),
  /**
   * The scheduler of the image: marathon or none. Recordings of older versions, which had no choice, do not have it.
   */
  scheduler: z.string().default('marathon'),
  /** Why the node does not join the cluster. */
  identityFailed: text,
  /** standalone, leader or follower; "waiting" if it does not serve. */
  zookeeper: text,
  /** Whether a write to this node's ZooKeeper succeeded, which needs a quorum. */
  writes: z.boolean(),
  master: z
    .object({
      elected: z.boolean(),
      recovered: z.boolean(),
      /** address:port of the master that this one names as leader; null if it names none. */
      leader: text,
      /** The value of its flag `quorum`. */
      quorum: z.number().nullable(),
      /** Agents that are registered and active, as far as this master knows. */
      agents: z.number().nullable(),
    })
    .nullable(),
  /**
   * address:port that the lowest node of each election names, as read from this node's ZooKeeper; null for an election
   * without members. The whole value is null if the elections cannot be read.
   */
  elections: z.object({ mesos: text, marathon: text }).nullable(),
  agent: z
    .object({
      registered: z.boolean(),
      /** address:port of the master that it is registered with. */
      master: text,
      /** State of each task that the agent names, by the task's id. */
      tasks: z.record(z.string(), z.string()).optional(),
    })
    .nullable(),
  /** Also null if the image has another scheduler, or none. */
  marathon: z
    .object({
      /** host:port of the instance that leads. */
      leader: text,
      /** Running tasks by app, from the instance that leads. */
      apps: z.record(z.string(), z.number()).nullable(),
    })
    .nullable(),
});

export type NodeSample = z.output<typeof sampleSchema>;

/** Parses a line that the watcher printed; undefined if the line is not a sample. */
export function parseSample(line: string): NodeSample | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = sampleSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
