import { IngotError } from '../../host/ingot-error.ts';
import type { Plan } from '../plan/plan.ts';
import { type SpecFault, SpecFaults } from '../yaml/spec-faults.ts';
import type { AptIndex } from './apt-indexes.ts';
import { localSource } from './lock.ts';
import { relationText } from './relations.ts';
import { whenRemoved } from './removed-packages.ts';
import { type Unmet, unmetOf } from './unmet.ts';

/**
 * Returns where the spec asks for a package: its .deb or its source. For a package of the base it returns a place that
 * the spec does not have.
 */
export function placeInSpec(of: Unmet['of'], plan: Plan): SpecFault['path'] {
  if (of.source !== localSource) return [of.source];
  const debs = plan.roles.flatMap(({ debs: own }) => own);
  const product = debs.find(({ name, packages, from }) =>
    packages === undefined ? from.includes(of.name) : name === of.name || packages.includes(of.name),
  );
  return product === undefined ? [of.name] : [product.name, 'deb'];
}

function faultOf(unmet: Unmet, plan: Plan): SpecFault {
  const { of, alternatives, found, through } = unmet;
  const wanted = alternatives.map(relationText).join(' or ');
  const by = through.length === 0 ? '' : `, by way of ${through.join(', ')}`;
  const what =
    found.length === 0 ? ', which no source of the spec has' : `: the sources have ${found.join(' and ')}`;
  const facts = alternatives.flatMap(({ name }) => {
    const when = whenRemoved(name);
    return when === undefined ? [] : [`${name} was ${when}`];
  });
  return {
    path: placeInSpec(of, plan),
    message: `${of.name} ${of.version} depends on ${wanted}${by}${what}`,
    right:
      facts.length > 0
        ? facts.join('; ')
        : found.length > 0
          ? `a ${of.name} that was built for ${plan.base.suite}, or a source that has this version`
          : `no source of the spec has it: a ${of.name} that was built for ${plan.base.suite}, or a source that has it`,
  };
}

/** Explains what a user can do if packages were not built for this Debian release, one way per line. */
export function remedies(packages: readonly string[], { base, layout }: Plan): string {
  return [
    `${[...new Set(packages)].join(' and ')} cannot be installed in ${base.distribution} ${base.suite}. What works:`,
    ...(layout === 'mesosphere'
      ? ['clusterd, the living fork of Mesos, which is packaged for it: mesos: clusterd']
      : []),
    `packages that were rebuilt on ${base.suite}`,
    'an apt source of your own that holds the old package with the libraries that it asks for: source in place of deb; docs/lock.md explains how. Such libraries get no security updates',
  ].join('\n');
}

/**
 * Explains an error of apt's solver in terms of the spec: which of its packages depends on what, which source has it or
 * since when Debian has not, and what works.
 * @param error what the solver threw
 * @param wanted the packages that it had to install: names, or name=version
 * @returns the error unchanged if every dependency could be met, for example if packages conflict
 */
export function explainUnmet(
  error: unknown,
  indexes: readonly AptIndex[],
  wanted: readonly string[],
  plan: Plan,
): unknown {
  if (!(error instanceof IngotError) || error.code !== 'unsolvable-packages') return error;
  const unmet = unmetOf(indexes, wanted);
  if (unmet.length === 0) return error;
  return new SpecFaults(
    unmet.map((one) => faultOf(one, plan)),
    remedies(
      unmet.map(({ of }) => of.name),
      plan,
    ),
    'unsolvable-packages',
  );
}
