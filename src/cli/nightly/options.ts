import { channelNames } from '../../channel/channel-names.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { choice, flag, negatable, value, values, withFallback } from '../record/option.ts';
import { specArgument } from '../shared/arguments.ts';
import { mastersOption, slavesOption } from '../shared/cluster-size.ts';
import {
  cacheOption,
  jsonOption,
  outOption,
  poolOption,
  quietOption,
  seedKeyOption,
  signerOption,
  signOption,
} from '../shared/options.ts';

/** `ingot nightly`: everything from the newest packages to a channel. */
export const nightlyCommand = command({
  name: 'nightly',
  task: 'ship',
  summary:
    'update the lock; if anything changed: bake, verify, rehearse, compare and publish to a channel; write reports',
  arguments: { spec: specArgument },
  options: {
    out: outOption,
    pool: poolOption,
    cache: negatable(cacheOption, 'run every stage and keep none'),
    cacheFrom: value('folder', 'also read stages from this cache; it is not written'),
    cacheTo: value('folder', 'at the end, add the stages of this bake to this cache'),
    sign: signOption('the versions and the statement about their rehearsal'),
    signer: signerOption,
    seedKey: seedKeyOption,
    channel: withFallback(
      choice('channel', 'the channel that points to the new versions', channelNames),
      'candidate',
    ),
    feed: values('path', 'vulnerabilities in OSV JSON or of the Debian security tracker; files or folders'),
    allowStandIns: flag('publish a version with stand-ins, which is not for production'),
    masters: mastersOption,
    slaves: slavesOption,
    json: jsonOption('the summary'),
    quiet: quietOption,
  },
  examples: [
    { line: 'ingot nightly cluster.yaml --sign release.pem', does: 'one night; a killed one continues' },
    {
      line: 'ingot nightly cluster.yaml --sign release.pem --slaves 1',
      does: 'with a rehearsal of fewer nodes',
    },
  ],
});

export type NightlyInput = InputOf<typeof nightlyCommand>;
