import { command, type InputOf } from '../src/cli/record/command-record.ts';
import { flag, readValue, value, valueOr, withFallback } from '../src/cli/record/option.ts';
import { wholeNumber } from '../src/cli/record/readers.ts';
import { specArgument } from '../src/cli/shared/arguments.ts';
import { jsonOption } from '../src/cli/shared/options.ts';

const positive = wholeNumber(1, 999_999);

/** The benchmark: `make bench`, or `node dist/bench/main.js`. */
export const benchCommand = command({
  name: 'bench',
  task: 'compare',
  summary: 'measure ingot, plain Packer, live-build and the theoretical minimum, and keep the results',
  arguments: { spec: specArgument },
  options: {
    only: {
      takes: '<lines...>',
      help: 'measure only these lines, separated by spaces or commas; the others keep their earlier results',
      from: (parsed: unknown) =>
        (parsed as readonly string[] | undefined)?.flatMap((one) =>
          one.split(',').filter((name) => name !== ''),
        ),
    },
    runs: readValue('number', 'the number of runs of each line (default: set by the line)', positive),
    out: valueOr('folder', 'the folder for the results and for temporary files', 'out/bench'),
    page: value('file', 'a Markdown page with the markers of the benchmark, into which the table is written'),
    bound: withFallback(
      readValue('minutes', 'the time limit for plain Packer and for live-build', positive),
      45,
    ),
    quick: flag('measure only the lines that take seconds'),
    keep: flag('keep the folder with the baked images, for a later --only'),
    list: flag('print the lines and measure nothing'),
    json: jsonOption('the results'),
  },
  examples: [
    { line: 'node dist/bench/main.js examples/cluster.yaml --list', does: 'list all lines' },
    {
      line: 'node dist/bench/main.js examples/cluster.yaml --quick',
      does: 'measure the lines that take seconds',
    },
  ],
});

export type BenchInput = InputOf<typeof benchCommand>;
