import { createHash } from 'node:crypto';
import type { Role } from '../../inputs/plan/plan.ts';

/**
 * All inputs of a stage: name ("package zookeeper", "file images/…", "stage tree master") → a digest or a short value.
 */
export type Inputs = Readonly<Record<string, string>>;

/** A stage of one bake, with its key. */
export interface KeyedStage {
  readonly name: string;
  /** null for what the roles share. */
  readonly role: Role | null;
  readonly inputs: Inputs;
  /** SHA-256 over name, role and inputs, 64 hexadecimal digits. */
  readonly key: string;
}

/** The form of a stage's name, which is also the name of a folder in the cache. */
export const stageName = /^[a-z][a-z-]*$/;

/** The version of the format of a stage's files; changing it changes every key. */
const format = 1;

/** Returns a stage with its key, which does not depend on the order of the inputs. */
export function keyStage(name: string, role: Role | null, inputs: Inputs): KeyedStage {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = createHash('sha256')
    .update(JSON.stringify([format, name, role, sorted]))
    .digest('hex');
  return { name, role, inputs: Object.fromEntries(sorted), key };
}

/** The title for display: "shared", "tree master". */
export function stageTitle({ name, role }: Pick<KeyedStage, 'name' | 'role'>): string {
  return role === null ? name : `${name} ${role}`;
}
