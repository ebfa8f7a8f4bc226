import { expect, it } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { fakeWorld } from '../../samples/world.ts';

it('ingot report needs the archive to write: it never writes one by itself', async () => {
  const { world, err } = fakeWorld();
  expect(await commandLine(world, ['report', 'cluster.yaml'])).toBe(2);
  expect(err()).toContain("required option '--bundle <file>'");
});
