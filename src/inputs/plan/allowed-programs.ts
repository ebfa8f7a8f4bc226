import type { Additions } from '../cluster-spec/schema.ts';

/** A program that may keep its set-user-id or set-group-id bit, or its file capabilities, and why. */
export type AllowedProgram = Additions['setuid'][number];

/** The path of the list on a node. It contains the programs of the layers of images/ and those of the spec. */
export const allowedPrograms = '/usr/lib/ingot/setuid-allowed';

/** Returns the lines of the list in the format of setuid-allowed: the path, a tab, the reason. */
export function allowedLines(programs: readonly AllowedProgram[]): string {
  return programs.map(({ path, why }) => `${path}\t${why}\n`).join('');
}
