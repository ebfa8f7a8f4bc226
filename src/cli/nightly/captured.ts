import type { World } from '../world.ts';

/**
 * A world in which a command writes its data to a text, not to stdout. Nobody can be asked in it.
 * @returns the world, and what was written to it so far
 */
export function capturedWorld(world: World): { world: World; written: () => string } {
  const { host, err, cwd, env, stream, signal } = world;
  let text = '';
  const out = (more: string) => void (text += more);
  return { world: { host, out, err, cwd, env, stream, signal }, written: () => text };
}
