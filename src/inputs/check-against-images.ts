import type { Spec } from './cluster-spec/schema.ts';
import { pathFacts } from './path-facts.ts';
import { withFilePlaces } from './plan/file-places.ts';
import { fileProblems } from './plan/file-rules.ts';
import type { RolePaths } from './plan/path-fact.ts';
import type { FolderFiles } from './plan/placed-files.ts';
import type { Contribution, Plan } from './plan/plan.ts';
import { replacedFiles, siteProblems } from './plan/site-rules.ts';
import { checkSiteTemplates, withTemplateNames } from './site-layers/check-site-templates.ts';
import { locatedError, type LocatedFile } from './yaml/located-error.ts';

const hint = 'docs/spec.md says which files a spec may have, and what to do where it may not.';
const layersHint = 'docs/layers.md says which files a layer may have, and what to do where it may not.';

/** Returns the plan with notes on each file of a layer that replaces another one. */
function withReplacedFiles(plan: Plan, paths: readonly RolePaths[]): Plan {
  const { contributions } = plan;
  if (contributions === undefined) return plan;
  const noted = contributions.map((one): Contribution => {
    const replaced = replacedFiles(paths, one.from);
    const files = one.adds['files']?.map((path) => {
      const other = replaced.get(path);
      return other === undefined ? path : `${path}, replaces ${other}`;
    });
    return files === undefined ? one : { ...one, adds: { ...one.adds, files } };
  });
  return { ...plan, contributions: noted };
}

/**
 * Checks the additions of a spec and its layers against images/, and returns the plan with the places of its files.
 * @param trees the folders that the spec names with `from`
 * @throws IngotError wrong-layer or wrong-spec that shows everything that cannot be in an image, with line and column
 * @throws IngotError wrong-template for a template of a layer that does not fit
 */
export async function checkAgainstImages(
  plan: Plan,
  spec: Spec,
  file: LocatedFile,
  trees?: ReadonlyMap<string, FolderFiles>,
): Promise<Plan> {
  const files = [spec.common, spec.master, spec.slave, spec.seed].flatMap((section) => section.files);
  if (files.length === 0 && spec.layers.length === 0) return plan;
  const paths = await withTemplateNames(plan, () => pathFacts(plan));
  const ofLayers = siteProblems(paths);
  if (ofLayers.length > 0) throw locatedError(file, ofLayers, layersHint, 'wrong-layer');
  const problems = fileProblems(spec, paths, trees);
  if (problems.length > 0) throw locatedError(file, problems, hint);
  await checkSiteTemplates(plan);
  return withReplacedFiles(withFilePlaces(plan, spec, { file, paths, trees }), paths);
}
