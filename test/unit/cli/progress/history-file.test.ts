import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addRun, historyName, readStageHistory } from '../../../../src/cli/progress/history-file.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const run = new Map([['verify', 308]]);

test('the times of a run are found by the next one, and nothing else is left in the cache', async () => {
  const cache = join(await temporaryFolder(), 'cache');
  expect(await readStageHistory(cache)).toEqual({});
  await addRun(cache, run);
  expect(await readStageHistory(cache)).toEqual({ verify: [308] });
  expect(await readdir(cache)).toEqual([historyName]);
});

test('times of other hosts that use the same cache are kept, and not used', async () => {
  const cache = await temporaryFolder();
  const file = join(cache, historyName);
  await writeFile(file, JSON.stringify({ format: 1, hosts: { 'another host': { verify: [9] } } }));
  expect(await readStageHistory(cache)).toEqual({});
  await addRun(cache, run);
  expect(await readFile(file, 'utf8')).toContain('"another host":{"verify":[9]}');
});

test.each(['', '{', '[]', '{"format":2,"hosts":{}}', '{"format":1,"hosts":{"a":{"b":["x"]}}}', '\0\0'])(
  'a damaged file (%j) fails nothing and is replaced',
  async (text) => {
    const cache = await temporaryFolder();
    await writeFile(join(cache, historyName), text);
    expect(await readStageHistory(cache)).toEqual({});
    await addRun(cache, run);
    expect(await readStageHistory(cache)).toEqual({ verify: [308] });
  },
);
