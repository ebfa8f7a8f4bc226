import { command, type InputOf } from '../record/command-record.ts';
import { flag, negatable, negatedFlag, value } from '../record/option.ts';
import { specArgument } from '../shared/arguments.ts';
import {
  cacheOption,
  jsonOption,
  offlineOption,
  outOption,
  poolOption,
  quietOption,
  roleOption,
  seedKeyOption,
  signerOption,
  signOption,
} from '../shared/options.ts';

/** `ingot bake`: bakes, boots and publishes. */
export const bakeCommand = command({
  name: 'bake',
  task: 'bake',
  summary: 'build the images, boot them, run their checks and publish any that are not yet in the store',
  arguments: { spec: specArgument },
  options: {
    out: outOption,
    role: roleOption,
    pool: poolOption,
    locked: flag('require a lock; do not create one, not even for an example'),
    offline: offlineOption,
    release: flag('use maximum compression (minutes slower, about 10 % smaller)'),
    cache: negatable(cacheOption, 'run every stage and keep none'),
    cacheFrom: value('folder', 'also read stages from this cache, a folder or oci://…; it is not written'),
    cacheTo: value('folder', 'at the end, add the stages of this bake to this cache, a folder or oci://…'),
    prepare: flag('boot and publish nothing: only fill the cache, for another machine that bakes'),
    sign: signOption('the versions'),
    signer: signerOption,
    seedKey: seedKeyOption,
    fastCheck: negatedFlag('read every input, also if none of them has changed since the last bake'),
    keepOnFailure: flag(
      'when a step or a check fails, keep the guests, for ingot shell and ingot console, until Ctrl-C or for an hour',
    ),
    explain: flag('bake nothing; print for every stage whether it would run, and why'),
    json: jsonOption('the result, or the explanation of --explain,'),
    quiet: quietOption,
    verbose: flag('print every line of every stage, one below the other, also on a terminal'),
  },
  examples: [
    { line: 'ingot bake cluster.yaml', does: 'both images, published in out/' },
    { line: 'ingot bake cluster.yaml --role slave', does: 'only the slave' },
    { line: 'ingot bake cluster.yaml --explain', does: 'what would run, and why' },
    { line: 'ingot bake cluster.yaml --release --sign release.pem', does: 'a signed release' },
  ],
  wrongUse: ({ quiet, verbose }) =>
    quiet && verbose ? '--quiet and --verbose contradict each other' : undefined,
});

export type BakeInput = InputOf<typeof bakeCommand>;
