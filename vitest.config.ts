import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const minute = 60_000;

interface Kind {
  readonly include: string;
  readonly exclude?: readonly string[];
  readonly minutes: number;
  /** How many files run at once. */
  readonly atOnce: number;
  readonly boots?: boolean;
  readonly retry?: number;
}

const project = (name: string, kind: Kind): TestProjectInlineConfiguration => ({
  test: {
    name,
    include: [kind.include],
    exclude: [...(kind.exclude ?? [])],
    testTimeout: kind.minutes * minute,
    hookTimeout: kind.minutes * minute,
    fileParallelism: kind.atOnce > 1,
    maxWorkers: kind.atOnce,
    retry: kind.retry ?? 0,
    ...(kind.boots === true ? { globalSetup: ['test/e2e/store-folder.ts'] } : {}),
  },
});

// Unit tests touch nothing; integration tests run the real programs; end-to-end tests boot; rehearsals boot whole clusters. `make test` runs the
// first four, `make test-all` every one.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', { include: 'test/unit/**/*.test.ts', minutes: 1, atOnce: availableParallelism() }),
      project('integration', {
        include: 'test/integration/**/*.test.ts',
        minutes: 3,
        // They wait for most of their time: of 350 s of tests, 90 s were spent by the processors.
        atOnce: availableParallelism() + 1,
        // Real programs on a machine that is busy with others: a second try tells its hiccup from our fault, and the report says who needed one.
        retry: 1,
      }),
      // A bake wants the whole machine.
      project('e2e', {
        include: 'test/e2e/*.test.ts',
        exclude: ['test/e2e/*.node.test.ts', 'test/e2e/*.nightly.test.ts'],
        minutes: 40,
        atOnce: 1,
        boots: true,
      }),
      // Three at once were five guests on two processors, and machines did not become healthy within their ten minutes.
      project('e2e-nodes', { include: 'test/e2e/*.node.test.ts', minutes: 40, atOnce: 2, boots: true }),
      // What takes long and rarely breaks: `make test-all` alone.
      project('nightly', { include: 'test/e2e/*.nightly.test.ts', minutes: 60, atOnce: 2, boots: true }),
      project('rehearsal', { include: 'test/rehearsal/*.test.ts', minutes: 80, atOnce: 1 }),
    ],
  },
});
