import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IngotError } from '../../../src/host/ingot-error.ts';
import type { Night } from '../../../src/nightly/night.ts';
import { nightsFolder, openNight, readNights } from '../../../src/nightly/night-folder.ts';
import { type NightStep, runSteps } from '../../../src/nightly/run-steps.ts';
import { playedStep } from '../../samples/nights.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-30T02:00:00Z');

/** A store in which nights run; each call of `night` is a process that opens and runs one. */
async function storeOfNights() {
  const out = await temporaryFolder();
  let now = start;
  const night = async (steps: readonly NightStep[], more: { signal?: AbortSignal; spec?: string } = {}) => {
    const spec = more.spec ?? '/srv/cluster.yaml';
    const { open, earlier } = await openNight({ out, cluster: 'demo', spec, now });
    return runSteps(open, {
      ...{ steps, earlier, onStep: () => undefined, now: () => now },
      signal: more.signal ?? new AbortController().signal,
    });
  };
  return {
    out,
    night,
    pass: (hours: number) => {
      now += hours * hour;
    },
    all: async (): Promise<Night[]> => (await readNights(out)).map((one) => one.night),
  };
}

/** A step that never ends as far as the record knows: as in a process that is killed in it. */
const killedIn = (name: NightStep['name']): NightStep => ({
  name,
  run: () => Promise.reject(new IngotError({ code: 'interrupted', message: 'SIGKILL' })),
});

test('a night that was killed continues: finished steps with the same inputs are not done again', async () => {
  const store = await storeOfNights();
  const ran: string[] = [];
  const steps = (last: NightStep) => [
    playedStep(ran, 'lock', {
      key: () => 'a',
      outcome: { says: ['317 packages'], facts: { lockSha256: 'f' } },
    }),
    playedStep(ran, 'bake'),
    playedStep(ran, 'rehearse', { key: ({ lockSha256 = '' }) => lockSha256 }),
    last,
  ];
  expect((await rejection(store.night(steps(killedIn('publish'))))).code).toBe('interrupted');
  expect((await store.all()).map(({ ended }) => ended)).toEqual([undefined]);
  ran.length = 0;
  const { open } = await store.night(steps(playedStep(ran, 'publish')));
  expect(ran).toEqual(['bake', 'publish']);
  expect(open.night.steps.map(({ name, result }) => `${name} ${result}`)).toEqual([
    ...['lock kept', 'bake done', 'rehearse kept', 'publish done'],
  ]);
  expect((await store.all()).map(({ result }) => result)).toEqual(['published']);
});

test('a night that is killed again before it reaches a finished step does not lose that step', async () => {
  const store = await storeOfNights();
  const ran: string[] = [];
  const rehearse = playedStep(ran, 'rehearse', { key: () => 'a' });
  await rejection(store.night([playedStep(ran, 'bake'), rehearse, killedIn('publish')]));
  await rejection(store.night([playedStep(ran, 'lock'), killedIn('bake'), rehearse]));
  ran.length = 0;
  await store.night([playedStep(ran, 'bake'), rehearse, playedStep(ran, 'publish')]);
  expect(ran).toEqual(['bake', 'publish']);
});

test('a step is done again when its inputs differ, or when what it left is gone', async () => {
  const store = await storeOfNights();
  const ran: string[] = [];
  const rehearse = (key: string, holds = true) =>
    playedStep(ran, 'rehearse', { key: () => key, holds: () => Promise.resolve(holds) });
  await store.night([rehearse('a')]);
  await store.night([rehearse('a')]);
  expect(ran).toEqual(['rehearse']);
  await store.night([rehearse('a', false)]);
  await store.night([rehearse('b')]);
  expect(ran).toHaveLength(3);
});

test('a failed step ends the night with its error; later steps do not run, and it is not kept', async () => {
  const store = await storeOfNights();
  const ran: string[] = [];
  const wrong = new IngotError({ code: 'node-failed', message: 'no leader', excerpt: ['m1'], hint: 'look' });
  const failing = playedStep(ran, 'rehearse', { key: () => 'a', run: () => Promise.reject(wrong) });
  const { open, error } = await store.night([playedStep(ran, 'bake'), failing, playedStep(ran, 'publish')]);
  expect(error).toBe(wrong);
  expect(ran).toEqual(['bake']);
  expect(open.night).toMatchObject({ result: 'failed', steps: [{ name: 'bake' }, { result: 'failed' }] });
  expect(open.night.steps[1]?.failure).toEqual({
    ...{ code: 'node-failed', message: 'no leader', excerpt: ['m1'], hint: 'look' },
  });
  await store.night([playedStep(ran, 'rehearse', { key: () => 'a' })]);
  expect(ran).toEqual(['bake', 'rehearse']);
});

test('an error that is a bug of ingot is recorded, and is the error of the night', async () => {
  const store = await storeOfNights();
  const { open, error } = await store.night([
    { name: 'bake', run: () => Promise.reject(new TypeError('x')) },
  ]);
  expect(error).toBeInstanceOf(TypeError);
  expect(open.night.steps[0]?.failure?.code).toBe('bug');
});

test('a night ends where a step finds that nothing changed', async () => {
  const store = await storeOfNights();
  const ran: string[] = [];
  const ends = playedStep(ran, 'changes', { outcome: { says: ['nothing changed'], ends: true } });
  const { open } = await store.night([ends, playedStep(ran, 'bake')]);
  expect(ran).toEqual(['changes']);
  expect(open.night).toMatchObject({ result: 'unchanged' });
  expect(open.night.ended).toBeDefined();
});

test('a killed night is not continued after 20 hours, or for another spec; it is marked as abandoned', async () => {
  const store = await storeOfNights();
  const ran: string[] = [];
  await rejection(store.night([killedIn('bake')]));
  store.pass(21);
  await rejection(store.night([killedIn('bake')]));
  store.pass(1);
  await store.night([playedStep(ran, 'bake')], { spec: '/srv/other.yaml' });
  expect((await store.all()).map(({ result }) => result)).toEqual(['abandoned', 'abandoned', 'published']);
});

test('a night does not begin a step after Ctrl-C', async () => {
  const store = await storeOfNights();
  const ran: string[] = [];
  const stop = new AbortController();
  const first: NightStep = {
    name: 'lock',
    run: () => {
      stop.abort(new IngotError({ code: 'interrupted', message: 'SIGINT' }));
      return Promise.resolve({ says: ['done'] });
    },
  };
  const error = await rejection(store.night([first, playedStep(ran, 'bake')], { signal: stop.signal }));
  expect(error.code).toBe('interrupted');
  expect(ran).toEqual([]);
  expect((await store.all())[0]?.steps.map(({ name }) => name)).toEqual(['lock']);
});

test.each(['', '{', '{"format": 2}'])(
  'a folder whose record is %j is not a night, and stays',
  async (text) => {
    const store = await storeOfNights();
    const folder = join(nightsFolder(store.out), '20261129T020000Z-abcdef');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'night.json'), text);
    await store.night([playedStep([], 'bake')]);
    expect(await store.all()).toHaveLength(1);
  },
);
