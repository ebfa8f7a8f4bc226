import { maxNodesOfRole } from '../../rehearse/place.ts';
import { optionalArgument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { flag, negatedFlag, readValue, value } from '../record/option.ts';
import { commaNames, wholeNumber } from '../record/readers.ts';
import { mastersOption, slavesOption } from '../shared/cluster-size.ts';
import {
  jsonOption,
  outOption,
  seedKeyOption,
  signerOption,
  signStatementOption,
} from '../shared/options.ts';

/** `ingot rehearse`: a whole cluster of the latest images, and the drills that it has to pass. */
export const rehearseCommand = command({
  name: 'rehearse',
  task: 'test',
  summary: 'boot a whole cluster of the latest images on this machine, and run drills with it',
  arguments: { spec: optionalArgument('spec', 'the cluster.yaml') },
  options: {
    out: outOption,
    drills: readValue(
      'names',
      'only these drills, separated by commas; rise is always the first',
      commaNames,
    ),
    quick: flag('only the quick drills'),
    list: flag('print the drills and what each verifies, and do nothing else'),
    masters: mastersOption,
    slaves: slavesOption,
    keep: flag('keep the cluster running at the end until Ctrl-C, and print how to reach its nodes'),
    from: value(
      'versions',
      'boot these versions and upgrade the cluster: master=VERSION,slave=VERSION, or the folder of a store',
    ),
    to: value('versions', 'with --from: the versions to upgrade to, in the same form (default: latest)'),
    wave: readValue(
      'number',
      'with --from: how many slaves at a time (default: a third of them)',
      wholeNumber(1, maxNodesOfRole),
    ),
    drain: negatedFlag('with --from: restart slaves while tasks run on them'),
    fallBack: negatedFlag('with --from: skip the attempt with an unhealthy version'),
    sign: signStatementOption,
    signer: signerOption,
    seedKey: seedKeyOption,
    json: jsonOption('the result'),
  },
  examples: [
    { line: 'ingot rehearse cluster.yaml --quick', does: 'the quick drills' },
    { line: 'ingot rehearse cluster.yaml --drills task,kill-leader', does: 'rise, then these' },
    {
      line: 'ingot rehearse cluster.yaml --from slave=20261122-3f2a5b6c7d8e',
      does: 'an upgrade to the latest',
    },
    { line: 'ingot rehearse --list', does: 'all drills, and what each verifies' },
  ],
  details: async () => (await import('./text.ts')).drillsHelp(),
  wrongUse: ({ spec, list, quick, drills, from, to, wave, drain, fallBack }) => {
    if (list) return undefined;
    if (spec === undefined) return 'name the cluster.yaml whose images are rehearsed';
    if (quick && drills !== undefined) return '--quick and --drills both choose the drills: use one of them';
    if (from !== undefined)
      return drills !== undefined || quick
        ? 'an upgrade has its own drills: --drills and --quick cannot be used with --from'
        : undefined;
    if ((to ?? wave) !== undefined)
      return '--to and --wave are for an upgrade: name the old versions with --from';
    return drain && fallBack
      ? undefined
      : '--no-drain and --no-fall-back are for an upgrade: name the old versions with --from';
  },
});

export type RehearseInput = InputOf<typeof rehearseCommand>;
