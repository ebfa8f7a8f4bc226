/**
 * The share of a line's rate that is left for files: TCP with time stamps in frames of 1500 bytes carries 1448 of the
 * 1538 bytes that a frame takes on the wire.
 */
export const payloadShare = 1448 / 1538;

/** The share of that which thousands of competing connections can use: an assumption, not a measurement. */
export const contentionFactor = 0.9;

export interface ScaleInput {
  readonly nodes: number;
  /** The bytes that each node fetches. */
  readonly bytesPerNode: number;
  /** The rate of the line of each server, in Gb/s (1e9 bits). */
  readonly lineGbps: number;
  /** The rate of the line of each node, in Gb/s. */
  readonly nodeGbps: number;
  /** The processor time of a server for each byte. */
  readonly cpuSecondsPerByte: number;
  /** The cores of each server. */
  readonly cores: number;
  /** Servers besides the first one. */
  readonly mirrors: number;
  /** The number of mirrors that each server fills at the same time. */
  readonly fanOut: number;
  /** The bytes that a mirror copies before it serves. */
  readonly treeBytes: number;
}

export interface ScaleEstimate {
  /** Until the last node has its bytes, when all mirrors are filled. */
  readonly seconds: number;
  /** What limits it. */
  readonly boundBy: 'line' | 'processor' | 'node';
  /** Until the last mirror is filled, before the first node starts. */
  readonly fillSeconds: number;
}

const bytesPerSecond = (gbps: number): number => (gbps * 1e9 * payloadShare * contentionFactor) / 8;

/**
 * The number of copies that are sent one after the other. Each server of a generation fills up to `fanOut` mirrors of
 * the
 * next generation at the same time, and a generation starts when the one before is complete.
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
 * Computes how long it takes until each node has the files that it boots, if all nodes start at once and are spread
 * evenly over the servers. It does not include disks (the servers have the files in memory) or the work of a node.
 * @throws RangeError if the fan-out or the number of nodes is less than one
 */
export function estimateScale(input: ScaleInput): ScaleEstimate {
  const { nodes, bytesPerNode, mirrors, fanOut } = input;
  if (nodes < 1 || fanOut < 1)
    throw new RangeError('the number of nodes and the fan-out must be at least one');
  const line = bytesPerSecond(input.lineGbps);
  const processor = input.cores / input.cpuSecondsPerByte;
  const rate = Math.min(line, processor);
  const serving = (Math.ceil(nodes / (mirrors + 1)) * bytesPerNode) / rate;
  const receiving = bytesPerNode / bytesPerSecond(input.nodeGbps);
  return {
    seconds: Math.max(serving, receiving),
    boundBy: receiving > serving ? 'node' : line <= processor ? 'line' : 'processor',
    fillSeconds: (copiesInSequence(mirrors, fanOut) * input.treeBytes) / rate,
  };
}
