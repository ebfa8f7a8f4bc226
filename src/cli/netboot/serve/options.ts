import { command, type InputOf } from '../../record/command-record.ts';
import { requiredValue } from '../../record/option.ts';
import { specArgument } from '../../shared/arguments.ts';
import { jsonOption } from '../../shared/options.ts';
import { netbootOptions } from '../options.ts';

/** `ingot netboot serve`: the servers of a lab. */
export const netbootServeCommand = command({
  name: 'netboot serve',
  task: 'run',
  summary: 'create that folder and serve it in a lab: DHCP, TFTP and HTTP on one interface, until Ctrl-C',
  arguments: { spec: specArgument },
  options: {
    interface: requiredValue('name', 'the network interface that has the address netboot.server'),
    ...netbootOptions,
    json: jsonOption('what machines do, one object per line,'),
  },
  examples: [{ line: 'ingot netboot serve cluster.yaml --interface eth1', does: 'until Ctrl-C' }],
});

export type NetbootServeInput = InputOf<typeof netbootServeCommand>;
