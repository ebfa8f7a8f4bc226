import { expect, test } from 'vitest';
import { packerEnvironment } from '../../../../src/bake/packer/packer-environment.ts';

test('Packer keeps its files in the run folder and does not check for new versions', () => {
  expect(packerEnvironment('/run/tmp', '/run/cache', { TMPDIR: '/elsewhere', MORE: 'x' })).toEqual({
    CHECKPOINT_DISABLE: '1',
    HOME: '/run/tmp',
    PACKER_CACHE_DIR: '/run/cache',
    PACKER_LOG: '1',
    PACKER_NO_COLOR: '1',
    MORE: 'x',
    TMPDIR: '/run/tmp',
  });
});
