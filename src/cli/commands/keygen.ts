import { resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { makeKeyFiles } from '../../version/key-files.ts';
import type { World } from '../world.ts';

/** ingot keygen: makes an ed25519 key; prints the two files on stdout. */
export async function keygen(world: World, name: string): Promise<number> {
  const { privateFile, publicFile, keyid } = await makeKeyFiles(resolve(world.cwd, name));
  world.out(`${privateFile}\n${publicFile}\n`);
  world.err(`key ${keyid}\nkeep ${privateFile} secret; give ${publicFile} to all who verify\n`);
  return exitCodes.done;
}
