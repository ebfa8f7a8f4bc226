import { channelNames } from '../../channel/channel-names.ts';
import { argument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { choice, flag, readValue, value, values, withFallback } from '../record/option.ts';
import { seconds, wholeNumber } from '../record/readers.ts';
import { allOption, channelKeyOption, jsonOption } from '../shared/options.ts';
import { oldDriftForm } from './old-form.ts';

/** `ingot drift`: how the nodes of a fleet differ from their golden image. */
export const driftCommand = command({
  name: 'drift',
  task: 'compare',
  summary:
    'report how nodes differ from their golden image; equal answers appear once (exit 3 if one differs)',
  arguments: {
    inventory: argument(
      'inventory',
      'the nodes: a list, or YAML with hosts, folders and URLs (docs/fleet.md)',
    ),
  },
  options: {
    out: value(
      'folder',
      'the output store, whose latest version of each role is golden (default: out, if it exists)',
    ),
    expect: values('version', 'the golden versions instead, e.g. slave/20261122-3f2a5b6c7d8e'),
    channel: choice(
      'channel',
      'the versions that this channel of the store names instead; needs --key',
      channelNames,
    ),
    key: channelKeyOption,
    seed: values(
      'file',
      'the user-data that nodes should run, one for each cluster (default: what most of them run)',
    ),
    last: flag('read what the timer of each node last reported, instead of checking again'),
    maxAge: withFallback(
      readValue('time', 'older answers are stale; seconds, or 15m, 2h, 1d', seconds),
      3600,
    ),
    parallel: withFallback(
      readValue('number', 'how many nodes are checked at once', wholeNumber(1, 1000)),
      32,
    ),
    timeout: withFallback(readValue('time', 'how long one node may take', seconds), 60),
    retries: withFallback(
      readValue('number', 'how often to try again to reach a node', wholeNumber(0, 10)),
      1,
    ),
    sshConfig: value('file', 'an ssh_config(5) to use instead of your own'),
    all: allOption('every node, group and drift, not only the first of them (JSON has all)'),
    json: jsonOption('the result'),
    html: value('file', 'also write one HTML file that loads nothing'),
    junit: value('file', 'also write JUnit XML, one test for each node'),
  },
  examples: [
    { line: 'ingot drift fleet.yaml', does: 'check all nodes over ssh' },
    { line: 'ingot drift fleet.yaml --last', does: 'read their last reports, which is quick' },
    { line: 'ingot drift fleet.yaml --expect slave/20261122-3f2a5b6c7d8e', does: 'against this version' },
  ],
  wrongUse: ({ channel, key }) =>
    channel !== undefined && key === undefined
      ? '--channel needs the public key that signed the channel: --key FILE'
      : undefined,
  oldForm: oldDriftForm,
});

export type DriftInput = InputOf<typeof driftCommand>;
