import { channelNames } from '../../channel/channel-names.ts';
import { argument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { choice, flag } from '../record/option.ts';
import { jsonOption, keyOption, outOption, quietOption, roleOption } from '../shared/options.ts';

/** `ingot pull`: versions from a registry into the store. */
export const pullCommand = command({
  name: 'pull',
  task: 'ship',
  summary: 'bring versions from a registry into the store, and verify their signature and every file',
  arguments: { from: argument('from', 'e.g. oci://registry.example/ingot/demo:stable') },
  options: {
    key: keyOption,
    role: roleOption,
    channel: choice('channel', 'the versions that this channel names, by its signed pointer', channelNames),
    allowOlder: flag('let an older version become the latest of the store'),
    out: outOption,
    quiet: quietOption,
    json: jsonOption('what was pulled'),
  },
  examples: [
    {
      line: 'ingot pull oci://registry.example/ingot/demo:stable --key release.pub.pem --out /srv/ingot',
      does: 'both roles; the store stays as it is if anything is wrong',
    },
  ],
  wrongUse: ({ key, channel, from }) => {
    if (key === undefined) return 'name the public key that must have signed the versions: --key FILE';
    // The tag or digest would be ignored.
    return channel !== undefined && /\/[^/]*[:@][^/]*$/.test(from.replace(/^[a-z+]+:\/\/[^/]*/, ''))
      ? '--channel and a tag or digest contradict each other: name only oci://HOST/REPOSITORY'
      : undefined;
  },
});

export type PullInput = InputOf<typeof pullCommand>;
