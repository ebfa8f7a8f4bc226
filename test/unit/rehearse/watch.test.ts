import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drillFailure } from '../../../src/rehearse/drill-failure.ts';
import { notYet } from '../../../src/rehearse/judge/not-yet.ts';
import type { NodeSample } from '../../../src/rehearse/node-sample.ts';
import { Watch } from '../../../src/rehearse/watch.ts';
import { healthySample, three, two } from '../../samples/node-samples.ts';
import { rejection } from '../../samples/temporary.ts';

const places = [...three, ...two];
const seed = three.map(({ address }) => address);
let stop: AbortController;
let watch: Watch;
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  stop = new AbortController();
  watch = new Watch({
    now: () => Date.now(),
    signal: stop.signal,
    nodes: () => places.map((place) => ({ place, seed })),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Advances the clock by this many seconds, with a sample of every node each second, and other samples of some. */
async function pass(
  seconds: number,
  changed: Readonly<Record<string, Partial<NodeSample>>> = {},
): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    places.forEach((place, index) => {
      watch.receive(
        place.name,
        healthySample(place, index === 0, { at: Date.now() / 1000, took: 0.1, ...changed[place.name] }),
      );
    });
  }
}
const health = { what: 'all nodes healthy', limitSeconds: 30, missing: notYet };

describe('waiting for a state of the nodes', () => {
  it('ends with the first samples that show it, and uses none from before', async () => {
    await pass(1);
    const waited = watch.until(health);
    await pass(2);
    expect(await waited).toBe(1_002_000);
  });

  it('starts again if it is interrupted before it has lasted long enough', async () => {
    const waited = watch.until({ ...health, holdSeconds: 3 });
    await pass(2);
    await pass(1, { 'slave-1': { agent: { registered: false, master: null } } });
    await pass(5);
    expect(await waited).toBe(1_004_000);
  });

  it('fails with what is missing if it takes too long', async () => {
    const waited = rejection(watch.until({ ...health, limitSeconds: 5 }));
    await pass(8, { 'slave-1': { agent: { registered: false, master: null } } });
    const error = await waited;
    expect(error.message).toBe('all nodes healthy: not within 5 s');
    expect(error.excerpt).toEqual(['no registered agent on slave-1 (for 5 s)']);
  });

  it('fails even if no node reports anything any more', async () => {
    const waited = rejection(watch.until({ ...health, limitSeconds: 5 }));
    await vi.advanceTimersByTimeAsync(8000);
    expect((await waited).excerpt).toEqual([
      'master-1 and master-2 and master-3 and slave-1 and slave-2 have not come up (for 6 s)',
    ]);
  });

  it('fails at once if a node violates a rule, unless it was for a moment', async () => {
    const waited = rejection(watch.until({ ...health, limitSeconds: 300 }));
    const wrong = { 'slave-2': { agentId: 'agent of slave-1', agent: { registered: false, master: null } } };
    await pass(3, wrong);
    await pass(2, { 'slave-2': { agent: { registered: false, master: null } } });
    await pass(7, wrong);
    expect((await waited).message).toBe('slave-1 and slave-2 have one agent id, agent of slave-1');
    expect(Date.now()).toBeLessThan(1_015_000);
  });

  it('does not count one sample as lasting, however long it is the newest', async () => {
    const waited = watch.until({ ...health, limitSeconds: 300 });
    const wrong = { 'slave-2': { agentId: 'agent of slave-1', agent: { registered: false, master: null } } };
    await pass(1, wrong);
    // No node is sampled for longer than a violation must last.
    await vi.advanceTimersByTimeAsync(12_000);
    await pass(2);
    expect(await waited).toBeGreaterThan(1_012_000);
  });

  it('accepts that a master leads for as long as its session with ZooKeeper may have expired without its knowledge, and no longer', async () => {
    const settled = watch.until({ ...health, limitSeconds: 100, missing: () => ['not yet'] });
    const outcome = rejection(settled);
    const alone = { 'master-1': { elections: { mesos: null, marathon: null } } };
    await pass(20, alone);
    await pass(10);
    await pass(29, alone);
    expect(() => {
      watch.check();
    }).not.toThrow();
    await pass(3, alone);
    expect((await outcome).message).toContain('master-1 leads only by its own report');
  });

  it('fails if a machine has ended', async () => {
    const waited = rejection(watch.until(health));
    watch.fail(drillFailure('QEMU of slave-1 ended by itself: SIGSEGV'));
    expect((await waited).message).toContain('SIGSEGV');
    expect((await rejection(watch.during(1))).message).toContain('SIGSEGV');
  });

  it('ends with an interruption', async () => {
    const waited = watch.until(health).catch((error: unknown) => error);
    stop.abort(new Error('interrupted'));
    expect(await waited).toEqual(new Error('interrupted'));
  });

  it('ignores a node without power', async () => {
    await pass(1);
    watch.forget('master-1');
    expect(watch.sampleOf('master-1')).toBeUndefined();
    expect(notYet(watch.view())).toEqual(['master-1 has not come up']);
  });

  it('reports the message of ssh about a node that it does not reach, until it answers', async () => {
    await pass(1);
    watch.forget('master-1', 'unix_listener: path too long');
    expect(notYet(watch.view())).toEqual([
      'master-1 has not come up',
      'master-1: unix_listener: path too long',
    ]);
    watch.forget('master-1');
    expect(notYet(watch.view())).toEqual(['master-1 has not come up']);
  });
});

describe('the history', () => {
  it('has the samples since a given time, by our clock', async () => {
    await pass(3);
    const since = Date.now();
    await pass(2);
    const samples = watch.samplesSince(since + 1);
    expect(samples).toHaveLength(10);
    expect(Math.min(...samples.map(({ to }) => to))).toBeGreaterThan(since);
  });
});
