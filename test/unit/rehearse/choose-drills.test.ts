import { describe, expect, it } from 'vitest';
import { chooseDrills } from '../../../src/rehearse/choose-drills.ts';

const seed = { tls: { level: 'mutual' }, mesos: { master: { authenticate_agents: 'true' } } };
const usual = { masters: 3, slaves: 2, scheduler: 'marathon', settings: { cluster: seed, files: [] } };
const names = (chosen: ReturnType<typeof chooseDrills>) => chosen.drills.map(({ name }) => name);

describe('the drills of a rehearsal', () => {
  it('are all of them by default', () => {
    expect(names(chooseDrills(undefined, false, usual))).toEqual([
      ...[
        'rise',
        'agree',
        'tls',
        'task',
        'compare',
        'drift',
        'settings',
        'container',
        'partition',
        'kill-leader',
        'minority',
        'reboot',
      ],
      ...['replace-disk', 'replace-address', 'slaves-first', 'masters-apart', 'grow'],
    ]);
  });

  it('are seven in a quick rehearsal', () => {
    expect(names(chooseDrills(undefined, true, usual))).toEqual([
      'rise',
      'agree',
      'tls',
      'compare',
      'drift',
      'settings',
      'kill-leader',
    ]);
  });

  it('are the named ones, in the order that takes the least time, after the rise', () => {
    expect(names(chooseDrills(['grow', 'agree'], false, usual))).toEqual(['rise', 'agree', 'grow']);
  });

  it('omit, with the reason, what a small cluster cannot do', () => {
    const chosen = chooseDrills(undefined, true, { ...usual, masters: 1, slaves: 1 });
    expect(names(chosen)).toEqual(['rise', 'agree', 'tls', 'drift', 'settings']);
    expect(chosen.skipped.map(({ drill, why }) => [drill.name, why])).toEqual([
      ['compare', 'it needs two slaves'],
      ['kill-leader', 'it needs three masters'],
    ]);
  });

  it('omit the drills that start an app if the cluster has no scheduler, and no others', () => {
    const none = { ...usual, scheduler: 'none' };
    const chosen = chooseDrills(undefined, false, none);
    expect(chosen.skipped.map(({ drill, why }) => [drill.name, why])).toEqual([
      ['task', 'the cluster has no scheduler'],
    ]);
    expect(chosen.drills.length).toBe(chooseDrills(undefined, false, usual).drills.length - 1);
    expect(() => chooseDrills(['task'], false, none)).toThrow(
      'the drill task cannot be done: the cluster has no scheduler',
    );
  });

  it('omit the drills for settings that the seed does not have, so that none passes without a check', () => {
    const bare = { ...usual, settings: { cluster: {}, files: [] } };
    expect(chooseDrills(undefined, true, bare).skipped.map(({ drill, why }) => [drill.name, why])).toEqual([
      ['tls', 'the seed says no tls'],
      ['settings', 'the seed sets nothing of Mesos'],
    ]);
  });

  it('are refused and named if the cluster is too small, or a name is unknown', () => {
    expect(() => chooseDrills(['partition'], false, { ...usual, masters: 1 })).toThrow(
      'the drill partition cannot be done: it needs three masters',
    );
    expect(() => chooseDrills(['agree', 'kil-leader'], false, usual)).toThrow(
      'there is no drill "kil-leader"',
    );
  });
});
