import { isReason } from '../../channel/reason.ts';
import { argument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { requiredValue } from '../record/option.ts';
import { channelKeyOption, jsonOption, outOption, signerOption, signOption } from '../shared/options.ts';

/** `ingot revoke`: a version that must not run any more. */
export const revokeCommand = command({
  name: 'revoke',
  task: 'ship',
  summary: 'revoke a version of a store: no channel accepts it, and ingot drift and nodes report it',
  arguments: { version: argument('version', 'a version of the store') },
  options: {
    why: requiredValue('text', 'the reason, in one line: it is shown to everybody who meets the version'),
    out: outOption,
    sign: signOption('the list of revoked versions'),
    signer: signerOption,
    key: channelKeyOption,
    json: jsonOption('the result'),
  },
  examples: [
    {
      line: 'ingot revoke 20261128-34df6ba5d428 --why CVE-2026-1234 --sign release.pem',
      does: 'add it to the signed list of the store',
    },
  ],
  wrongUse: ({ why }) =>
    isReason(why) ? undefined : '--why has to be one line of 1 to 500 characters without control characters',
});

export type RevokeInput = InputOf<typeof revokeCommand>;
