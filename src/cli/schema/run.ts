import { exitCodes } from '../../host/ingot-error.ts';
import { specJsonSchema } from '../../inputs/cluster-spec/json-schema.ts';
import type { World } from '../world.ts';

/** ingot schema: the JSON Schema of cluster.yaml on stdout. */
export function schema(world: World): Promise<number> {
  world.out(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
  return Promise.resolve(exitCodes.done);
}
