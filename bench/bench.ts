import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../src/inputs/plan/plan.ts';
import type { Templates } from '../src/render/templates.ts';
import { latestPath } from '../src/store/latest-version.ts';
import { type Accelerator, proveAccelerator } from '../src/vm/accelerator.ts';
import type { LineResult, Measured, Sample, Series, Target } from './result.ts';
import type { Workshop } from './workshop.ts';

/** One thing that the bench measures. */
export interface Line {
  readonly name: string;
  /** What is measured, and against what. */
  readonly title: string;
  readonly target?: Target;
  /** How often, unless --runs says otherwise. */
  readonly runs: number;
  /** Left out by --quick: it takes minutes. */
  readonly slow?: true;
  measure(bench: Bench, runs: number): Promise<Measured>;
}

export interface BenchOptions {
  readonly workshop: Workshop;
  readonly plan: Plan;
  readonly templates: Templates;
  /** A line that is on record, of this run of the bench or of an earlier one. */
  readonly recorded: (line: string) => LineResult | undefined;
  /** The most that one of the others may take. */
  readonly boundSeconds: number;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
}

/** What lines share: the cold bake, which most are compared with, and what it leaves. */
export class Bench {
  readonly workshop: Workshop;
  readonly plan: Plan;
  readonly templates: Templates;
  readonly boundSeconds: number;
  readonly #options: BenchOptions;
  #cold: Series | undefined;
  #accelerator: Promise<Accelerator> | undefined;

  constructor(options: BenchOptions) {
    this.workshop = options.workshop;
    this.plan = options.plan;
    this.templates = options.templates;
    this.boundSeconds = options.boundSeconds;
    this.#options = options;
  }

  /** A line that was measured before, by this run of the bench or an earlier one. */
  recorded(line: string): LineResult | undefined {
    return this.#options.recorded(line);
  }

  /** Proven once, with the kernel of the images. */
  accelerator(): Promise<Accelerator> {
    this.#accelerator ??= this.#prove();
    return this.#accelerator;
  }

  async #prove(): Promise<Accelerator> {
    const { workshop } = this;
    const { accelerator } = this.#options;
    if (accelerator === 'kvm' || accelerator === 'tcg') return accelerator;
    const kernels = (await workshop.debs(['shared'])).filter(({ name }) => /^linux-image-\d/.test(name));
    const folder = workshop.path('kernel');
    for (const { path } of kernels) await workshop.host.run('dpkg-deb', ['--extract', path, folder]);
    const boot = join(folder, 'boot');
    const names = existsSync(boot) ? await readdir(boot) : [];
    const kernel = join(boot, names.find((name) => name.startsWith('vmlinuz')) ?? 'vmlinuz');
    return (await proveAccelerator(workshop.host, kernel, workshop.path(), undefined)).accelerator;
  }

  /**
   * Bakes both roles with an empty cache, so often; the store "store" and the cache are left as the last one leaves
   * them.
   */
  async measureCold(runs: number): Promise<Series> {
    const { workshop } = this;
    const spec = await workshop.spec();
    await this.#proven();
    const samples: Sample[] = [];
    for (let run = 1; run <= runs; run += 1) {
      await rm(workshop.path('store'), { recursive: true, force: true });
      await rm(workshop.path('cache'), { recursive: true, force: true });
      const log = `cold-${run}.log`;
      samples.push((await workshop.bake({ spec, store: 'store', log, args: workshop.cached })).sample);
    }
    this.#cold = { label: 'cold bake, both roles', unit: 's', samples };
    return this.#cold;
  }

  /** Later bakes get the accelerator, so that none of them tests it again. */
  async #proven(): Promise<void> {
    this.workshop.useAccelerator(await this.accelerator());
  }

  /** The cold bake of this run of the bench, else of an earlier one on record, else one that is done now. */
  async cold(): Promise<Series> {
    return this.#cold ?? this.recorded('cold')?.series[0] ?? this.measureCold(1);
  }

  /** Name of a store with both images, and a cache that holds their stages. */
  async warmStore(): Promise<string> {
    await this.#proven();
    if (!existsSync(latestPath(this.workshop.path('store'), 'master'))) await this.measureCold(1);
    return 'store';
  }

  /** A series of as many runs of one thing; `run` counts from 1. */
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
