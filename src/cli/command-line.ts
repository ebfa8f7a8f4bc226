import { Command as Program, CommanderError, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../errors/ingot-error.ts';
import type { Role } from '../plan/plan.ts';
import { toolVersion } from '../plan/tool-version.ts';
import type { World } from './world.ts';

interface LockFlags {
  readonly check?: true;
  readonly update?: true | string[];
  readonly export?: string;
  readonly import?: string;
  readonly pool?: string;
  readonly quiet?: true;
}

interface BakeFlags {
  readonly out: string;
  readonly role?: Role;
  readonly quiet?: true;
  readonly pool?: string;
  readonly offline?: true;
  readonly locked?: true;
  /** false: --no-cache. */
  readonly cache?: string | false;
  readonly cacheFrom?: string;
  readonly cacheTo?: string;
  readonly explain?: true;
  readonly json?: true;
}

interface GcFlags {
  readonly out: string;
  readonly cache?: string;
  readonly maxSize?: string;
  readonly keepVersions?: string;
  readonly dryRun?: true;
}

interface BenchFlags {
  readonly only?: string[];
  readonly runs?: number;
  readonly out: string;
  readonly page?: string;
  readonly bound: number;
  readonly list?: true;
  readonly quick?: true;
  readonly keep?: true;
  readonly json?: true;
}

/** A whole number from 1 up, as an option's value. */
function countOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 1 up.');
  return Number(text);
}

interface VerifyFlags {
  readonly out: string;
  readonly firmware: 'bios' | 'uefi' | 'other';
  readonly reproduce?: true;
  readonly role?: Role;
  readonly pool?: string;
  readonly offline?: true;
  readonly json?: true;
}

/** The command line: what there is to say, and which file does it. Bodies are imported when they run. */
function makeProgram(world: World, done: (exitCode: number) => void): Program {
  const program = new Program('ingot')
    .description(
      'Bakes the two golden images of a Mesosphere cluster, master and slave, from one cluster.yaml.',
    )
    .version(toolVersion)
    .showHelpAfterError('(ingot --help shows what there is)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: world.out, writeErr: world.err })
    .addHelpText(
      'after',
      [
        '',
        'Exit status: 0 done; 1 the work failed; 2 wrong use or wrong input; 3 done, and found a difference; 130 interrupted.',
        'Environment: INGOT_ACCEL is kvm or tcg to have that, not what is proven here; INGOT_POOL is the folder of the .debs; INGOT_CACHE is that of the stages, INGOT_CACHE_SIZE what it may take (20GiB).',
      ].join('\n'),
    );
  const pool = new Option(
    '--pool <folder>',
    'where the .debs are (default: INGOT_POOL, else ingot/pool in the cache folder of the user)',
  );
  const cache = new Option(
    '--cache <folder>',
    'where stages are kept (default: INGOT_CACHE, else ingot/stages in the cache folder of the user)',
  );
  const role = new Option('--role <role>', 'only this role').choices(['master', 'slave']);

  program
    .command('check')
    .description('say what would be baked, or every error of the spec')
    .argument('<spec>', 'cluster.yaml')
    .option('--json', 'print the plan as JSON')
    .action(async (spec: string, options: { json?: true }) => {
      const { check } = await import('./commands/check.ts');
      done(await check(world, { spec, json: options.json === true }));
    });

  program
    .command('schema')
    .description('print the JSON Schema of cluster.yaml, for editors')
    .action(async () => {
      const { schema } = await import('./commands/schema.ts');
      done(await schema(world));
    });

  program
    .command('render')
    .description('write everything that a bake generates from the spec, for reading and review')
    .argument('<spec>', 'cluster.yaml')
    .requiredOption('--out <folder>', 'where to write')
    .option('--diff', 'write nothing; show what would change in the folder (exit 3 if anything)')
    .action(async (spec: string, options: { out: string; diff?: true }) => {
      const { render } = await import('./commands/render.ts');
      done(await render(world, { spec, out: options.out, diff: options.diff === true }));
    });

  program
    .command('doctor')
    .description('look whether this host has what a bake needs')
    .action(async () => {
      const { doctor } = await import('./commands/doctor.ts');
      done(await doctor(world));
    });

  program
    .command('lock')
    .description('fix every package of both roles in a lock beside the spec, and fill the pool with them')
    .argument('<spec>', 'cluster.yaml')
    .option('--check', 'only say what the spec asks that the lock does not answer (exit 3 if anything)')
    .option('--update [packages...]', 'take the newest of all packages, or of these and what they force')
    .option('--export <file>', 'write the lock and all its files into one archive')
    .option(
      '--import <file>',
      'take the lock and its files from such an archive, beside the spec and into the pool',
    )
    .addOption(pool)
    .option('--quiet', 'print only errors')
    .action(async (spec: string, options: LockFlags) => {
      const { lock } = await import('./commands/lock.ts');
      done(
        await lock(world, {
          spec,
          check: options.check === true,
          update: options.update === true ? 'all' : options.update,
          export: options.export,
          import: options.import,
          pool: options.pool,
          quiet: options.quiet === true,
        }),
      );
    });

  program
    .command('bake')
    .description('bake, boot and publish the images')
    .argument('<spec>', 'cluster.yaml')
    .option('--out <folder>', 'the output store', 'out')
    .addOption(role)
    .addOption(pool)
    .option(
      '--locked',
      'bake from a lock that is there, as is the default, and make none for an example either',
    )
    .option('--offline', 'take packages from the pool alone, never from the network')
    .addOption(cache)
    .option('--no-cache', 'make every stage, and keep none')
    .option('--cache-from <folder>', 'take stages from this cache as well; it is not written')
    .option('--cache-to <folder>', 'give this cache, at the end, what it lacks of the stages of this bake')
    .option('--explain', 'bake nothing; say of every stage whether it would run, and why')
    .option('--json', 'with --explain: as JSON')
    .option('--quiet', 'print only the result and errors')
    .action(async (spec: string, options: BakeFlags) => {
      if (options.json === true && options.explain !== true)
        program.error('error: --json is only for --explain');
      const { bake } = await import('./commands/bake.ts');
      done(
        await bake(world, {
          spec,
          out: options.out,
          role: options.role,
          quiet: options.quiet === true,
          pool: options.pool,
          offline: options.offline === true,
          locked: options.locked === true,
          cache: options.cache,
          cacheFrom: options.cacheFrom,
          cacheTo: options.cacheTo,
          explain: options.explain === true,
          json: options.json === true,
        }),
      );
    });

  program
    .command('gc')
    .description('keep the cache of stages within its bound, and old versions out of the store')
    .addOption(cache)
    .option('--max-size <size>', 'what the cache may take (default: INGOT_CACHE_SIZE, else 20GiB)')
    .option(
      '--keep-versions <number>',
      'keep so many versions of each role in the store, and remove the others',
    )
    .option('--out <folder>', 'with --keep-versions: the output store', 'out')
    .option('--dry-run', 'remove nothing; say what would be freed')
    .action(async (options: GcFlags) => {
      const { gc } = await import('./commands/gc.ts');
      const { out, cache: folder, maxSize, keepVersions } = options;
      done(await gc(world, { out, cache: folder, maxSize, keepVersions, dryRun: options.dryRun === true }));
    });

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
    .addOption(new Option('--role <role>', 'with --reproduce: only this role').choices(['master', 'slave']))
    .addOption(pool)
    .option('--offline', 'with --reproduce: take packages from the pool alone, never from the network')
    .option('--json', 'with --reproduce: print what differs as JSON')
    .action(async (spec: string, options: VerifyFlags) => {
      const { out, role } = options;
      if (options.reproduce === true) {
        const { reproduce } = await import('./commands/reproduce.ts');
        const flags = { offline: options.offline === true, json: options.json === true };
        done(await reproduce(world, { spec, out, role, pool: options.pool, ...flags }));
        return;
      }
      const idle = (['role', 'pool', 'offline', 'json'] as const).find((name) => options[name] !== undefined);
      if (idle !== undefined) program.error(`error: --${idle} is only for --reproduce`);
      const { verify } = await import('./commands/verify.ts');
      done(await verify(world, { spec, out, firmware: options.firmware }));
    });

  program
    .command('bench')
    .description('measure ingot against what else there is, and keep the results')
    .argument('<spec>', 'cluster.yaml')
    .option('--only <lines...>', 'measure only these lines; the others keep their earlier results')
    .option('--runs <number>', 'measure each line so often (default: as often as the line says)', countOf)
    .option('--out <folder>', 'where the results are kept, and all that is made meanwhile', 'out/bench')
    .option('--page <file>', 'a Markdown page with the markers of the bench, which gets the table')
    .option('--bound <minutes>', 'the most that plain Packer or live-build may take', countOf, 45)
    .option('--quick', 'only the lines that take seconds')
    .option('--keep', 'keep the folder with the baked images, for a later --only')
    .option('--list', 'only say which lines there are')
    .option('--json', 'print the results as JSON')
    .action(async (spec: string, options: BenchFlags) => {
      const { bench } = await import('./commands/bench.ts');
      done(
        await bench(world, {
          spec,
          out: options.out,
          only: options.only,
          runs: options.runs,
          boundMinutes: options.bound,
          page: options.page,
          list: options.list === true,
          quick: options.quick === true,
          keep: options.keep === true,
          json: options.json === true,
        }),
      );
    });
  return program;
}

/**
 * Runs one command line.
 * @param args without the program's own name
 * @returns the exit status
 * @throws IngotError of the command
 */
export async function commandLine(world: World, args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = makeProgram(world, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed what was wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
    throw error;
  }
}
