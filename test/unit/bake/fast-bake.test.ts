import { describe, expect, test } from 'vitest';
import { stageTitle } from '../../../src/bake/cache/keyed-stage.ts';
import { fastPlan, omittedChecks } from '../../../src/bake/fast-bake.ts';
import type { Check } from '../../../src/inputs/plan/plan.ts';
import type { sampleMaterial } from '../../samples/stages.ts';
import { stagesOf, withPlan, withRole } from '../../samples/stages.ts';

const checks: Check[] = [
  { name: 'Docker answers', run: 'true', within: 10 },
  { name: 'the agent is registered', run: 'true', within: 10, needs: 'master' },
];
const { plan } = withRole('slave', { checks });

describe('the plan of a fast bake', () => {
  test('keeps the keys of all stages up to the root, so that an ordinary bake uses them', () => {
    const keys = (of: typeof sampleMaterial) =>
      new Map(stagesOf(of).all.map((stage) => [stageTitle(stage), stage.key]));
    const ordinary = keys(withPlan(plan));
    const fast = keys(withPlan(fastPlan(plan, 'slave')));
    for (const title of ['shared', 'packages slave', 'tree slave', 'changes slave', 'root slave'])
      expect(fast.get(title)).toBe(ordinary.get(title));
    // What an ordinary bake publishes is never what a fast one has made or booted.
    for (const title of ['artifacts slave', 'verification slave'])
      expect(fast.get(title)).not.toBe(ordinary.get(title));
  });

  test('omits only the checks of a slave that need a master, and says which', () => {
    const of = (role: 'master' | 'slave') =>
      fastPlan(plan, role)
        .roles.find((one) => one.role === role)
        ?.checks.map(({ name }) => name);
    expect(of('slave')).toEqual(['Docker answers']);
    expect(omittedChecks(plan, 'slave')).toEqual(['the agent is registered']);
    const master = withRole('master', { checks }).plan;
    expect(fastPlan(master, 'master').roles.find(({ role }) => role === 'master')?.checks).toEqual(checks);
    expect(omittedChecks(master, 'master')).toEqual([]);
  });
});
