import type { Additions } from '../cluster-spec/schema.ts';

export { debconfTypes } from '../cluster-spec/debconf-schema.ts';

/** An answer to a question that a package asks when it is installed (debconf-set-selections(1)). */
export type DebconfAnswer = Additions['debconf'][number];

/** Formats answers for debconf-set-selections; empty if there are none. */
export function debconfSelections(answers: readonly DebconfAnswer[]): string {
  return answers
    .map(({ package: name, question, type, value }) => `${name} ${question} ${type} ${value}\n`)
    .join('');
}
