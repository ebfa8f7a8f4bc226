import type { Role } from '../../inputs/plan/plan.ts';
import { type Inputs, type KeyedStage, keyStage, stageTitle } from '../cache/keyed-stage.ts';
import type { BakeStages } from './bake-stages.ts';
import type { StageDescription } from './stage-description.ts';
import type { StageMaterial } from './stage-material.ts';

/** Inputs that every stage has: ingot's code and the programs. */
function common(material: StageMaterial, { programs, writtenByNode }: StageDescription): Inputs {
  return {
    'code of ingot': material.code,
    ...(writtenByNode === true ? { 'program node': material.node } : {}),
    ...Object.fromEntries(
      programs.map((program) => [`program ${program}`, material.programs[program] ?? '(none)']),
    ),
  };
}

/**
 * Returns every stage of a bake with its key, computed only from the inputs: nothing is run or looked up. A stage's
 * inputs include the keys of the stages that it is built from, so a change reaches exactly the stages that depend on
 * it.
 * @param descriptions all stages, each after the stages that it is built from
 */
export function keyStages(descriptions: readonly StageDescription[], material: StageMaterial): BakeStages {
  const all: KeyedStage[] = [];
  const keyOf = ({ name, shared }: StageDescription, role: Role): Inputs => {
    const title = stageTitle({ name, role: shared === true ? null : role });
    const key = all.find((one) => stageTitle(one) === title)?.key;
    return { [`stage ${title}`]: key ?? material.storedMaster ?? '(none)' };
  };
  for (const stage of descriptions)
    if (stage.shared === true)
      all.push(keyStage(stage.name, null, { ...stage.inputs(material), ...common(material, stage) }));
  // The master first: a slave is tested with its disk.
  const plans = material.plan.roles
    .filter(({ role }) => material.roles.includes(role))
    .toSorted((a, b) => a.role.localeCompare(b.role));
  for (const plan of plans)
    for (const stage of descriptions) {
      if (stage.shared === true) continue;
      const { role } = plan;
      const keys = [
        ...stage.after.map((before) => keyOf(before, role)),
        ...(stage.afterMaster ?? []).map((before) => keyOf(before, 'master')),
      ];
      const inputs = { ...stage.inputs(material, plan), ...common(material, stage) };
      all.push(keyStage(stage.name, role, Object.assign({}, ...keys, inputs) as Inputs));
    }
  return { roles: plans.map(({ role }) => role), all };
}
