import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectFolder } from '../../host/project-folder.ts';
import { pathFacts } from '../../inputs/path-facts.ts';
import { pathGlob } from '../../inputs/plan/path-glob.ts';
import type { Plan, RolePlan } from '../../inputs/plan/plan.ts';
import { parseYaml } from '../../inputs/yaml/parse-yaml.ts';
import { type KeepReason, unitPrograms } from './leave-out.ts';

const schema = z.array(z.strictObject({ path: z.string().regex(/^\/\S+$/), why: z.string().min(1) }));

/**
 * Returns which paths of a role's packages an image must keep: images/needed.yaml and protected.yaml, the files of
 * images/, and the programs of enabled units.
 * @param tree absolute path of the tree of its packages
 * @throws IngotError wrong-images if images/ has errors
 */
export async function neededPaths(plan: Plan, role: RolePlan, tree: string): Promise<KeepReason> {
  const text = await readFile(join(projectFolder, 'images/needed.yaml'), 'utf8');
  const rules = parseYaml({
    code: 'wrong-images',
    ...{ text, fileName: 'images/needed.yaml', schema, empty: { value: [] } },
    hint: 'An entry has path and why.',
  }).map(({ path, why }) => ({ matches: pathGlob(path), why }));
  const ofRole = (await pathFacts(plan)).find((one) => one.role === role.role);
  const programs = await unitPrograms(tree, role.unitsOn);
  return (path) => {
    const rule = rules.find(({ matches }) => matches(path));
    if (rule !== undefined) return `which a node needs: ${rule.why}`;
    const file = ofRole?.files.get(path);
    if (file !== undefined) return `which is ${file}`;
    const unit = programs.get(path);
    if (unit !== undefined) return `which ${unit} starts`;
    const fact = ofRole?.facts.find(({ matches }) => matches(path));
    return fact === undefined ? undefined : `which ${fact.why(path)}`;
  };
}
