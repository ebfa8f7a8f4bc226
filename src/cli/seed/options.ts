import { command, type InputOf } from '../record/command-record.ts';
import { value } from '../record/option.ts';
import { specArgument } from '../shared/arguments.ts';
import { intoOption, jsonOption, signerOption, signOption } from '../shared/options.ts';

/** `ingot seed`: the configuration that all nodes of a cluster share. */
export const seedCommand = command({
  name: 'seed',
  task: 'run',
  summary: 'generate the cluster seed: the configuration that all nodes share',
  arguments: { spec: specArgument },
  options: {
    into: intoOption('seed'),
    sign: signOption('the seed'),
    signer: signerOption,
    url: value('url', 'where nodes find the folder on a web server, for the kernel argument of netboot'),
    json: jsonOption('the result'),
  },
  examples: [
    { line: 'ingot seed cluster.yaml', does: 'user-data for NoCloud and EC2, and seed.iso, in seed/' },
    { line: 'ingot seed cluster.yaml --sign seed.pem', does: 'signed, for images with seed.keys' },
  ],
});

export type SeedInput = InputOf<typeof seedCommand>;
