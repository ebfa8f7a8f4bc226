import type { Spec } from './cluster-spec/schema.ts';
import { pathFacts } from './path-facts.ts';
import { withFilePlaces } from './plan/file-places.ts';
import { fileProblems } from './plan/file-rules.ts';
import type { Plan } from './plan/plan.ts';
import { locatedError, type LocatedFile } from './yaml/located-error.ts';

const hint = 'docs/spec.md says which files a spec may have, and what to do where it may not.';

/**
 * Checks the additions of a spec against images/, and returns the plan with the places of its files.
 * @throws IngotError wrong-spec that shows everything that cannot be in an image, with line and column
 */
export async function checkAgainstImages(plan: Plan, spec: Spec, file: LocatedFile): Promise<Plan> {
  if ([spec.common, spec.master, spec.slave, spec.seed].every(({ files }) => files.length === 0)) return plan;
  const paths = await pathFacts(plan);
  const problems = fileProblems(spec, paths);
  if (problems.length > 0) throw locatedError(file, problems, hint);
  return withFilePlaces(plan, spec, file, paths);
}
