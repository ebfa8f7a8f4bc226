/**
 * Of what a line carries, what is left for files: TCP with time stamps in frames of 1500 bytes (1448 of the 1538 that a
 * frame takes on the wire).
 */
export const framing = 1448 / 1538;

/** Of that, what is left when thousands of connections crowd each other: an assumption, not a measurement. */
export const crowding = 0.9;

export interface ScaleQuestion {
  readonly nodes: number;
  /** What each fetches. */
  readonly bytesPerNode: number;
  /** Of each server, in Gb/s (1e9 bits). */
  readonly lineGbps: number;
  /** Of each node. */
  readonly nodeGbps: number;
  /** Processor time of a server for each byte, and the cores that it has. */
  readonly cpuSecondsPerByte: number;
  readonly cores: number;
  /** Servers besides the first one. */
  readonly mirrors: number;
  /** How many mirrors each server fills at once. */
  readonly fanOut: number;
  /** What a mirror takes over before it serves. */
  readonly treeBytes: number;
}

export interface ScaleAnswer {
  /** Until the last node has its bytes, all mirrors being filled. */
  readonly seconds: number;
  /** What that is bound by. */
  readonly boundBy: 'line' | 'processor' | 'node';
  /** Until the last mirror is filled, before a node starts. */
  readonly fillSeconds: number;
}

const bytesPerSecond = (gbps: number): number => (gbps * 1e9 * framing * crowding) / 8;

/**
 * Files that are sent one after the other at the most: each server of a generation fills as many mirrors of the next as
 * fan-out allows, all at once, and a generation waits for the one before.
 */
function copiesInSequence(mirrors: number, fanOut: number): number {
  let copies = 0;
  for (let left = mirrors, parents = 1; left > 0;) {
    const children = Math.min(left, parents * fanOut);
    copies += Math.ceil(children / parents);
    left -= children;
    parents = children;
  }
  return copies;
}

/**
 * How long it takes until each node has what it boots, when all ask at once and are spread evenly over the servers.
 * Computed: the disk is not in it (a root lies in memory), nor what a node does with its root.
 * @throws RangeError for a fan-out or a number of nodes below one
 */
export function netbootScale(question: ScaleQuestion): ScaleAnswer {
  const { nodes, bytesPerNode, mirrors, fanOut } = question;
  if (nodes < 1 || fanOut < 1) throw new RangeError('there is at least one node, and a fan-out of one');
  const line = bytesPerSecond(question.lineGbps);
  const processor = question.cores / question.cpuSecondsPerByte;
  const rate = Math.min(line, processor);
  const served = (Math.ceil(nodes / (mirrors + 1)) * bytesPerNode) / rate;
  const alone = bytesPerNode / bytesPerSecond(question.nodeGbps);
  return {
    seconds: Math.max(served, alone),
    boundBy: alone > served ? 'node' : line <= processor ? 'line' : 'processor',
    fillSeconds: (copiesInSequence(mirrors, fanOut) * question.treeBytes) / rate,
  };
}
