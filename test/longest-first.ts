import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// For files that run in parallel: a long one that begins late would run by itself at the end. test/run prints the
// times. Two of them boot two
// nodes each, clusterd and netboot, and do not begin one after the other: on a host that is too busy, the kernel of an
// emulated node misses its timer and panics.
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

/** The order of test files: those known to take longest, then the others in vitest's order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.sort((one, other) => place(one) - place(other));
  }
}
