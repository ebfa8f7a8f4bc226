import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { consoleTail } from '../../../../src/vm/guest-console.ts';
import { runFolder } from './packer-runs.ts';

test('the last lines of a growing console are read as plain text, however long it is', async () => {
  const file = join(await runFolder(), 'console-master.log');
  expect(await consoleTail(file, 2)).toEqual([]);
  await writeFile(file, `${'é'.repeat(70_000)}\r\n`.repeat(3));
  await appendFile(file, '[    1.0] one\r\n\x1b[0;1;31mtwo\x1b[0m\r\n');
  expect(await consoleTail(file, 2)).toEqual(['[    1.0] one', 'two']);
  await appendFile(file, 'thr');
  expect(await consoleTail(file, 2)).toEqual(['two', 'thr']);
});
