import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it("the project's words are sorted, in lower case, and each appears once", () => {
  const words = readFileSync(join(import.meta.dirname, '../../../setup/words.txt'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(words).toEqual([...new Set(words.map((word) => word.toLowerCase()))].sort());
});
