import { command, type InputOf } from '../record/command-record.ts';
import { specArgument } from '../shared/arguments.ts';
import { intoOption, jsonOption, outOption, signerOption, signOption } from '../shared/options.ts';

/** What `ingot netboot` and `ingot netboot serve` have in common. */
export const netbootOptions = {
  out: outOption,
  into: intoOption('netboot'),
  sign: signOption('the cluster seed'),
  signer: signerOption,
};

/** `ingot netboot`: the folder from which machines boot over the network. */
export const netbootCommand = command({
  name: 'netboot',
  task: 'run',
  summary:
    'create the folder from which machines boot over the network, and the configuration of its servers',
  arguments: { spec: specArgument },
  options: { ...netbootOptions, json: jsonOption('the result') },
  examples: [
    { line: 'ingot netboot cluster.yaml', does: 'the tree, dnsmasq.conf and nginx.conf in netboot/' },
    { line: 'ingot netboot serve cluster.yaml --interface eth1', does: 'serve it in a lab' },
  ],
});

export type NetbootInput = InputOf<typeof netbootCommand>;
