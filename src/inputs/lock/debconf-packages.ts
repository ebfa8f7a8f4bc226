import { IngotError } from '../../host/ingot-error.ts';
import type { Plan } from '../plan/plan.ts';
import type { Lock } from './lock.ts';

/**
 * Checks that each answer of the spec reaches the package that asks the question: the package is in the image, and the
 * answer is set before the package is installed. Packages of both roles are installed once, with the answers of
 * `common`.
 * @throws IngotError wrong-spec that names each answer that would reach no package
 */
export function requireDebconfPackages(plan: Plan, lock: Lock): void {
  const names = (group: keyof Lock['packages']) => new Set(lock.packages[group].map(({ name }) => name));
  const shared = names('shared');
  const lines = [
    ...(plan.debconf ?? []).flatMap(({ package: name, question }) =>
      [shared, names('master'), names('slave')].some((group) => group.has(name))
        ? []
        : [`common.debconf: ${question}: the package ${name} is in no image`],
    ),
    ...plan.roles.flatMap(({ role, debconf = [] }) =>
      debconf.flatMap(({ package: name, question }) => {
        if (names(role).has(name)) return [];
        return shared.has(name)
          ? [
              `${role}.debconf: ${question}: ${name} is installed once for both roles: the answer belongs in common.debconf`,
            ]
          : [`${role}.debconf: ${question}: the package ${name} is not in the image of a ${role}`];
      }),
    ),
  ];
  if (lines.length === 0) return;
  throw new IngotError({
    code: 'wrong-spec',
    message: 'answers of the spec reach no package that could ask:',
    excerpt: lines,
    hint: 'look at the name of the package (debconf-show PACKAGE on a machine that has it), or add it to packages',
  });
}
