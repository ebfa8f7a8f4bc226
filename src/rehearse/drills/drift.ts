import { z } from 'zod';
import type { Cluster } from '../cluster.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import type { RehearsedPlace } from '../place.ts';

/** The needed parts of the first line of `ingot-drift --json`, and of the lines after it (docs/drift.md). */
const answer = z.object({ digest: z.string(), verified: z.boolean() });
const drifted = z.object({ path: z.string(), class: z.string(), kind: z.string(), hint: z.string() });

// Exit status 3 means drift, which the lines describe.
const driftCommand = 'ingot-drift --json || [ "$?" -eq 3 ]';

async function digestOf(cluster: Cluster, { name }: RehearsedPlace): Promise<string> {
  const [first = '', ...lines] = (await cluster.run(name, driftCommand)).trim().split('\n');
  const { digest, verified } = answer.parse(JSON.parse(first));
  if (!verified) throw drillFailure(`the kernel does not verify the root of ${name}`);
  const found = lines.map((line) => drifted.parse(JSON.parse(line)));
  if (found.length > 0)
    throw drillFailure(
      `${name} has drifted:`,
      found.map((one) => `${one.path} (${one.class}): ${one.kind}. ${one.hint}`),
    );
  return digest;
}

/** Checks all nodes of a role, one after another, because emulated nodes would only slow each other down. */
async function oneDigest(
  cluster: Cluster,
  title: string,
  places: readonly RehearsedPlace[],
): Promise<string[]> {
  const digests = new Map<string, string[]>();
  for (const place of places) {
    const digest = await digestOf(cluster, place);
    digests.set(digest, [...(digests.get(digest) ?? []), place.name]);
  }
  const [first, second] = [...digests];
  if (first === undefined) return [];
  if (second !== undefined)
    throw drillFailure(
      `${title} are not alike`,
      [...digests].map(([digest, names]) => `${names.join(', ')}: ${digest}`),
    );
  return [`${title} (${places.length}) with digest ${first[0].slice(0, 12)}`];
}

export const driftDrill: Drill = {
  name: 'drift',
  proves:
    'no node has drifted from its root and the seed, files, kernel, mounts and programs; all nodes of a role answer with one digest',
  quick: true,
  run: async (cluster) => {
    const masters = await oneDigest(cluster, 'masters', cluster.masters);
    const slaves = await oneDigest(cluster, 'slaves', cluster.slaves);
    return { saw: `no drift: ${[...masters, ...slaves].join('; ')}` };
  },
};
