import { describe, expect, test } from 'vitest';
import type { CachedStage } from '../../../src/bake/cache/entry.ts';
import { type KeyedStage, stageTitle } from '../../../src/bake/cache/keyed-stage.ts';
import { stageOf } from '../../../src/bake/keys/bake-stages.ts';
import type { RoleDescription } from '../../../src/bake/keys/stage-description.ts';
import { mustRun, runJointStage, type RunningBake, runStage } from '../../../src/bake/run-stage.ts';
import { StageTimes } from '../../../src/bake/stage-times.ts';
import type { JointStageDefinition, StageDefinition } from '../../../src/bake/stages/stage-definition.ts';
import { Budget } from '../../../src/host/budget.ts';
import type { ProgressStage } from '../../../src/host/progress-stage.ts';
import type { Role } from '../../../src/inputs/plan/plan.ts';
import { sampleMaterial, stagesOf } from '../../samples/stages.ts';

const stages = stagesOf(sampleMaterial);
const described: RoleDescription = { name: 'tree', after: [], programs: [], inputs: () => ({}) };

/** A bake whose cache has the trees of some roles; its events are recorded in order. */
function bakeWith(cached: readonly Role[], keeps = true, more: Partial<RunningBake['request']> = {}) {
  const events: string[] = [];
  const kept: Promise<void>[] = [];
  let now = 0;
  const host = { now: () => (now += 1000) };
  const restored = new Map(
    cached.map((role) => [stageOf(stages, 'tree', role), { folder: `/cache/${role}`, meta: null }] as const),
  );
  const keep = (stage: KeyedStage, made: CachedStage | Promise<CachedStage>): Promise<void> => {
    const entry = Promise.resolve(made).then(({ files, seconds }) => {
      events.push(`${stageTitle(stage)} is kept: ${Object.keys(files).join()}, made in ${seconds} s`);
    });
    kept.push(entry);
    return entry;
  };
  const verdicts = new Map(
    stages.all.map((stage) => [stage, restored.has(stage) ? 'cached' : 'runs'] as const),
  );
  const bake = {
    ...{
      host,
      stages,
      times: new StageTimes(host as never),
      request: { plan: sampleMaterial.plan, ...more },
    },
    ...{ taken: { restored, verdicts }, cache: { keeps, keep }, run: {} },
  } as unknown as RunningBake;
  const progress: ProgressStage = {
    note: (line) => events.push(`note ${line}`),
    stage: (title, work) => {
      events.push(`line ${title}`);
      return work(progress);
    },
    begin: () => ({ ...progress, end: () => undefined }),
  };
  const at = <R extends Role>(role: R) => ({ role, progress, signal: new AbortController().signal });
  return { bake, events, at, settled: () => Promise.all(kept) };
}

/** A stage whose output is a word; it records the requests. */
function sampleStage(events: string[], change: Partial<StageDefinition<string, string>> = {}) {
  const stage: StageDefinition<string, string> = {
    ...described,
    title: 'grow',
    make: (given, { progress }) => {
      progress.note(`made of ${given}`);
      return Promise.resolve(`a tree of ${given}`);
    },
    keep: (output) => {
      events.push('kept files are requested');
      return { files: { [output]: '/file' }, meta: null };
    },
    restore: ({ folder }) => `the tree in ${folder}`,
  };
  return { ...stage, ...change } as StageDefinition<string, string>;
}

describe('a stage', () => {
  test('that the cache has is taken: it is not made, and its inputs are never requested', async () => {
    const { bake, events, at } = bakeWith(['slave']);
    const stage = sampleStage(events, { line: 'trees' });
    const output = await runStage(bake, stage, at('slave'), () => {
      throw new Error('nobody may ask for it');
    });
    expect(output).toBe('the tree in /cache/slave');
    expect(events).toEqual([]);
    expect(bake.times.seconds).toEqual({});
    expect(mustRun(bake, stage, 'slave')).toBe(false);
    expect(mustRun(bake, stage, 'master')).toBe(true);
  });

  test('that the cache does not have is timed, made, shown on its line and given to the cache', async () => {
    const { bake, events, at, settled } = bakeWith([]);
    const stage = sampleStage(events, { line: 'trees' });
    expect(await runStage(bake, stage, at('slave'), () => 'seed')).toBe('a tree of seed');
    await settled();
    expect(events).toEqual([
      ...['line trees', 'note made of seed', 'kept files are requested'],
      'tree slave is kept: a tree of seed, made in 1 s',
    ]);
    expect(bake.times.seconds).toEqual({ 'grow slave': 1 });
  });

  test('writes nothing for a cache that does not exist', async () => {
    const { bake, events, at } = bakeWith([], false);
    await runStage(bake, sampleStage(events), at('slave'), () => 'seed');
    expect(events).toEqual(['note made of seed']);
  });

  test('is reported to other bakes as made when the cache has it, not before', async () => {
    const made: string[] = [];
    const turn = { made: (key: string) => made.push(`${key} after ${events.length} events`) };
    const { bake, events, at, settled } = bakeWith([], true, { turn: turn as never });
    await runStage(bake, sampleStage(events), at('slave'), () => 'seed');
    expect(made).toEqual([]);
    await settled();
    await new Promise((done) => setImmediate(done));
    expect(made).toEqual([`${stageOf(stages, 'tree', 'slave').key} after 3 events`]);
  });

  test('begins when its share of the host is free, and the wait is not part of its time', async () => {
    const budget = new Budget({ processors: 2, memoryMiB: 4096 });
    const { bake, events, at } = bakeWith([], true, { budget });
    let end = (): void => undefined;
    const { signal } = new AbortController();
    const other = budget.with(
      { processors: 1, memoryMiB: 1 },
      { signal },
      () => new Promise<void>((done) => (end = done)),
    );
    const stage = sampleStage(events, { takes: () => ({ processors: 2, memoryMiB: 1 }) });
    const waiting = runStage(bake, stage, at('slave'), () => 'seed');
    await new Promise((done) => setImmediate(done));
    expect(events).toEqual(['note grow slave waits for processors or memory']);
    for (let passed = 0; passed < 9; passed += 1) bake.host.now();
    end();
    await Promise.all([other, waiting]);
    expect(events).toContain('note made of seed');
    expect(bake.times.seconds).toEqual({ 'grow slave': 1 });
  });

  test('that fails is not kept, but its time counts', async () => {
    const { bake, events, at, settled } = bakeWith([]);
    const stage = sampleStage(events, { make: () => Promise.reject(new Error('no')) });
    await expect(runStage(bake, stage, at('slave'), () => 'seed')).rejects.toThrow('no');
    await settled();
    expect(events).toEqual([]);
    expect(bake.times.seconds).toEqual({ 'grow slave': 1 });
  });

  test.each([
    ['which the next stage changes is packed before the next stage begins', { keepFirst: true } as const, 0],
    ['is packed while the bake continues', {}, 1],
  ])('%s', async (_, change, open) => {
    const { bake, events, at, settled } = bakeWith([]);
    let packing = 0;
    const keep = async () => {
      packing += 1;
      await new Promise((done) => setImmediate(done));
      packing -= 1;
      return { files: {}, meta: null };
    };
    await runStage(bake, sampleStage(events, { keep, ...change }), at('slave'), () => 'seed');
    expect(packing).toBe(open);
    await settled();
    expect(packing).toBe(0);
  });
});

describe('a stage of several roles together', () => {
  const together = (events: string[]): JointStageDefinition<string, string> => ({
    ...described,
    title: 'grow all',
    makeTogether: (given) => {
      events.push(`made of ${given.join(' and ')}`);
      return Promise.resolve(given.map((one) => `a tree of ${one}`));
    },
    keep: (output) => ({ files: { [output]: '/file' }, meta: null }),
    restore: ({ folder }) => `the tree in ${folder}`,
  });

  test('is made once, and each role is kept under its own key', async () => {
    const { bake, events, at, settled } = bakeWith([]);
    const given = (role: Role) => `${role}'s seed`;
    const outputs = await runJointStage(bake, together(events), [at('master'), at('slave')], given);
    await settled();
    expect([...outputs.values()]).toEqual(["a tree of master's seed", "a tree of slave's seed"]);
    expect(events).toEqual([
      "made of master's seed and slave's seed",
      "tree master is kept: a tree of master's seed, made in 1 s",
      "tree slave is kept: a tree of slave's seed, made in 1 s",
    ]);
  });

  test('is made only for roles that the cache does not have, and not at all if it has all', async () => {
    const one = bakeWith(['master']);
    const outputs = await runJointStage(
      one.bake,
      together(one.events),
      [one.at('master'), one.at('slave')],
      (role) => role,
    );
    expect(outputs.get('master')).toBe('the tree in /cache/master');
    expect(one.events[0]).toBe('made of slave');
    const both = bakeWith(['master', 'slave']);
    await runJointStage(
      both.bake,
      together(both.events),
      [both.at('master'), both.at('slave')],
      (role) => role,
    );
    expect(both.events).toEqual([]);
  });
});
