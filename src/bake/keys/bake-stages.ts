import type { Role } from '../../inputs/plan/plan.ts';
import type { KeyedStage } from '../cache/keyed-stage.ts';

/** All stages of a bake with their keys, known before anything runs. */
export interface BakeStages {
  /** The roles of the bake, the master first. */
  readonly roles: readonly Role[];
  /** Every stage once, each after the stages that it is built from. */
  readonly all: readonly KeyedStage[];
  /** Digest of everything that determines the rendered texts in the keys: if it is equal, so are the texts. */
  readonly rendering?: string;
}

/** The stages of a role in the order in which they run, the shared one first. */
export function stagesOfRole({ all }: BakeStages, role: Role): KeyedStage[] {
  return all.filter((stage) => stage.role === null || stage.role === role);
}

/**
 * Returns the stage with this name and role; for a shared stage the role is ignored.
 * @throws Error for a stage or role that the bake does not have
 */
export function stageOf({ all }: BakeStages, name: string, role: Role | null): KeyedStage {
  const found = all.find((stage) => stage.name === name && (stage.role === null || stage.role === role));
  if (found === undefined) throw new Error(`the bake has no stage ${name} ${role ?? ''}`);
  return found;
}
