import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { fakeWorld } from '../../samples/world.ts';

describe('ingot verify', () => {
  test.each([['--json'], ['--offline'], ['--role', 'slave'], ['--pool', '/pool']])(
    'has %s for --reproduce alone: without it that is wrong use',
    async (...flag) => {
      const { world, out, err } = fakeWorld();
      expect(await commandLine(world, ['verify', 'x.yaml', ...flag])).toBe(2);
      expect(out()).toBe('');
      expect(err()).toContain(`${flag[0]} is only for --reproduce`);
    },
  );
});
