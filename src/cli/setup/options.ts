import { command, type InputOf } from '../record/command-record.ts';
import { flag } from '../record/option.ts';

/** `ingot setup`: the Debian packages of this host that a bake needs. */
export const setupCommand = command({
  name: 'setup',
  task: 'install',
  summary: 'install the Debian packages that a bake needs on this host; needs root and Debian 12',
  arguments: {},
  options: { dryRun: flag('install nothing; print the packages that are missing') },
  examples: [
    { line: 'ingot setup', does: 'install what is missing' },
    { line: 'ingot setup --dry-run', does: 'print what is missing' },
  ],
});

export type SetupInput = InputOf<typeof setupCommand>;
