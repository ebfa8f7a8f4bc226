import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allDrills } from '../../../src/rehearse/all-drills.ts';

it('docs/rehearsal.md has a row for every drill, in their order', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/rehearsal.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name);
  expect(rows).toEqual(allDrills.map(({ name }) => name));
});
