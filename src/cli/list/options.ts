import { command, type InputOf } from '../record/command-record.ts';
import { channelKeyOption, jsonOption, outOption, roleOption } from '../shared/options.ts';

/** `ingot list`: the versions of a store. */
export const listCommand = command({
  name: 'list',
  task: 'ship',
  summary:
    'list the versions of a store, and the channels that name them (exit 1 if a channel must not be used)',
  arguments: {},
  options: { out: outOption, role: roleOption, key: channelKeyOption, json: jsonOption('the list') },
  examples: [
    { line: 'ingot list', does: 'a table; signatures of channels are not checked' },
    { line: 'ingot list --key release.pub.pem', does: 'also verify the channels and the revocations' },
  ],
});

export type ListInput = InputOf<typeof listCommand>;
