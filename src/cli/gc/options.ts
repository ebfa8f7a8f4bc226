import { command, type InputOf } from '../record/command-record.ts';
import { flag, value } from '../record/option.ts';
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
    out: outOption,
    dryRun: flag('remove nothing; print what would be freed'),
    json: jsonOption('the result'),
  },
  examples: [
    { line: 'ingot gc --max-size 10GiB', does: 'reduce the cache to 10 GiB' },
    { line: 'ingot gc --keep-versions 3 --dry-run', does: 'what would be freed if three versions stay' },
  ],
});

export type GcInput = InputOf<typeof gcCommand>;
