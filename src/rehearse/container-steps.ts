import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import { drillFailure } from './drill-failure.ts';
import { pythonScript } from './follow.ts';

const text = z.string().nullable();

const container = z.object({
  id: z.string(),
  name: z.string(),
  running: z.boolean(),
  startedAt: z.string(),
  memory: text,
  cpuShares: text,
  cpuWeight: text,
  cpuQuota: text,
});

/** A container on a slave, as Docker and the kernel see it. */
export type ContainerState = z.output<typeof container>;

/** The steps of templates/rehearse/container.py, and the form of each one's answer. */
const answers = {
  image: z.object({ image: z.string() }),
  start: z.object({}),
  said: z.object({ text: z.string(), runs: z.boolean() }),
  known: z.object({ state: text, agent: text }),
  containers: z.object({ containers: z.array(container), quotaWanted: z.boolean() }),
  sandbox: z.object({ stdout: z.string(), stderr: z.string() }),
  'restart-agent': z.object({ unit: z.string(), killMode: z.string() }),
  'empty-agent': z.object({ unit: z.string() }),
  clean: z.object({}),
};

type Step = keyof typeof answers;

/** The Python program for one step. Escaped as ASCII, JSON within JSON is also a valid Python literal. */
export function stepScript(program: string, step: Step, given: Readonly<Record<string, unknown>>): string {
  const ascii = JSON.stringify(JSON.stringify({ step, given })).replace(
    /[\u007f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return pythonScript(`import json\nSTEP = json.loads(${ascii})\n${program}`);
}

/**
 * Runs a step on a node.
 * @throws IngotError node-failed with the output if the step fails
 */
export async function step<S extends Step>(
  cluster: Cluster,
  node: string,
  name: S,
  given: Readonly<Record<string, unknown>> = {},
): Promise<z.output<(typeof answers)[S]>> {
  const output = await cluster.run(node, stepScript(cluster.options.container, name, given));
  const parsed = answers[name].safeParse(JSON.parse(output.trim().split('\n').at(-1) ?? 'null'));
  if (!parsed.success)
    throw drillFailure(`${node}: the step ${name} answered nothing that is known`, [output]);
  return parsed.data as z.output<(typeof answers)[S]>;
}
