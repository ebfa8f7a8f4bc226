import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { compareDebianVersions } from '../../../../src/inputs/lock/compare-versions.ts';

const version = fc.stringMatching(/^(?:[0-9]:)?[0-9][ab0-9.+~]{0,4}(?:-[ab0-9.+~]{1,3})?$/);

test('versions have the same order as in dpkg', async () => {
  const pairs = fc.sample(fc.tuple(version, version), 200);
  const script = 'while read -r a b; do dpkg --compare-versions "$a" lt "$b" && echo older || echo not; done';
  const input = pairs.map(([left, right]) => `${left} ${right}\n`).join('');
  const { stdout } = await makeHost().run('sh', ['-c', script], { input });
  const ours = pairs.map(([left, right]) => (compareDebianVersions(left, right) < 0 ? 'older' : 'not'));
  expect(pairs.map((pair, index) => [...pair, ours[index]])).toEqual(
    pairs.map((pair, index) => [...pair, stdout.split('\n')[index]]),
  );
});
