import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { rehearseShape } from '../../src/cli/shapes/test-shapes.ts';
import { type Ended, project, startIngot } from '../e2e/ingot-process.ts';

export const spec = join(project, 'examples', 'cluster.yaml');

/**
 * An existing store may be named; otherwise the example is baked into this one. It is kept, so that the next run has
 * little to do.
 */
const named = process.env['INGOT_REHEARSAL_STORE'];
export const store = named ?? join(project, '.make', 'rehearsal', 'out');

/** Bakes the images that are rehearsed. */
export async function bakeStore(): Promise<void> {
  if (named !== undefined) return;
  const { exitCode, stderr } = await startIngot(['bake', spec, '--out', store]).ended;
  expect(exitCode, stderr).toBe(0);
}

/** The folder of the newest version of a role. */
export function latest(role: 'master' | 'slave', out = store): string {
  const link = join(out, role, 'latest');
  expect(existsSync(link), link).toBe(true);
  return realpathSync(link);
}

interface Outcome {
  readonly name: string;
  readonly result: string;
  readonly seconds: number;
  readonly saw: string;
}

/** The output of `ingot rehearse --json`. */
export interface Rehearsed {
  readonly ended: Ended;
  readonly outcomes: readonly Outcome[];
  readonly logs: string;
}

/** Runs a complete rehearsal of a store, with the seed of the example. */
export const rehearse = (out: string, ...options: readonly string[]): Promise<Rehearsed> =>
  rehearseWith(spec, out, ...options);

/** Runs a complete rehearsal of a store, with the seed of a spec. */
export async function rehearseWith(
  specFile: string,
  out: string,
  ...options: readonly string[]
): Promise<Rehearsed> {
  const ended = await startIngot(['rehearse', specFile, '--out', out, '--json', ...options]).ended;
  expect(ended.stdout, ended.stderr).toMatch(/^\{/);
  const { outcomes, logs } = rehearseShape.parse(JSON.parse(ended.stdout)) as Omit<Rehearsed, 'ended'>;
  for (const { name, result, seconds, saw } of outcomes)
    process.stderr.write(`    ${name}  ${result}  ${seconds.toFixed(1)} s  ${saw}\n`);
  return { ended, outcomes, logs };
}
