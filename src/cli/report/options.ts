import { optionalArgument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { requiredValue, value } from '../record/option.ts';
import { outOption } from '../shared/options.ts';

/** `ingot report`: an archive for a bug report. */
export const reportCommand = command({
  name: 'report',
  task: 'bake',
  summary:
    'write an archive for a bug report: spec, lock, versions, facts of this machine and logs, without secrets',
  arguments: { spec: optionalArgument('spec', 'the cluster.yaml; it and its lock are added') },
  options: {
    bundle: requiredValue('file', 'the archive to write (.tar.gz); an existing file is not replaced'),
    out: outOption,
    run: value(
      'name',
      'the run in OUT/runs whose logs are added (default: the newest that failed, else the newest)',
    ),
  },
  examples: [
    {
      line: 'ingot report cluster.yaml --bundle report.tar.gz',
      does: 'with the logs of the last failure in out/',
    },
  ],
});

export type ReportInput = InputOf<typeof reportCommand>;
