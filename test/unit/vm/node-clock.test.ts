import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { clockScript, readClock } from '../../../src/vm/node-clock.ts';

const answer = [
  'uptime 71.50',
  'initrd 4.25',
  'UserspaceTimestampMonotonic 15500000',
  'FinishTimestampMonotonic 62250000',
  'mark drivers 7.10',
  'mark root 13.00',
  'mark state 14.20',
];

it('a node reports when its kernel began, what its initrd did, and when systemd began and finished', () => {
  expect(readClock(answer)).toEqual({
    uptime: 71.5,
    initrd: 4.25,
    systemd: 15.5,
    finished: 62.25,
    marks: [
      { name: 'drivers', at: 7.1 },
      { name: 'root', at: 13 },
      { name: 'state', at: 14.2 },
    ],
    units: [],
  });
});

it('a kernel whose log has lost the line of its initrd, and a root without marks, do not spoil the rest', () => {
  const clock = readClock(answer.filter((line) => !/^(initrd|mark)/.test(line)));
  expect(clock).toEqual({ uptime: 71.5, systemd: 15.5, finished: 62.25, marks: [], units: [] });
});

it.each(['uptime', 'UserspaceTimestampMonotonic', 'FinishTimestampMonotonic'])(
  'without %s there is no measurement',
  (name) => {
    expect(readClock(answer.filter((line) => !line.startsWith(name)))).toBeUndefined();
    // The value of systemd for a time that has not come.
    expect(readClock(answer.map((line) => (line.startsWith(name) ? `${name} 0` : line)))).toBeUndefined();
  },
);

it('the query is a shell script that first prints the time of the machine, even without systemd', () => {
  const said = execFileSync('/bin/sh', ['-c', `${clockScript}\ntrue`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(said).toMatch(/^uptime \d+\.\d+\n/);
});
