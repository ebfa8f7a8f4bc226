import { createHash } from 'node:crypto';
import type { Role } from '../../inputs/plan/plan.ts';

/** All that goes into a stage: what it is ("package zookeeper", "file images/…", "stage tree master") → a digest or a short value. */
export type Inputs = Readonly<Record<string, string>>;

/** A stage of one bake, by its key. */
export interface KeyedStage {
  readonly name: string;
  /** null for what the roles share. */
  readonly role: Role | null;
  readonly inputs: Inputs;
  /** SHA-256 over name, role and inputs, 64 hexadecimal digits. */
  readonly key: string;
}

/** What the name of a stage looks like: it is the name of a folder of the cache. */
export const stageName = /^[a-z][a-z-]*$/;

/** The version of what a stage's files are; another one makes every key another. */
const format = 1;

/** A stage with its key, which depends on the inputs and not on their order. */
export function keyStage(name: string, role: Role | null, inputs: Inputs): KeyedStage {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = createHash('sha256')
    .update(JSON.stringify([format, name, role, sorted]))
    .digest('hex');
  return { name, role, inputs: Object.fromEntries(sorted), key };
}

/** What people read: "shared", "tree master". */
export function stageTitle({ name, role }: Pick<KeyedStage, 'name' | 'role'>): string {
  return role === null ? name : `${name} ${role}`;
}
