import { createHash } from 'node:crypto';
import type { Role } from '../../inputs/plan/plan.ts';

/** The stages of a bake, each after those that it may build on. */
export const stageNames = [
  'shared',
  'packages',
  'tree',
  'changes',
  'root',
  'artifacts',
  'verification',
] as const;
export type StageName = (typeof stageNames)[number];

/** All that goes into a stage: what it is ("package zookeeper", "file images/…", "stage tree master") → a digest or a short value. */
export type Inputs = Readonly<Record<string, string>>;

export interface Stage {
  readonly name: StageName;
  /** null for what the roles share. */
  readonly role: Role | null;
  readonly inputs: Inputs;
  /** SHA-256 over name, role and inputs, 64 hexadecimal digits. */
  readonly key: string;
}

/** The version of what a stage's files are; another one makes every key another. */
const format = 1;

/** A stage with its key, which depends on the inputs and not on their order. */
export function makeStage(name: StageName, role: Role | null, inputs: Inputs): Stage {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = createHash('sha256')
    .update(JSON.stringify([format, name, role, sorted]))
    .digest('hex');
  return { name, role, inputs: Object.fromEntries(sorted), key };
}

/** What people read: "shared", "tree master". */
export function stageTitle({ name, role }: Pick<Stage, 'name' | 'role'>): string {
  return role === null ? name : `${name} ${role}`;
}
