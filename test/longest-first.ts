import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Of those that run beside others: one that begins late and takes long would run alone at the end. test/run prints the times.
const longest = [
  'updates.node',
  'clusterd.node',
  'wrong-input.node',
  'netboot.node',
  'reproducible.node',
  'rehearsal.nightly',
];

const place = ({ moduleId }: TestSpecification): number => {
  const found = longest.indexOf(basename(moduleId, '.test.ts'));
  return found === -1 ? longest.length : found;
};

/** The order of test files: those that are known to take longest, and the others as vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.sort((one, other) => place(one) - place(other));
  }
}
