import { command, type InputOf } from '../src/cli/record/command-record.ts';
import { flag, readValue, value, valueOr, withFallback } from '../src/cli/record/option.ts';
import { wholeNumber } from '../src/cli/record/readers.ts';
import { specArgument } from '../src/cli/shared/arguments.ts';
import { jsonOption } from '../src/cli/shared/options.ts';

const positive = wholeNumber(1, 999_999);

/** `make bench`, or `node dist/bench/main.js`: measuring. */
export const benchCommand = command({
  name: 'bench',
  task: 'look',
  summary: 'measure ingot, plain Packer, live-build and the theoretical minimum, and keep the results',
  arguments: { spec: specArgument },
  options: {
    only: {
      takes: '<lines...>',
      help: 'measure only these lines; the others keep their earlier results',
      from: (parsed: unknown) => parsed as readonly string[] | undefined,
    },
    runs: readValue('number', 'how often to measure each line (default: as the line says)', positive),
    out: valueOr('folder', 'where the results are kept, and all files made meanwhile', 'out/bench'),
    page: value('file', 'a Markdown page with the markers of the bench, which gets the table'),
    bound: withFallback(
      readValue('minutes', 'the most that plain Packer or live-build may take', positive),
      45,
    ),
    quick: flag('only the lines that take seconds'),
    keep: flag('keep the folder with the baked images, for a later --only'),
    list: flag('only print the lines'),
    json: jsonOption('the results'),
  },
  examples: [
    { line: 'node dist/bench/main.js examples/cluster.yaml --list', does: 'all lines' },
    { line: 'node dist/bench/main.js examples/cluster.yaml --quick', does: 'those that take seconds' },
  ],
});

export type BenchInput = InputOf<typeof benchCommand>;
