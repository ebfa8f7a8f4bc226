import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command as Program, Option } from 'commander';
import type { Role } from '../../inputs/plan/plan.ts';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { poolOption, roleOption, seedKeyOption } from './shared-options.ts';

interface VerifyFlags {
  readonly key?: readonly string[];
  readonly boot?: true;
  readonly rehearsed?: readonly string[];
  readonly out: string;
  readonly firmware?: 'bios' | 'uefi' | 'other';
  readonly reproduce?: true;
  readonly role?: Role;
  readonly pool?: string;
  readonly offline?: true;
  readonly seedKey?: string;
  readonly json?: true;
}

type Flag = Exclude<keyof VerifyFlags, 'out'>;

/** `ingot verify`: proves the folders of versions, or boots what a store has of a spec, or bakes it again and compares. */
export function addVerify(program: Program, world: World, done: Done): void {
  const isFolder = (path: string): boolean =>
    statSync(resolve(world.cwd, path), { throwIfNoEntry: false })?.isDirectory() === true;
  program
    .command('verify')
    .description(
      'prove version folders by their signature and digests, without any network; of a spec: boot the published images again and ask them what a bake asks, or bake them again and compare',
    )
    .argument('<what...>', 'folders of versions, e.g. out/master/latest, or one cluster.yaml')
    .option(
      '--key <file>',
      'of folders: a public key, PEM, that may have signed; named several times, one of them is enough',
      (file: string, before?: readonly string[]) => [...(before ?? []), file],
    )
    .option(
      '--rehearsed <drills>',
      'of folders: demand signed statements next to them that say that these drills passed, by comma (exit 1 if there are none)',
      (text: string) => text.split(',').map((name) => name.trim()),
    )
    .option('--boot', 'of folders: boot their disks as well, and ask the nodes what their bake asked')
    .option(
      '--out <folder>',
      'the output store; with --boot: logs go there, and a slave alone finds its master',
      'out',
    )
    .addOption(
      new Option(
        '--firmware <firmware>',
        'how the nodes boot; other: not as the bake booted them (default: other for a spec, as the bake did with --boot)',
      ).choices(['bios', 'uefi', 'other']),
    )
    .option(
      '--reproduce',
      'of a spec: bake again from the lock and compare every byte with the store (exit 3 if any differs)',
    )
    .addOption(roleOption('with --reproduce: only this role'))
    .addOption(poolOption())
    .option('--offline', 'with --reproduce: take packages from the pool alone, never from the network')
    .addOption(seedKeyOption())
    .option('--json', 'with folders or --reproduce: print what was found as JSON')
    .action(async (what: readonly string[], options: VerifyFlags) => {
      const only = (flags: readonly Flag[], where: string): void => {
        const idle = flags.find((name) => options[name] !== undefined);
        if (idle !== undefined)
          program.error(`error: --${idle === 'seedKey' ? 'seed-key' : idle} is only for ${where}`);
      };
      const { out, role, firmware, key: keys } = options;
      const json = options.json === true;
      if (keys !== undefined || what.some(isFolder)) {
        only(['reproduce', 'role', 'pool', 'offline'], 'a spec');
        if (options.boot !== true) only(['firmware', 'seedKey'], 'nodes that boot: a spec, or --boot');
        const file = what.find((path) => !isFolder(path));
        if (file !== undefined)
          program.error(`error: ${file} is no folder; folders and a spec are verified apart`);
        if (keys === undefined)
          program.error('error: a version is verified with the key that must have signed it: --key FILE');
        const { verifyVersions } = await import('../commands/verify-versions.ts');
        done(
          await verifyVersions(world, {
            folders: what,
            keys,
            boot: options.boot === true,
            rehearsed: options.rehearsed,
            firmware,
            seedKey: options.seedKey,
            out,
            json,
          }),
        );
        return;
      }
      only(['boot', 'rehearsed'], 'the folders of versions');
      const [spec = '', more] = what;
      if (more !== undefined) program.error('error: one spec is verified at a time');
      if (options.reproduce === true) {
        const { reproduce } = await import('../commands/reproduce.ts');
        done(
          await reproduce(world, {
            spec,
            out,
            role,
            pool: options.pool,
            offline: options.offline === true,
            json,
          }),
        );
        return;
      }
      only(['role', 'pool', 'offline', 'json'], '--reproduce');
      const { verify } = await import('../commands/verify.ts');
      done(await verify(world, { spec, out, firmware: firmware ?? 'other', seedKey: options.seedKey }));
    });
}
