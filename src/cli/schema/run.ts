import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { specJsonSchema } from '../../inputs/cluster-spec/json-schema.ts';
import { allShapes, shapeJsonSchema } from '../shapes/all-shapes.ts';
import type { World } from '../world.ts';
import type { SchemaInput } from './options.ts';

/** ingot schema: the JSON Schema of cluster.yaml, or of a document that a command prints, on stdout. */
export function schema(world: World, { document }: SchemaInput): Promise<number> {
  const shape = document === undefined ? undefined : allShapes[document];
  if (document !== undefined && shape === undefined)
    throw new IngotError({
      code: 'wrong-usage',
      message: `no command prints a JSON document named ${document}`,
      hint: `name one of these: ${Object.keys(allShapes).join(', ')}`,
    });
  const found =
    document === undefined || shape === undefined ? specJsonSchema() : shapeJsonSchema(document, shape);
  world.out(`${JSON.stringify(found, null, 2)}\n`);
  return Promise.resolve(exitCodes.done);
}
