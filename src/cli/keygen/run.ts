import { resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { makeKeyFiles } from '../../version/key-files.ts';
import type { keygenShape } from '../shapes/small-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import type { World } from '../world.ts';
import type { KeygenInput } from './options.ts';

/** ingot keygen: creates a key; prints its two files on stdout. */
export async function keygen(world: World, { name, type, json }: KeygenInput): Promise<number> {
  const { privateFile, publicFile, keyid } = await makeKeyFiles(resolve(world.cwd, name), type);
  world.out(
    json
      ? jsonText<typeof keygenShape>({ schema: 1, privateFile, publicFile, keyid })
      : `${privateFile}\n${publicFile}\n`,
  );
  world.err(`key ${keyid}\nkeep ${privateFile} secret; give ${publicFile} to all who verify\n`);
  return exitCodes.done;
}
