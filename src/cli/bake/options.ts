import type { ArgumentRecord } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { flag, negatable, negatedFlag, readValue, value } from '../record/option.ts';
import { wholeNumber } from '../record/readers.ts';
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

const moreSpecs: ArgumentRecord<readonly string[]> = {
  takes: 'spec...',
  help: 'further clusters, baked at the same time; each has its store in OUT/CLUSTER',
  optional: true,
  from: (parsed) => (parsed ?? []) as readonly string[],
};

/** Why several specs are not possible with these options; undefined if they are, or there is one. */
function wrongSeveral(input: {
  readonly more: readonly string[];
  readonly fast: boolean;
  readonly explain: boolean;
}): string | undefined {
  if (input.more.length === 0) return undefined;
  const other = (['fast', 'explain'] as const).find((name) => input[name]);
  return other && `--${other} is for one spec`;
}

/** Why a fast bake is not possible with these options; undefined if it is, or none is wanted. */
function wrongFastUse(input: {
  readonly fast: boolean;
  readonly role: string | undefined;
  readonly release: boolean;
  readonly prepare: boolean;
  readonly explain: boolean;
  readonly sign: string | undefined;
  readonly signer: string | undefined;
}): string | undefined {
  if (!input.fast) return undefined;
  if (input.role === undefined) return '--fast bakes one role: name it with --role master or --role slave';
  const other = (['release', 'prepare', 'explain', 'sign', 'signer'] as const).find((name) =>
    Boolean(input[name]),
  );
  return other && `--fast and --${other} contradict each other: a development version is not for use`;
}

/** `ingot bake`: bakes, boots and publishes. */
export const bakeCommand = command({
  name: 'bake',
  task: 'bake',
  summary: 'build the images, boot them, run their checks and publish any that are not yet in the store',
  arguments: { spec: specArgument, more: moreSpecs },
  options: {
    out: outOption,
    role: roleOption,
    pool: poolOption,
    locked: flag('require a lock; do not create one, not even for an example'),
    offline: offlineOption,
    release: flag('use maximum compression (minutes slower, about 10 % smaller)'),
    fast: flag(
      'one role for a look: boot it once, by itself, and put it into OUT/dev instead of the store (needs --role)',
    ),
    processors: readValue(
      'number',
      'what all guests and programs of this call may take together (default for several specs: all that there are)',
      wholeNumber(1, 4096),
    ),
    memory: value(
      'size',
      'the same for memory, such as 16GiB (default for several specs: all that there is)',
    ),
    cache: negatable(cacheOption, 'run every stage and keep none'),
    cacheFrom: value('folder', 'also read stages from this cache, a folder or oci://…; it is not written'),
    cacheTo: value('folder', 'at the end, add the stages of this bake to this cache, a folder or oci://…'),
    prepare: flag('publish nothing and boot no image: only fill the cache, for another machine that bakes'),
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
    {
      line: 'ingot bake a.yaml b.yaml',
      does: 'two clusters, in out/NAME of each; what is the same is made once',
    },
    { line: 'ingot bake cluster.yaml --role slave', does: 'only the slave' },
    { line: 'ingot bake cluster.yaml --role slave --fast', does: 'a slave for a look, in out/dev/slave' },
    { line: 'ingot bake cluster.yaml --explain', does: 'what would run, and why' },
    { line: 'ingot bake cluster.yaml --release --sign release.pem', does: 'a signed release' },
  ],
  wrongUse: (input) =>
    input.quiet && input.verbose
      ? '--quiet and --verbose contradict each other'
      : (wrongFastUse(input) ?? wrongSeveral(input)),
});

export type BakeInput = InputOf<typeof bakeCommand>;
