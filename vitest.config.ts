import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    // A bake wants the whole machine.
    fileParallelism: name !== 'e2e' && name !== 'rehearsal',
    // Real programs on a machine that is busy with others: a second try tells its hiccup from our fault, and the report says who needed one.
    retry: name === 'integration' ? 1 : 0,
    ...(name === 'e2e' ? { globalSetup: ['test/e2e/store-folder.ts'] } : {}),
  },
});

// Unit tests touch nothing; integration tests run the real programs; end-to-end tests boot; rehearsals boot whole clusters.
export default defineConfig({
  test: {
    projects: [
      project('unit', 60_000),
      project('integration', 180_000),
      project('e2e', 1_200_000),
      project('rehearsal', 2_400_000),
    ],
  },
});
