import { command, type InputOf } from '../record/command-record.ts';
import { flag, readValue, value } from '../record/option.ts';
import { wholeNumber } from '../record/readers.ts';
import { cacheOption, jsonOption, outOption } from '../shared/options.ts';

/** `ingot gc`: bounds for the cache and the store. */
export const gcCommand = command({
  name: 'gc',
  task: 'bake',
  summary: 'remove the least recently used stages from the cache, and old versions from the store',
  arguments: {},
  options: {
    cache: cacheOption,
    maxSize: value('size', 'the maximum size of the cache (default: INGOT_CACHE_SIZE, else 20GiB)'),
    keepVersions: value('number', 'keep this many versions of each role in the store, and remove the others'),
    keepDays: readValue(
      'number',
      'remove only versions of the store that were published before so many days',
      wholeNumber(0, 36_500),
    ),
    dev: flag('remove the development versions of ingot bake --fast'),
    inventory: value('file', 'keep the versions that the nodes of this inventory hold (docs/fleet.md)'),
    sshConfig: value('file', 'an ssh_config(5) to use instead of your own'),
    out: outOption,
    dryRun: flag('remove nothing; print what would be freed'),
    json: jsonOption('the result'),
  },
  examples: [
    { line: 'ingot gc --max-size 10GiB', does: 'reduce the cache to 10 GiB' },
    { line: 'ingot gc --keep-versions 3 --dry-run', does: 'what would be freed if three versions stay' },
    {
      line: 'ingot gc --keep-versions 3 --keep-days 30 --inventory fleet.yaml',
      does: 'a version goes if it is older than 30 days, not of the newest 3, and nothing names it',
    },
  ],
  wrongUse: ({ inventory, keepVersions, keepDays }) =>
    inventory !== undefined && keepVersions === undefined && keepDays === undefined
      ? '--inventory needs --keep-versions or --keep-days: without them no version is removed'
      : undefined,
});

export type GcInput = InputOf<typeof gcCommand>;
