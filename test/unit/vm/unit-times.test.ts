import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readUnitTimes, unitScript } from '../../../src/vm/unit-times.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const kernel = `[    4.100000] systemd[1]: Inserted module 'autofs4'
[    4.500000] systemd[1]: Starting systemd-journald.service - Journal Service...
[    4.600000] systemd[1]: Reached target swap.target - Swaps.
`;
const journal = `[    4.900000] node systemd[1]: Started systemd-journald.service - Journal Service.
[    6.000000] node systemd[1]: Starting zookeeper.service - ZooKeeper...
[    7.000000] node systemd[1]: Mounting var-lib-mesos.mount - /var/lib/mesos...
[    7.250000] node systemd[1]: Mounted var-lib-mesos.mount - /var/lib/mesos.
[    8.000000] node systemd[1]: Failed to start broken.service - Broken.
[   11.500000] node systemd[1]: Started zookeeper.service - ZooKeeper.
[   90.000000] node systemd[1]: Starting zookeeper.service - ZooKeeper...
[   95.000000] node systemd[1]: Started zookeeper.service - ZooKeeper.
`;

it('the script of a node prints when systemd started each unit, and the first start of each counts', async () => {
  const folder = await temporaryFolder();
  for (const [name, text] of [
    ['dmesg', kernel],
    ['journalctl', journal],
  ] as const) {
    writeFileSync(join(folder, name), `#!/bin/sh\ncat <<'END'\n${text}END\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const printed = execFileSync('/bin/sh', ['-c', unitScript], {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    encoding: 'utf8',
  });
  expect(readUnitTimes(printed.split('\n'))).toEqual([
    { name: 'systemd-journald.service', from: 4.5, seconds: expect.closeTo(0.4) as number },
    { name: 'swap.target', from: 4.6, seconds: 0 },
    { name: 'zookeeper.service', from: 6, seconds: 5.5 },
    { name: 'var-lib-mesos.mount', from: 7, seconds: 0.25 },
    { name: 'broken.service', from: 8, seconds: 0, failed: true },
  ]);
});

it('a unit that was not seen to start has no duration, and other lines are ignored', () => {
  expect(
    readUnitTimes([
      'uptime 71.5',
      'unit 5 Starting slow.service - Slow...',
      'unit x Started a.service - A.',
      '',
    ]),
  ).toEqual([{ name: 'slow.service', from: 5 }]);
});
