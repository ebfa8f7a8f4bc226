import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../../src/host/project-folder.ts';

test('ingot finds its images and templates next to itself, wherever it is called', () => {
  for (const name of ['images/common/image.yaml', 'templates', 'package.json'])
    expect(existsSync(join(projectFolder, name))).toBe(true);
});
