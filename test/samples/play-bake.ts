import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { withBakeProgress } from '../../src/cli/progress/bake-progress.ts';
import { playBake, rememberEarlierRun } from './played-bake.ts';

// A program for tests on terminals: plays a bake, and waits at a moment for a line on stdin.
// play-bake MOMENT CACHE [--verbose | --quiet]
const [moment = '', cache = '', flag] = process.argv.slice(2);
let now = 1_700_000_000_000;
await rememberEarlierRun(cache);
const lines = createInterface({ input: process.stdin });
const options = {
  stream: process.stderr,
  now: () => now,
  cache,
  verbose: flag === '--verbose',
  quiet: flag === '--quiet',
};
await withBakeProgress(options, (progress, watch) =>
  playBake(progress, {
    watch,
    pass: (seconds) => {
      now += seconds * 1000;
    },
    at: async (here) => {
      if (here === moment) await once(lines, 'line');
    },
  }),
);
lines.close();
process.stdout.write('the end\n');
