import { expect, test } from 'vitest';
import { excludedFiles, excludedFolders } from '../../../../src/bake/compose/excluded-files.ts';

test('every exclusion is a folder, and nothing is included again outside of them', () => {
  expect(excludedFolders).toEqual([
    '/usr/share/doc',
    '/usr/share/man',
    '/usr/share/info',
    '/usr/share/lintian',
    '/usr/share/locale',
  ]);
  const others = excludedFiles.filter(
    (line) => !excludedFolders.some((folder) => line.includes(`=${folder}/`)),
  );
  expect(others).toEqual([]);
});
