import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { signOption } from './shared-options.ts';

interface NetbootFlags {
  readonly out: string;
  readonly into: string;
  readonly sign?: string;
}

interface ServeFlags extends NetbootFlags {
  readonly interface: string;
  readonly json?: true;
}

/** `ingot netboot` and `ingot netboot serve`: machines that boot over the network. */
export function addNetboot(program: Program, world: World, done: Done): void {
  const into = ['--into <folder>', 'the folder to make or renew', 'netboot'] as const;
  const out = ['--out <folder>', 'the output store', 'out'] as const;
  const netboot = program
    .command('netboot')
    .description(
      'make the folder from which machines boot over the network, with the configuration of its servers',
    )
    .argument('<spec>', 'cluster.yaml')
    .enablePositionalOptions()
    .option(...out)
    .option(...into)
    .addOption(signOption('sign the cluster seed'))
    .action(async (spec: string, options: NetbootFlags) => {
      const { netboot: make } = await import('../commands/netboot.ts');
      done(await make(world, { spec, ...options }));
    });
  netboot
    .command('serve')
    .description('make that folder and serve it in a lab: DHCP, TFTP and HTTP on one interface, until Ctrl-C')
    .argument('<spec>', 'cluster.yaml')
    .requiredOption('--interface <name>', 'the network interface that has the address netboot.server')
    .option(...out)
    .option(...into)
    .addOption(signOption('sign the cluster seed'))
    .option('--json', 'print what machines do as JSON, one object a line, on stdout')
    .action(async (spec: string, options: ServeFlags) => {
      const { serveNetboot } = await import('../commands/serve-netboot.ts');
      done(await serveNetboot(world, { spec, ...options, json: options.json === true }));
    });
}
