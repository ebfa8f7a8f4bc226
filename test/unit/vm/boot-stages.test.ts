import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bootStages, secondsOf, stagesText } from '../../../src/vm/boot-stages.ts';
import { showsLoader } from '../../../src/vm/loader-sign.ts';
import type { NodeClock } from '../../../src/vm/node-clock.ts';

const clock: NodeClock = {
  uptime: 75,
  initrd: 4,
  systemd: 15,
  finished: 62,
  marks: [
    { name: 'drivers', at: 7 },
    { name: 'root', at: 13 },
  ],
  units: [],
};
const seen = { loader: 1.5, ssh: 50, clockRead: 80 };

it('the stages of a boot follow each other from power-on until the node is healthy', () => {
  const times = bootStages(seen, clock);
  expect(stagesText(times.stages)).toBe(
    'firmware 1.5 s, loader 3.5 s, kernel 4.0 s, initrd 11.0 s, user space 30.0 s, services 17.0 s',
  );
  expect(times.healthySeconds).toBe(67);
  expect(stagesText(times.stages, true)).toContain('initrd 11.0 s (drivers 3.0 s, root 6.0 s), user space');
});

it('a network boot shows how long address, transfer and verification took', () => {
  const marks = ['drivers', 'network', 'fetch', 'proof', 'root', 'state'].map((name, index) => ({
    name,
    at: 5 + index,
  }));
  const { stages } = bootStages(seen, { ...clock, marks });
  expect(stages.find(({ name }) => name === 'initrd')?.parts?.map(({ name }) => name)).toEqual(
    marks.map(({ name }) => name),
  );
});

it('without a sign of the loader, firmware and loader are one; without a record of the initrd, so are kernel and initrd', () => {
  const { initrd, ...forgetful } = clock;
  expect(initrd).toBe(4);
  const times = bootStages({ ...seen, loader: undefined }, forgetful);
  expect(times.stages.map(({ name }) => name)).toEqual([
    'firmware and loader',
    'kernel and initrd',
    'user space',
    'services',
  ]);
});

it('a node whose services are up before ssh is tried has spent no time on them', () => {
  const times = bootStages({ ...seen, ssh: 79 }, clock);
  expect([secondsOf(times, 'services'), times.healthySeconds]).toEqual([0, 79]);
  expect(secondsOf(times, 'no such stage')).toBe(0);
});

it('the stages add up to the whole, whatever the times are', () => {
  const second = fc.double({ min: 0, max: 500, noNaN: true });
  fc.assert(
    fc.property(second, second, second, second, fc.boolean(), (a, b, c, d, silent) => {
      const [initrd = 0, systemd = 0, ssh = 0, finished = 0] = [a, b, c, d].sort((x, y) => x - y);
      const kernel = 5;
      const times = bootStages(
        { loader: silent ? undefined : 2, ssh: kernel + ssh, clockRead: kernel + 600 },
        { uptime: 600, initrd, systemd, finished, marks: [], units: [] },
      );
      const sum = times.stages.reduce((total, { seconds }) => total + seconds, 0);
      expect(sum).toBeCloseTo(times.healthySeconds, 6);
      expect(Math.min(...times.stages.map(({ seconds }) => seconds))).toBeGreaterThanOrEqual(-1e-9);
    }),
  );
});

it.each([
  ['GRUB by BIOS', '\u001B[H\u001B[J\u001B[1;1H\u001B[2;24HGNU GRUB  version 2.06\n', true],
  ['GRUB by UEFI', 'BdsDxe: starting Boot0001 "UEFI Misc Device"\r\n\u001B[0mWelcome to GRUB!', true],
  ['iPXE', 'iPXE initialising devices...', true],
  ['only OVMF', '\u001B[2JBdsDxe: loading Boot0001 "UEFI Misc Device"', false],
  ['nobody', '', false],
])('%s on the console', (_, console, loader) => {
  expect(showsLoader(console)).toBe(loader);
});
