import { channelNames } from '../../channel/channel-names.ts';
import { severities } from '../../channel/feed/severity.ts';
import { argument, choiceArgument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { choice, flag, negatedFlag, readValue, value, values, withFallback } from '../record/option.ts';
import { commaNames, seconds, wholeNumber } from '../record/readers.ts';
import {
  channelKeyOption,
  jsonOption,
  outOption,
  rehearsedOption,
  signerOption,
  signOption,
} from '../shared/options.ts';

/** `ingot promote`: what a channel points to. */
export const promoteCommand = command({
  name: 'promote',
  task: 'ship',
  summary: 'let a channel point to versions of a store, if its policy allows them',
  arguments: {
    version: argument('version', 'a version, master=X,slave=Y, latest (of both roles), or a channel'),
    channel: choiceArgument('channel', 'the channel', channelNames),
  },
  options: {
    out: outOption,
    sign: signOption('the pointer'),
    signer: signerOption,
    key: channelKeyOption,
    valid: withFallback(
      readValue('time', 'how long the pointer is valid, up to 365d; sign it again before', seconds),
      30 * 86_400,
    ),
    rehearsed: rehearsedOption,
    feed: values('path', 'vulnerabilities in OSV JSON or of the Debian security tracker; files or folders'),
    maxSeverity: choice(
      'severity',
      'refuse a version with a graver vulnerability (default: medium)',
      severities,
    ),
    acceptCve: readValue('ids', 'vulnerabilities that you accept, separated by commas', commaNames),
    allowUnverified: flag('promote a version that no key of --key signed'),
    allowStandIns: flag('promote a version with stand-ins, which is not for production'),
    allowUnrehearsed: flag('promote a version to stable that no signed statement reports as rehearsed'),
    allowUncheckedCves: flag('promote a version to stable without a feed of vulnerabilities'),
    allowOlder: flag('go back to a version with an older lock'),
    wave: readValue(
      'number',
      'let only this share of an inventory have the versions, in percent',
      wholeNumber(1, 100),
    ),
    inventory: value('file', 'the nodes of the wave, with their roles (docs/fleet.md)'),
    storeUrl: value(
      'url',
      'move the nodes of the wave: the address of the store for them; else they are only listed',
    ),
    atOnce: readValue(
      'number',
      'how many slaves restart at once (default: a third, at most 10)',
      wholeNumber(1, 1000),
    ),
    drain: negatedFlag('restart slaves without waiting for their tasks to end'),
    settle: withFallback(
      readValue('time', 'how long a node may take to restart and to confirm its version', seconds),
      3600,
    ),
    sshConfig: value('file', 'an ssh_config(5) to use instead of your own'),
    json: jsonOption('the result'),
  },
  examples: [
    {
      line: 'ingot promote latest candidate --sign release.pem',
      does: 'both roles, the newest of the store',
    },
    {
      line: 'ingot promote candidate stable --sign release.pem --feed tracker.json',
      does: 'what candidate names, once it was rehearsed and has no grave vulnerability',
    },
    {
      line: 'ingot promote stable stable --sign release.pem --feed tracker.json',
      does: 'sign the pointer for another time',
    },
    {
      line: 'ingot promote candidate stable --sign release.pem --feed tracker.json --wave 10 --inventory fleet.yaml --store-url https://images.example.org',
      does: 'check the nodes of the earlier wave, then move every tenth node',
    },
  ],
  wrongUse: ({ valid, wave, inventory, storeUrl }) => {
    if (valid > 365 * 86_400)
      return '--valid may be 365d at most: a pointer that never expires can be frozen';
    if ((wave === undefined) !== (inventory === undefined)) return '--wave and --inventory belong together';
    if (storeUrl !== undefined && wave === undefined) return '--store-url is only for --wave';
    // It becomes a word of a command on the nodes.
    return storeUrl === undefined || /^https?:\/\/[A-Za-z0-9.:_~%/+-]+$/.test(storeUrl)
      ? undefined
      : '--store-url has to be an http or https address without a password, a query or a space';
  },
});

export type PromoteInput = InputOf<typeof promoteCommand>;
