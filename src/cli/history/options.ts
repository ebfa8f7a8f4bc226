import { command, type InputOf } from '../record/command-record.ts';
import { flag, value } from '../record/option.ts';
import { jsonOption, outOption, poolOption } from '../shared/options.ts';

/** `ingot history`: sizes and times of all versions. */
export const historyCommand = command({
  name: 'history',
  task: 'compare',
  summary: 'show size, packages, bake time and boot time of all versions of a store',
  arguments: {},
  options: {
    out: outOption,
    html: value('file', 'also write one HTML file that loads nothing, with drawings'),
    reports: flag('write the HTML reports of all versions and rehearsals again'),
    pool: poolOption,
    json: jsonOption('the history'),
  },
  examples: [
    { line: 'ingot history', does: 'a table' },
    { line: 'ingot history --html history.html', does: 'drawings, with links to the reports' },
    {
      line: 'ingot history --reports',
      does: 'reports of versions that were baked before there were reports',
    },
  ],
});

export type HistoryInput = InputOf<typeof historyCommand>;
