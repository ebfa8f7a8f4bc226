import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Of those that run beside others: one that begins late and takes long would run alone at the end. test/run prints the times. Two of them have two
// nodes, clusterd and netboot, and do not begin one after the other: on a host that is too busy, the kernel of an emulated node misses its timer and panics.
const longest = [
  'updates.node',
  'clusterd.node',
  'wrong-input.node',
  'reproducible.node',
  'netboot.node',
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
