import { describe, expect, it } from 'vitest';
import { chooseDrills } from '../../../src/rehearse/choose-drills.ts';

const seed = { tls: { level: 'mutual' }, mesos: { master: { authenticate_agents: 'true' } } };
const usual = { masters: 3, slaves: 2, scheduler: 'marathon', settings: { cluster: seed, files: [] } };
const names = (chosen: ReturnType<typeof chooseDrills>) => chosen.drills.map(({ name }) => name);

describe('the drills of a rehearsal', () => {
  it('are all of them if none are named', () => {
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

  it('are seven in a quick one', () => {
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

  it('are those that are named, in the order that takes least time, after the rise', () => {
    expect(names(chooseDrills(['grow', 'agree'], false, usual))).toEqual(['rise', 'agree', 'grow']);
  });

  it('leave out, with the reason, what a small cluster cannot do', () => {
    const chosen = chooseDrills(undefined, true, { ...usual, masters: 1, slaves: 1 });
    expect(names(chosen)).toEqual(['rise', 'agree', 'tls', 'drift', 'settings']);
    expect(chosen.skipped.map(({ drill, why }) => [drill.name, why])).toEqual([
      ['compare', 'it needs two slaves'],
      ['kill-leader', 'it needs three masters'],
    ]);
  });

  it('leave out what starts an app where the cluster has no scheduler, and nothing else', () => {
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

  it('leave out what looks at a setting that the seed does not have, so that none passes without having looked', () => {
    const bare = { ...usual, settings: { cluster: {}, files: [] } };
    expect(chooseDrills(undefined, true, bare).skipped.map(({ drill, why }) => [drill.name, why])).toEqual([
      ['tls', 'the seed says no tls'],
      ['settings', 'the seed sets nothing of Mesos'],
    ]);
  });

  it('are refused by name where the cluster is too small, or there is none of that name', () => {
    expect(() => chooseDrills(['partition'], false, { ...usual, masters: 1 })).toThrow(
      'the drill partition cannot be done: it needs three masters',
    );
    expect(() => chooseDrills(['agree', 'kil-leader'], false, usual)).toThrow(
      'there is no drill "kil-leader"',
    );
  });
});
