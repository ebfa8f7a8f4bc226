import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const minute = 60_000;

interface Kind {
  readonly include: string;
  readonly exclude?: readonly string[];
  readonly minutes: number;
  /** The number of test files that run at once. */
  readonly atOnce: number;
  readonly boots?: boolean;
  readonly retry?: number;
  readonly isolate?: boolean;
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
    isolate: kind.isolate ?? true,
    // It imports JSON without the attribute that Node.js requires.
    server: { deps: { inline: ['@actions/workflow-parser', '@actions/expressions'] } },
    ...(kind.boots === true ? { globalSetup: ['test/e2e/store-folder.ts'] } : {}),
  },
});

// Unit tests have no side effects; integration tests run the real programs; end-to-end tests boot; rehearsals boot
// whole clusters. `make test` runs the first four projects, `make test-all` all of them.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // They share their modules: to load them for each file took longer than the tests.
      project('unit', {
        include: 'test/unit/**/*.test.ts',
        minutes: 1,
        atOnce: availableParallelism(),
        isolate: false,
      }),
      project('integration', {
        include: 'test/integration/**/*.test.ts',
        minutes: 3,
        // They mostly wait: 350 s of tests took 90 s of processor time.
        atOnce: availableParallelism() + 1,
        // Real programs on a busy machine: a second try distinguishes a delay of the machine from a defect, and the
        // report names the tests that needed it.
        retry: 1,
      }),
      // A bake needs the whole machine.
      project('e2e', {
        include: 'test/e2e/*.test.ts',
        exclude: ['test/e2e/*.node.test.ts', 'test/e2e/*.nightly.test.ts'],
        minutes: 40,
        atOnce: 1,
        boots: true,
      }),
      // With three at once, five guests shared two processors, and machines did not become healthy within ten minutes.
      project('e2e-nodes', { include: 'test/e2e/*.node.test.ts', minutes: 40, atOnce: 2, boots: true }),
      // Slow tests that rarely fail: only in `make test-all`.
      project('nightly', { include: 'test/e2e/*.nightly.test.ts', minutes: 60, atOnce: 2, boots: true }),
      project('rehearsal', { include: 'test/rehearsal/*.test.ts', minutes: 80, atOnce: 1 }),
    ],
  },
});
