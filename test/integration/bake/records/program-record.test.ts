import { expect, test } from 'vitest';
import { hostPrograms } from '../../../../src/bake/records/program-record.ts';

test('inputs that a lock does not fix are recorded: programs with their versions, and digests of images/ and templates/', async () => {
  const record = await hostPrograms();
  expect(record['squashfs-tools']).toMatch(/^\d[^ ]*$/);
  expect(record['node']).toBe(process.version);
  for (const folder of ['images/', 'templates/']) expect(record[folder]).toMatch(/^[0-9a-f]{12}$/);
});
