import { describe, expect, it } from 'vitest';
import { type ActualLimits, unmetLimits } from '../../../../src/rehearse/judge/container-limits.ts';

const asked = { cpus: 0.1, megabytes: 48, quota: false };
const v1: ActualLimits = { memory: '50331648', cpuShares: '102', cpuWeight: null, cpuQuota: '-1' };
const v2: ActualLimits = { memory: '50331648', cpuShares: null, cpuWeight: '4', cpuQuota: 'max 100000' };

describe('the limits of a container', () => {
  it.each([
    ['of cgroup v1', v1],
    ['of cgroup v2', v2],
    [
      'with what an executor needs on top, as before Mesos 1.10',
      { ...v1, memory: '83886080', cpuShares: '204' },
    ],
  ])('%s are those that its task requested', (_, seen) => {
    expect(unmetLimits(seen, asked)).toEqual([]);
  });

  it.each<[string, ActualLimits, RegExp]>([
    ['all memory (v1)', { ...v1, memory: '9223372036854771712' }, /memory is limited to 9223372036854771712/],
    ['all memory (v2)', { ...v2, memory: 'max' }, /memory is limited to max, not to 50331648 bytes/],
    ['less memory', { ...v2, memory: '33554432' }, /memory is limited to 33554432/],
    ['no memory cgroup', { ...v2, memory: null }, /memory is limited to nothing/],
    ['the usual shares', { ...v1, cpuShares: '1024' }, /cpu.shares are 1024, not 102/],
    ['the usual weight', { ...v2, cpuWeight: '100' }, /cpu.weight is 100/],
    ['no cpu cgroup', { ...v2, cpuWeight: null }, /cpu.weight is missing/],
  ])('are wrong with %s', (_, seen, why) => {
    expect(unmetLimits(seen, asked).join()).toMatch(why);
  });

  it('include a quota if the agent has cgroups_enable_cfs', () => {
    const wanted = { ...asked, quota: true };
    expect(unmetLimits({ ...v1, cpuQuota: '10000' }, wanted)).toEqual([]);
    expect(unmetLimits({ ...v2, cpuQuota: '10000 100000' }, wanted)).toEqual([]);
    expect(unmetLimits(v1, wanted)).toEqual(['its quota of the processor is -1, not 10000 of 100000 µs']);
    expect(unmetLimits(v2, wanted)).toEqual(['its quota of the processor is max, not 10000 of 100000 µs']);
  });
});
