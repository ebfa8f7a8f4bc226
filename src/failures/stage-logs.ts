import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailureNotes } from '../host/failure-notes.ts';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { consoleTail } from '../vm/guest-console.ts';
import type { LogKind } from './known-failure.ts';
import type { FailureText } from './recognise.ts';

/** The logs of each stage by the first title of its progress, in the order in which they are searched. */
const logsOfStage: Readonly<Record<string, readonly (readonly [RegExp, LogKind])[]>> = {
  compose: [[/^compose-.*\.log$/, 'compose']],
  bake: [
    [/^packer\.log$/, 'packer'],
    [/^console-(?:master|slave)\.log$/, 'console'],
  ],
  verify: [
    [/^qemu-verify-.*\.log$/, 'qemu'],
    [/^console-verify-.*\.log$/, 'console'],
  ],
  rehearse: [
    [/^qemu-.*\.log$/, 'qemu'],
    [/^console-.*\.log$/, 'console'],
    [/^journal-.*\.log$/, 'journal'],
  ],
};

/** Enough for what a program prints after its failure. */
const lines = 400;

/** The role that failed; undefined if both did, or neither is named. */
export function failedRole({ stages }: FailureNotes, message: string): Role | undefined {
  const found = allRoles.filter(
    (role) => stages.includes(role) || new RegExp(`^(?:composing )?${role}(?:-\\d+)?:`, 'm').test(message),
  );
  return found.length === 1 ? found[0] : undefined;
}

/**
 * Reads the end of the logs in which the failure of a stage may show itself.
 * @param role reads only the logs of this role and those of both
 */
export async function readStageLogs(notes: FailureNotes, role: Role | undefined): Promise<FailureText[]> {
  const { logs, stages } = notes;
  if (logs === undefined) return [];
  const present = (await readdir(logs).catch(() => [])).sort();
  const others = role === undefined ? [] : allRoles.filter((one) => one !== role);
  const wanted = (logsOfStage[stages[0] ?? ''] ?? []).flatMap(([pattern, kind]) =>
    present
      .filter((name) => pattern.test(name) && !others.some((other) => name.includes(`-${other}`)))
      .map((name) => ({ kind, name: join(logs, name) })),
  );
  return Promise.all(
    wanted.map(async ({ kind, name }) => ({ kind, name, lines: await consoleTail(name, lines) })),
  );
}
