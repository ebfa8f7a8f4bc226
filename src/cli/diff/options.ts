import { argument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { choice, withFallback } from '../record/option.ts';
import { allOption, outOption, poolOption } from '../shared/options.ts';

const formats = ['text', 'markdown', 'json', 'html'] as const;

/** `ingot diff`: how two versions, or two locks, differ. */
export const diffCommand = command({
  name: 'diff',
  task: 'compare',
  summary:
    'report how two versions differ: packages with their security fixes, files, configuration, units, kernel, sizes (exit 3 if they do)',
  arguments: {
    before: argument(
      'before',
      'a version: its folder, or its name in the store (slave/latest); or a lock file',
    ),
    after: argument('after', 'what it is compared with'),
  },
  options: {
    out: outOption,
    pool: poolOption,
    format: withFallback(
      choice('format', 'markdown: release notes; html: one file that loads nothing', formats),
      'text',
    ),
    all: allOption('every path, package size and CVE number, not only the first 20 (json has all)'),
  },
  examples: [
    { line: 'ingot diff slave/20261122-3f2a5b6c7d8e slave/latest', does: 'two versions of the store' },
    { line: 'ingot diff slave/20261122-3f2a5b6c7d8e slave/latest --format markdown', does: 'release notes' },
    { line: 'ingot diff old.lock.json cluster.lock.json', does: 'two locks' },
  ],
});

export type DiffInput = InputOf<typeof diffCommand>;
