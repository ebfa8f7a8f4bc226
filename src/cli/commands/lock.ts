import { resolve } from 'node:path';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import type { Lock } from '../../inputs/lock/lock.ts';
import { changesBetween, changesTable, lockSizeText } from '../../inputs/lock/lock-diff.ts';
import { exportLock, importLock } from '../../inputs/lock-archive.ts';
import { lockFileOf, readLock, writeLock } from '../../inputs/lock-file-of.ts';
import { lockSpec } from '../../inputs/lock-spec.ts';
import { stalenessOf } from '../../inputs/lock-staleness.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { poolOf } from '../pool-of.ts';
import { withProgress } from '../progress/progress.ts';
import type { World } from '../world.ts';

export interface LockOptions {
  readonly spec: string;
  readonly check: boolean;
  readonly update: 'all' | readonly string[] | undefined;
  readonly export: string | undefined;
  readonly import: string | undefined;
  readonly pool: string | undefined;
  readonly quiet: boolean;
}

/** ingot lock: fixes every package of a spec and fills the pool; or looks whether the lock answers, or carries it. */
export async function lock(world: World, options: LockOptions): Promise<number> {
  const modes = [
    options.check,
    options.update !== undefined,
    options.export !== undefined,
    options.import !== undefined,
  ];
  if (modes.filter((mode) => mode).length > 1)
    throw new IngotError({
      code: 'wrong-input',
      message: 'only one of --check, --update, --export and --import at a time',
      hint: 'ingot lock --help says what each does',
    });
  if (options.check) return check(world, options.spec);
  if (options.import !== undefined) return takeIn(world, options, options.import);
  const made = await make(world, options);
  if (options.export !== undefined) {
    await exportLock(world.host, made, poolOf(world, options.pool), resolve(world.cwd, options.export));
    if (!options.quiet) world.err(`${options.export} holds the lock and its ${lockSizeText(made)}\n`);
  }
  return exitCodes.done;
}

async function check(world: World, spec: string): Promise<number> {
  const { plan } = await readPlan(world.host, spec);
  const found = await readLock(spec);
  const reasons =
    found === undefined ? [`${lockFileOf(spec)} is not there`] : await stalenessOf(found, plan, spec);
  for (const reason of reasons) world.out(`${reason}\n`);
  return reasons.length === 0 ? exitCodes.done : exitCodes.difference;
}

async function make(world: World, options: LockOptions): Promise<Lock> {
  const { plan, credentials } = await readPlan(world.host, options.spec);
  const first = (await readLock(options.spec)) === undefined;
  const result = await withProgress(
    { stream: world.stream, quiet: options.quiet, now: () => world.host.now() },
    (progress) =>
      progress.stage('lock', (stage) =>
        lockSpec(world.host, {
          plan,
          credentials,
          specFile: options.spec,
          pool: poolOf(world, options.pool),
          update: options.update,
          signal: world.signal,
          onLine: (line) => {
            stage.note(line);
          },
        }),
      ),
  );
  if (options.quiet) return result.lock;
  // Of a first lock everything is new, which is no news.
  if (result.changes.length > 0 && !first) world.err(changesTable(result.changes));
  const file = lockFileOf(options.spec);
  const state = !result.written
    ? 'answers'
    : result.changes.length === 0
      ? 'has the same packages'
      : 'is written';
  world.err(`${file} ${state}: ${lockSizeText(result.lock)}, ${result.fetched} files fetched\n`);
  return result.lock;
}

async function takeIn(world: World, options: LockOptions, file: string): Promise<number> {
  const before = await readLock(options.spec);
  const taken = await importLock(world.host, resolve(world.cwd, file), poolOf(world, options.pool));
  await writeLock(options.spec, taken);
  if (options.quiet) return exitCodes.done;
  const changes = before === undefined ? [] : changesBetween(before, taken);
  if (changes.length > 0) world.err(changesTable(changes));
  world.err(`${lockFileOf(options.spec)} and its ${lockSizeText(taken)} are here\n`);
  return exitCodes.done;
}
