import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { masterPlaces, slavePlaces } from '../../../../src/rehearse/place.ts';
import {
  defaultWave,
  nextStep,
  type Procedure,
  type UpgradeStep,
} from '../../../../src/rehearse/upgrade/procedure.ts';

/** All steps of a procedure, if `leads` returns the leader before each of them. */
function allSteps(procedure: Procedure, leads: (index: number) => string): UpgradeStep[] {
  const progress = { updated: new Set<string>(), fellBack: new Set<string>() };
  const steps: UpgradeStep[] = [];
  for (;;) {
    const step = nextStep(procedure, progress, leads(steps.length));
    if (step === undefined) return steps;
    steps.push(step);
    const done = step.kind === 'fall-back' ? progress.fellBack : progress.updated;
    for (const { name } of step.nodes) done.add(name);
    if (steps.length > 50) throw new Error('no end');
  }
}

const shown = (steps: readonly UpgradeStep[]): string[] =>
  steps.map(({ kind, nodes }) => `${kind} ${nodes.map(({ name }) => name).join(' ')}`);

describe('the order of an upgrade', () => {
  it('is: the masters one by one, the leader last, a slave with a fault, the slaves in waves', () => {
    const procedure = { masters: masterPlaces(3), slaves: slavePlaces(3), wave: 2, fallBack: true };
    expect(shown(allSteps(procedure, () => 'master-1'))).toEqual([
      'master master-2',
      'master master-3',
      'master master-1',
      'fall-back slave-1',
      'wave slave-1 slave-2',
      'wave slave-3',
    ]);
  });

  it('spares the current leader, even if the leader changes in between', () => {
    const procedure = { masters: masterPlaces(3), slaves: [], wave: 1, fallBack: true };
    const leaders = ['master-1', 'master-3'];
    expect(shown(allSteps(procedure, (index) => leaders[index] ?? 'master-3'))).toEqual([
      'master master-2',
      'master master-1',
      'master master-3',
    ]);
  });

  it('omits a role whose version does not change', () => {
    const procedure = { masters: [], slaves: slavePlaces(2), wave: 1, fallBack: false };
    expect(shown(allSteps(procedure, () => 'master-1'))).toEqual(['wave slave-1', 'wave slave-2']);
  });

  it('reaches each node once, never two masters at once, no slave before a master, no wave that is too large, whoever leads', () => {
    const cluster = fc.record({
      masters: fc.integer({ min: 0, max: 9 }),
      slaves: fc.integer({ min: 0, max: 9 }),
      wave: fc.integer({ min: 1, max: 9 }),
      fallBack: fc.boolean(),
      leaders: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    });
    fc.assert(
      fc.property(cluster, ({ masters, slaves, wave, fallBack, leaders }) => {
        const procedure = { masters: masterPlaces(masters), slaves: slavePlaces(slaves), wave, fallBack };
        const leads = (index: number): string => `master-${leaders[index % leaders.length] ?? 1}`;
        const steps = allSteps(procedure, leads);
        const updates = steps.filter(({ kind }) => kind !== 'fall-back');
        const names = updates.flatMap(({ nodes }) => nodes.map(({ name }) => name));
        expect(names.toSorted()).toEqual(
          [...procedure.masters, ...procedure.slaves].map(({ name }) => name).toSorted(),
        );
        const kinds = steps.map(({ kind }) => kind);
        expect(kinds.lastIndexOf('master')).toBeLessThan(
          kinds.findIndex((kind) => kind !== 'master') === -1
            ? kinds.length
            : kinds.findIndex((kind) => kind !== 'master'),
        );
        expect(kinds.filter((kind) => kind === 'fall-back')).toHaveLength(fallBack && slaves > 0 ? 1 : 0);
        steps.forEach(({ kind, nodes }, index) => {
          expect(nodes.length).toBeLessThanOrEqual(kind === 'wave' ? wave : 1);
          const left = kinds.slice(index).filter((one) => one === 'master').length;
          if (kind === 'master' && left > 1) expect(nodes[0]?.name).not.toBe(leads(index));
        });
      }),
    );
  });

  it('takes a third of the slaves at a time by default', () => {
    expect([0, 1, 2, 3, 4, 9].map(defaultWave)).toEqual([1, 1, 1, 1, 2, 3]);
  });
});
