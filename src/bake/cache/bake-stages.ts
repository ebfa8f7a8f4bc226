import type { Role } from '../../inputs/plan/plan.ts';
import { type Stage, type StageName, stageNames } from './stage.ts';

/** The stages of one role, without the one that the roles share. */
export type RoleStages = Readonly<Record<Exclude<StageName, 'shared'>, Stage>> & { readonly role: Role };

/** All stages of a bake, known before anything runs. */
export interface BakeStages {
  readonly shared: Stage;
  readonly roles: readonly RoleStages[];
  /** Digest of all that the texts of the keys are rendered of: where it is the same, so are they. */
  readonly rendering?: string;
}

/** The stages of a role in the order in which they run, the shared one first. */
export function stagesOfRole(stages: BakeStages, role: Role): Stage[] {
  const own = stages.roles.find((one) => one.role === role);
  if (own === undefined) throw new Error(`the bake has no role ${role}`);
  return stageNames.map((name) => (name === 'shared' ? stages.shared : own[name]));
}

/** Every stage of a bake once. */
export function allStages(stages: BakeStages): Stage[] {
  return [stages.shared, ...stages.roles.flatMap(({ role }) => stagesOfRole(stages, role).slice(1))];
}
