import { expect, test } from 'vitest';
import { requireDebconfPackages } from '../../../../src/inputs/lock/debconf-packages.ts';
import type { DebconfAnswer } from '../../../../src/inputs/plan/debconf-answers.ts';
import { lockedPackage, sampleLock } from '../../../samples/lock.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';
import { sampleMaterial } from '../../../samples/stages.ts';

const lock = sampleLock({
  shared: [lockedPackage('both')],
  master: [lockedPackage('of-master')],
  slave: [lockedPackage('of-slave')],
});
const answer = (name: string): DebconfAnswer => ({
  ...{ package: name, question: `${name}/q`, type: 'string', value: 'x' },
});
function planOf(common: string[], master: string[]) {
  const { plan } = sampleMaterial;
  const roles = plan.roles.map((role) =>
    role.role === 'master' ? { ...role, debconf: master.map(answer) } : role,
  );
  return { ...plan, debconf: common.map(answer), roles };
}

test('an answer is accepted if it is known before its package is installed', () => {
  requireDebconfPackages(planOf(['both', 'of-master', 'of-slave'], ['of-master']), lock);
});

test('an answer that reaches no package is refused, with the reason', () => {
  const error = ingotErrorOf(() => {
    requireDebconfPackages(planOf(['typo'], ['both', 'of-slave', 'nothing']), lock);
  });
  expect(error.code).toBe('wrong-spec');
  expect(error.excerpt).toEqual([
    'common.debconf: typo/q: the package typo is in no image',
    'master.debconf: both/q: both is installed once for both roles: the answer belongs in common.debconf',
    'master.debconf: of-slave/q: the package of-slave is not in the image of a master',
    'master.debconf: nothing/q: the package nothing is not in the image of a master',
  ]);
});
