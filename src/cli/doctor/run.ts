import { resolve } from 'node:path';
import { defaultCache } from '../../bake/cache/cache-folder.ts';
import { examineHost, fixFindings } from '../../doctor/examine-host.ts';
import type { DoctorScope, Finding } from '../../doctor/finding.ts';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { requireRoot } from '../../host/require-root.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { poolOf } from '../shared/pool-of.ts';
import { textWidth } from '../shared/wrapped-text.ts';
import type { World } from '../world.ts';
import type { DoctorInput } from './options.ts';
import { findingsJson, findingsText } from './text.ts';

/** The error for a host on which a bake would fail. */
function notReady(problems: readonly Finding[]): IngotError {
  const fixable = problems.some(({ remedy }) => remedy?.fix !== undefined);
  return new IngotError({
    code: problems.some(({ check }) => check === 'programs') ? 'missing-program' : 'host-not-ready',
    message: `${problems.length === 1 ? 'a problem keeps' : `${problems.length} problems keep`} this host from baking`,
    hint: fixable
      ? 'ingot doctor --fix does what is safe; the lines above have a command for each problem'
      : 'the lines above have a command for each problem',
  });
}

const usualSources = { suite: 'bookworm', architecture: 'amd64' } as const;

/** The sources of the spec, if one was named: a site with a mirror of its own does not use those of this host. */
async function sourcesOfSpec(
  world: World,
  { spec, pool }: DoctorInput,
): Promise<Pick<DoctorScope, 'suite' | 'architecture' | 'ofSpec'>> {
  if (spec === undefined) return usualSources;
  try {
    const { plan, credentials } = await readPlan(world.host, spec, { pool: () => poolOf(world, pool) });
    const { suite, architecture, sources } = plan.base;
    return { suite, architecture, ofSpec: { sources, credentials } };
  } catch (error) {
    // Sources of this host that are missing are a finding.
    if (error instanceof IngotError && error.code === 'wrong-source') return usualSources;
    throw error;
  }
}

/**
 * ingot doctor: whether this host can bake, and what mends it.
 * @returns the exit status: 0 without a problem; with `--json` 2 with one
 * @throws IngotError missing-program or host-not-ready if a bake would fail here
 */
export async function doctor(world: World, input: DoctorInput): Promise<number> {
  const { host, env, signal, cwd } = world;
  const scope: DoctorScope = {
    ...(await sourcesOfSpec(world, input)),
    out: resolve(cwd, input.out),
    pool: poolOf(world, input.pool),
    cache: resolve(cwd, defaultCache(env)),
    accelerator: env['INGOT_ACCEL'],
    network: input.network,
    signal,
  };
  let findings = await examineHost(host, scope);
  let fixed: readonly string[] = [];
  if (input.fix && findings.some(({ remedy }) => remedy?.fix !== undefined)) {
    requireRoot('ingot doctor --fix');
    fixed = await fixFindings(host, findings);
    for (const command of fixed) world.err(`done: ${command}\n`);
    findings = await examineHost(host, scope);
  }
  const problems = findings.filter(({ state }) => state === 'problem');
  if (input.json) {
    world.out(findingsJson(findings, fixed));
    return problems.length === 0 ? exitCodes.done : exitCodes.wrongInput;
  }
  world.err(findingsText(findings, input.verbose, textWidth(world.stream)));
  if (problems.length > 0) throw notReady(problems);
  return exitCodes.done;
}
