import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isAffected } from '../../../src/channel/feed/vulnerability.ts';

const versions = [
  ...['1.0', '1.0-1', '1.0-1~bpo12+1', '1.0-1+deb12u1', '1.0-1+deb12u10', '1.0~rc1-1', '1:0.9-1', '1.0a-1'],
  ...['1.0+b1', '2.36-9+deb12u10', '2.36-9+deb12u9', '0~20190101-1', '1.0-1.1', '1.0.0-1', '1.0-10'],
];

test('a version counts as fixed exactly where dpkg says that it is not older than the fix', () => {
  const wrong: string[] = [];
  for (const installed of versions)
    for (const fixed of versions) {
      const older = spawnSync('dpkg', ['--compare-versions', installed, 'lt', fixed]).status === 0;
      const events = [{ introduced: '0' }, { fixed }];
      const affected = isAffected(
        { id: 'CVE-1', source: 'x', severity: 'high', events, versions: [] },
        installed,
      );
      if (affected !== older) wrong.push(`${installed} with the fix in ${fixed}`);
    }
  expect(wrong).toEqual([]);
});
