import { argument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { channelKeyOption, jsonOption, outOption, roleOption } from '../shared/options.ts';

/** `ingot show`: one version of a store. */
export const showCommand = command({
  name: 'show',
  task: 'ship',
  summary: 'show a version of a store: what it is, who signed it, rehearsals, channels, why it was revoked',
  arguments: { version: argument('version', 'a version of the store, a channel, or latest') },
  options: { out: outOption, role: roleOption, key: channelKeyOption, json: jsonOption('the version') },
  examples: [
    { line: 'ingot show 20261128-34df6ba5d428', does: 'its facts; no large file is read' },
    {
      line: 'ingot show stable --key release.pub.pem',
      does: 'what stable names, with every file and signature verified',
    },
  ],
});

export type ShowInput = InputOf<typeof showCommand>;
