import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../src/inputs/plan/plan.ts';
import type { Templates } from '../src/render/templates.ts';
import { latestPath } from '../src/store/latest-version.ts';
import { type Accelerator, detectAccelerator } from '../src/vm/accelerator.ts';
import type { LineResult, Measured, Sample, Series, Target } from './result.ts';
import type { Workspace } from './workspace.ts';

/** One measurement of the benchmark, compared with others or with a target. */
export interface Line {
  readonly name: string;
  /** What is measured, and what it is compared with. */
  readonly title: string;
  readonly target?: Target;
  /** The number of runs, unless --runs sets another. */
  readonly runs: number;
  /** It takes minutes: --quick omits it. */
  readonly slow?: true;
  measure(bench: Bench, runs: number): Promise<Measured>;
}

export interface BenchOptions {
  readonly workspace: Workspace;
  readonly plan: Plan;
  readonly templates: Templates;
  /** The recorded result of a line, from this run of the benchmark or an earlier one. */
  readonly recorded: (line: string) => LineResult | undefined;
  /** The time limit for plain Packer and live-build. */
  readonly boundSeconds: number;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
}

/** What the lines share: the cold bake, which most are compared with, its store and its cache. */
export class Bench {
  readonly workspace: Workspace;
  readonly plan: Plan;
  readonly templates: Templates;
  readonly boundSeconds: number;
  readonly #options: BenchOptions;
  #cold: Series | undefined;
  #accelerator: Promise<Accelerator> | undefined;

  constructor(options: BenchOptions) {
    this.workspace = options.workspace;
    this.plan = options.plan;
    this.templates = options.templates;
    this.boundSeconds = options.boundSeconds;
    this.#options = options;
  }

  /** The recorded result of a line, from this run of the benchmark or an earlier one. */
  recorded(line: string): LineResult | undefined {
    return this.#options.recorded(line);
  }

  /** Detected once, with the kernel of the images. */
  accelerator(): Promise<Accelerator> {
    this.#accelerator ??= this.#detectAccelerator();
    return this.#accelerator;
  }

  async #detectAccelerator(): Promise<Accelerator> {
    const { workspace } = this;
    const { accelerator } = this.#options;
    if (accelerator === 'kvm' || accelerator === 'tcg') return accelerator;
    const kernels = (await workspace.debs(['shared'])).filter(({ name }) => /^linux-image-\d/.test(name));
    const folder = workspace.path('kernel');
    for (const { path } of kernels) await workspace.host.run('dpkg-deb', ['--extract', path, folder]);
    const boot = join(folder, 'boot');
    const names = existsSync(boot) ? await readdir(boot) : [];
    const kernel = join(boot, names.find((name) => name.startsWith('vmlinuz')) ?? 'vmlinuz');
    return (await detectAccelerator(workspace.host, kernel, workspace.path(), undefined)).accelerator;
  }

  /**
   * Bakes both roles with an empty cache, `runs` times. The store "store" and the cache keep the result of the last
   * bake.
   */
  async measureCold(runs: number): Promise<Series> {
    const { workspace } = this;
    const spec = await workspace.spec();
    await this.#fixAccelerator();
    const samples: Sample[] = [];
    for (let run = 1; run <= runs; run += 1) {
      await rm(workspace.path('store'), { recursive: true, force: true });
      await rm(workspace.path('cache'), { recursive: true, force: true });
      const log = `cold-${run}.log`;
      samples.push((await workspace.bake({ spec, store: 'store', log, args: workspace.cached })).sample);
    }
    this.#cold = { label: 'cold bake, both roles', unit: 's', samples };
    return this.#cold;
  }

  /** Passes the accelerator to later bakes, so that none of them tests it again. */
  async #fixAccelerator(): Promise<void> {
    this.workspace.useAccelerator(await this.accelerator());
  }

  /** The cold bake of this run of the benchmark, else the recorded one of an earlier run, else one that is done now. */
  async cold(): Promise<Series> {
    return this.#cold ?? this.recorded('cold')?.series[0] ?? this.measureCold(1);
  }

  /** The name of a store with both images, whose stages are in the cache. */
  async warmStore(): Promise<string> {
    await this.#fixAccelerator();
    if (!existsSync(latestPath(this.workspace.path('store'), 'master'))) await this.measureCold(1);
    return 'store';
  }

  /** Repeats a measurement `runs` times, or until it was cut off; `run` counts from 1. */
  async series(
    label: string,
    runs: number,
    once: (run: number) => Promise<{ readonly sample: Sample; readonly cutOff?: boolean }>,
  ): Promise<Series> {
    const samples: Sample[] = [];
    for (let run = 1; run <= runs; run += 1) {
      const { sample, cutOff } = await once(run);
      samples.push(sample);
      if (cutOff === true) return { label, unit: 's', samples, cutOff };
    }
    return { label, unit: 's', samples };
  }
}
