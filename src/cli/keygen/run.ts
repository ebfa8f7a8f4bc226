import { resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { makeKeyFiles } from '../../version/key-files.ts';
import type { World } from '../world.ts';
import type { KeygenInput } from './options.ts';

/** ingot keygen: creates an ed25519 key; prints its two files on stdout. */
export async function keygen(world: World, { name }: KeygenInput): Promise<number> {
  const { privateFile, publicFile, keyid } = await makeKeyFiles(resolve(world.cwd, name));
  world.out(`${privateFile}\n${publicFile}\n`);
  world.err(`key ${keyid}\nkeep ${privateFile} secret; give ${publicFile} to all who verify\n`);
  return exitCodes.done;
}
