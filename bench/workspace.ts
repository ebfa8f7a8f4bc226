import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Host } from '../src/host/host.ts';
import { type Lock, packagesOf } from '../src/inputs/lock/lock.ts';
import { parseLock } from '../src/inputs/lock/lock-file.ts';
import { poolFiles } from '../src/inputs/lock/wanted-files.ts';
import { addToPool, isPooled, pooledPath } from '../src/inputs/pool/pool.ts';
import { type SpecAddition, specVariant } from './spec-variant.ts';
import { type Timed, timeProgram } from './time-program.ts';

export interface WorkspaceOptions {
  /** Absolute path: the folder for a copy of ingot and for the benchmark's own pool, cache and stores. */
  readonly folder: string;
  /** Absolute. */
  readonly specFile: string;
  /** Absolute path of ingot's own folder. */
  readonly project: string;
  /** Absolute path of the pool from which existing .debs are copied; nothing is written to it. */
  readonly userPool: string;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** The options of one bake of the benchmark. */
export interface BakeRun {
  /** Absolute path of a spec of the workspace; see spec(). */
  readonly spec: string;
  /** The name of a store of the workspace. */
  readonly store: string;
  readonly log: string;
  readonly args?: readonly string[];
}

/**
 * The folder of a benchmark: a copy of ingot, which edits of the source do not change during a measurement, and the
 * benchmark's own pool, cache and stores.
 */
export class Workspace {
  readonly #host: Host;
  readonly #options: WorkspaceOptions;
  #opened: Promise<void> | undefined;
  #spec: Promise<string> | undefined;
  #accelerator: string | undefined;

  constructor(host: Host, options: WorkspaceOptions) {
    this.#host = host;
    this.#options = options;
    this.#accelerator = options.accelerator;
  }

  get host(): Host {
    return this.#host;
  }
  get signal(): AbortSignal {
    return this.#options.signal;
  }
  get say(): (line: string) => void {
    return this.#options.say;
  }

  /** Sets INGOT_ACCEL for all later bakes. */
  useAccelerator(accelerator: string): void {
    this.#accelerator = accelerator;
  }

  path(...names: readonly string[]): string {
    return join(this.#options.folder, ...names);
  }

  /** Absolute path of the copy of ingot, which is made at the first call. */
  async ingot(): Promise<string> {
    this.#opened ??= this.#open();
    await this.#opened;
    return this.path('ingot');
  }

  async #open(): Promise<void> {
    const { project } = this.#options;
    const copy = this.path('ingot');
    await mkdir(this.path('logs'), { recursive: true });
    if (existsSync(copy)) return;
    // Links in images/ stay links, but the folders themselves may be links that have to be resolved.
    for (const name of ['bin', 'dist', 'images', 'node-tools', 'templates', 'examples/fleet', 'package.json'])
      await cp(await realpath(join(project, name)), join(copy, name), {
        recursive: true,
        preserveTimestamps: true,
        verbatimSymlinks: true,
      });
    await symlink(await realpath(join(project, 'node_modules')), join(copy, 'node_modules'));
  }

  /** Runs the copy of ingot and times it. */
  async timeIngot(
    args: readonly string[],
    log?: string,
    boundSeconds?: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Timed> {
    const ingot = join(await this.ingot(), 'bin', 'ingot');
    const accelerator = this.#accelerator;
    return this.time(process.execPath, [ingot, ...args], {
      env: {
        XDG_CACHE_HOME: this.path('user-cache'),
        ...(accelerator === undefined ? {} : { INGOT_ACCEL: accelerator }),
        ...env,
      },
      ...(log === undefined ? {} : { log: this.path('logs', log) }),
      ...(boundSeconds === undefined ? {} : { boundSeconds }),
    });
  }

  async time(
    program: string,
    args: readonly string[],
    options: { env?: Record<string, string>; cwd?: string; log?: string; boundSeconds?: number } = {},
  ): Promise<Timed> {
    await this.ingot();
    const { folder, signal } = this.#options;
    return timeProgram(this.#host, { program, args, ...options, signal, workFolder: folder });
  }

  /** Absolute path of a locked copy of the user's spec, whose packages are in the benchmark's pool. */
  async spec(): Promise<string> {
    this.#spec ??= this.#lockedSpec();
    return this.#spec;
  }

  async #lockedSpec(): Promise<string> {
    const { specFile, userPool } = this.#options;
    await this.ingot();
    const spec = await this.#write('spec', {});
    const userLock = lockOf(specFile);
    if (!existsSync(lockOf(spec)) && existsSync(userLock)) await cp(userLock, lockOf(spec));
    // Packages in the user's pool are not fetched again.
    if (existsSync(lockOf(spec)))
      for (const file of poolFiles(await this.lock(spec)))
        if ((await isPooled(userPool, file)) && !(await isPooled(this.path('pool'), file)))
          await addToPool(this.path('pool'), pooledPath(userPool, file.sha256), file, 'copy');
    await this.timeIngot(['lock', spec, '--pool', this.path('pool')], 'lock.log');
    return spec;
  }

  /**
   * Absolute path of a copy of the user's spec with an addition. It has the lock of spec(), or a new lock if packages
   * are
   * added.
   */
  async variant(name: string, more: SpecAddition): Promise<string> {
    const base = await this.spec();
    const spec = await this.#write(name, more);
    await cp(lockOf(base), lockOf(spec));
    if (more.packages !== undefined)
      await this.timeIngot(['lock', spec, '--pool', this.path('pool')], `lock-${name}.log`);
    return spec;
  }

  async #write(name: string, more: SpecAddition): Promise<string> {
    const { specFile } = this.#options;
    const spec = this.path(name, 'cluster.yaml');
    await mkdir(dirname(spec), { recursive: true });
    await writeFile(spec, specVariant(await readFile(specFile, 'utf8'), dirname(resolve(specFile)), more));
    return spec;
  }

  async lock(spec: string): Promise<Lock> {
    return parseLock(await readFile(lockOf(spec), 'utf8'), lockOf(spec));
  }

  /**
   * Of each locked package of some groups: its path in the pool, its file name in a mirror (without the epoch), its
   * name.
   */
  async debs(
    groups: Parameters<typeof packagesOf>[1],
  ): Promise<{ path: string; file: string; name: string }[]> {
    return packagesOf(await this.lock(await this.spec()), groups).map(
      ({ sha256, name, version, architecture }) => ({
        path: pooledPath(this.path('pool'), sha256),
        file: `${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`,
        name,
      }),
    );
  }

  /** Times a bake; all packages are in the pool. */
  async bake({ spec, store, log, args = [] }: BakeRun): Promise<Timed> {
    const folders = ['--out', this.path(store), '--pool', this.path('pool')];
    return this.timeIngot(['bake', spec, ...folders, '--offline', ...args], log);
  }

  /** Arguments of a bake that uses the cache of the workspace. */
  get cached(): string[] {
    return ['--cache', this.path('cache')];
  }

  async close(): Promise<void> {
    await rm(this.#options.folder, { recursive: true, force: true });
  }
}

const lockOf = (spec: string): string => `${spec.replace(/\.ya?ml$/, '')}.lock.json`;
