import { describe, expect, test } from 'vitest';
import { waveProblems } from '../../../src/wave/check-nodes.ts';
import { moveNodes } from '../../../src/wave/move-nodes.ts';
import { sampleRootHash, sampleVersion } from '../../samples/fleet.ts';
import { ModelFleet, oldVersion, storeAddress } from '../../samples/model-fleet.ts';
import { rejection } from '../../samples/temporary.ts';

const named = { version: sampleVersion, rootHash: sampleRootHash };
const versions = { master: named, slave: named };
const move = (fleet: ModelFleet, more: { drain?: boolean; atOnce?: number } = {}) =>
  moveNodes(
    {
      ...{ nodes: fleet.inventory, inventory: fleet.inventory, versions, from: storeAddress },
      ...{ atOnce: 2, drain: true, ...more },
    },
    fleet.tools,
  );

describe('a wave', () => {
  test('moves masters one at a time, the leading one last, then drained slaves in groups', async () => {
    const fleet = new ModelFleet(3, 3);
    await move(fleet);
    expect(fleet.done).toEqual([
      ...['fetch m2', 'restart m2', 'fetch m3', 'restart m3', 'fetch m1', 'restart m1'],
      ...['fetch s1', 'fetch s2', 'drain s1 s2', 'restart s1', 'restart s2', 'end s1 s2'],
      ...['fetch s3', 'drain s3', 'restart s3', 'end s3'],
    ]);
    expect(fleet.nodes.map(({ version }) => version)).toEqual(fleet.nodes.map(() => sampleVersion));
    expect(fleet.nodes.some(({ drained }) => drained)).toBe(false);
  });

  test('changes no node that has the version already, so that it goes on after an interruption', async () => {
    const fleet = new ModelFleet(1, 2);
    for (const name of ['m1', 's1']) fleet.named(name).version = sampleVersion;
    await move(fleet);
    expect(fleet.done).toEqual(['fetch s2', 'drain s2', 'restart s2', 'end s2']);
  });

  test('stops at the first node that goes back to its old version, with its reason; no other node is touched', async () => {
    const fleet = new ModelFleet(1, 4);
    fleet.named('s1').fallsBack = true;
    const error = await rejection(move(fleet, { atOnce: 1 }));
    expect(error).toMatchObject({ code: 'wave-stopped', exitCode: 1 });
    expect(error.message).toContain(`s1 did not become healthy with ${sampleVersion}`);
    expect(error.excerpt).toEqual(['docker.service has failed']);
    expect(['s2', 's3', 's4'].map((name) => fleet.named(name).version)).toEqual(Array(3).fill(oldVersion));
    // It may run tasks again with the version that it has.
    expect(fleet.named('s1').drained).toBe(false);
    // Running it again does not force the version on the node.
    expect((await rejection(move(fleet, { atOnce: 1 }))).message).toContain('s1: ingot-update');
  });

  test('stops if a master is not healthy after its restart: the next master still serves', async () => {
    const fleet = new ModelFleet(3, 1);
    fleet.named('m2').healthy = false;
    const error = await rejection(move(fleet));
    expect(error.excerpt.join('\n')).toContain('m2 is not healthy: unit: docker.service has failed');
    expect(fleet.done).toEqual(['fetch m2', 'restart m2']);
  });

  test('stops if a slave drifts after its restart', async () => {
    const fleet = new ModelFleet(1, 2);
    fleet.named('s1').drifts = true;
    const error = await rejection(move(fleet, { atOnce: 1 }));
    expect(error.excerpt.join('\n')).toMatch(/^s1: drifted, 2 drifts/m);
    expect(fleet.named('s2').version).toBe(oldVersion);
  });

  test('restarts a slave together with its tasks only if that was asked for', async () => {
    const fleet = new ModelFleet(1, 1);
    const error = await rejection(move(fleet, { drain: false }));
    // The model kills no task; a real node would.
    expect(error.excerpt).toEqual(['tasks ran on it: they were killed']);
  });
});

describe('the nodes of the earlier waves', () => {
  test('are well if they run the version without drift and are healthy', async () => {
    const fleet = new ModelFleet(1, 2);
    for (const one of fleet.nodes) one.version = sampleVersion;
    expect(await waveProblems(fleet.inventory, versions, fleet.tools)).toEqual([]);
  });

  test('are named one by one with what is wrong: drift, bad health, another version, no answer', async () => {
    const fleet = new ModelFleet(0, 4);
    for (const one of fleet.nodes) one.version = sampleVersion;
    fleet.named('s1').drifts = true;
    fleet.named('s2').healthy = false;
    fleet.named('s3').away = 9;
    const other = { slave: { version: '20261130-cccccccccccc', rootHash: 'c'.repeat(64) } };
    const problems = await waveProblems(fleet.inventory, versions, fleet.tools);
    expect(problems.map((line) => line.split(':')[0])).toEqual(['s1', 's3', 's2 is not healthy', 's3']);
    expect((await waveProblems([fleet.named('s4').node], other, fleet.tools))[0]).toContain(
      's4: wrong version',
    );
  });
});
