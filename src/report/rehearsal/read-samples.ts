import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type NodeSample, parseSample } from '../../rehearse/node-sample.ts';

/** The samples of one node, in order. */
export interface NodeSamples {
  /** "master-1". */
  readonly node: string;
  readonly samples: readonly NodeSample[];
}

const fileName = /^looks-([a-z]+-\d+)\.ndjson$/;

const inOrder = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/**
 * Reads the samples that a rehearsal took of its nodes, masters first.
 * @param logs absolute folder of the logs; a line that is not a sample is ignored
 */
export async function readSamples(logs: string): Promise<NodeSamples[]> {
  const names = (await readdir(logs)).flatMap((name) => fileName.exec(name)?.[1] ?? []).sort(inOrder);
  const all: NodeSamples[] = [];
  for (const node of names) {
    const samples: NodeSample[] = [];
    const input = createReadStream(join(logs, `looks-${node}.ndjson`));
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const sample = parseSample(line);
      if (sample !== undefined) samples.push(sample);
    }
    if (samples.length > 0) all.push({ node, samples });
  }
  return all;
}
