import type { NightStep } from '../../nightly/run-steps.ts';
import { bake } from '../bake/run.ts';
import { bakeShape } from '../shapes/small-shapes.ts';
import { capturedWorld } from './captured.ts';
import type { NightWork } from './night-work.ts';

/** Bakes both images as `ingot bake --locked` does: finished stages come from the cache. */
export const bakeStep = ({ world, input }: NightWork): NightStep => ({
  name: 'bake',
  run: async () => {
    const { spec, out, pool, cache, cacheFrom, cacheTo, sign, signer, seedKey, quiet } = input;
    const captured = capturedWorld(world);
    await bake(captured.world, {
      ...{ spec, out, pool, cache, cacheFrom, cacheTo, sign, signer, seedKey, quiet },
      ...{ more: [], processors: undefined, memory: undefined },
      ...{ role: undefined, locked: true, offline: false, release: false },
      ...{ keepOnFailure: false, explain: false, prepare: false, fast: false, fastCheck: false },
      ...{ json: true, verbose: false },
    });
    const { images } = bakeShape.parse(JSON.parse(captured.written()));
    return {
      says: images.map(
        ({ role, version, published }) =>
          `${role} ${version}${published ? '' : ', which the store already had'}`,
      ),
      facts: { images },
    };
  },
});
