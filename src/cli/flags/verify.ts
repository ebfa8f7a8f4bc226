import { Option, type Command as Program } from 'commander';
import type { Role } from '../../plan/plan.ts';
import type { World } from '../world.ts';
import { poolOption, roleOption } from './shared-options.ts';
import type { Done } from './done.ts';

interface VerifyFlags {
  readonly out: string;
  readonly firmware: 'bios' | 'uefi' | 'other';
  readonly reproduce?: true;
  readonly role?: Role;
  readonly pool?: string;
  readonly offline?: true;
  readonly json?: true;
}

/** `ingot verify`: boots what is published, or bakes it again and compares. */
export function addVerify(program: Program, world: World, done: Done): void {
  program
    .command('verify')
    .description('boot published images again and ask them what a bake asks, or bake them again and compare')
    .argument('<spec>', 'cluster.yaml')
    .option('--out <folder>', 'the output store', 'out')
    .addOption(
      new Option('--firmware <firmware>', 'how the nodes boot; other: not as the bake booted them')
        .choices(['bios', 'uefi', 'other'])
        .default('other'),
    )
    .option(
      '--reproduce',
      'bake again from the lock and compare every byte with the store (exit 3 if any differs)',
    )
    .addOption(roleOption('with --reproduce: only this role'))
    .addOption(poolOption())
    .option('--offline', 'with --reproduce: take packages from the pool alone, never from the network')
    .option('--json', 'with --reproduce: print what differs as JSON')
    .action(async (spec: string, options: VerifyFlags) => {
      const { out, role } = options;
      if (options.reproduce === true) {
        const { reproduce } = await import('../commands/reproduce.ts');
        const flags = { offline: options.offline === true, json: options.json === true };
        done(await reproduce(world, { spec, out, role, pool: options.pool, ...flags }));
        return;
      }
      const idle = (['role', 'pool', 'offline', 'json'] as const).find((name) => options[name] !== undefined);
      if (idle !== undefined) program.error(`error: --${idle} is only for --reproduce`);
      const { verify } = await import('../commands/verify.ts');
      done(await verify(world, { spec, out, firmware: options.firmware }));
    });
}
