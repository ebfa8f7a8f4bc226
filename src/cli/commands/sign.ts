import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { signingKey, signingVariable } from '../../version/key-files.ts';
import { signVersion } from '../../version/sign-version.ts';
import type { World } from '../world.ts';

/** ingot sign: adds a signature to versions that are in the store; prints the folders on stdout. */
export async function sign(
  world: World,
  { folders, key: file }: { folders: readonly string[]; key: string | undefined },
): Promise<number> {
  const key = await signingKey(file === undefined ? undefined : resolve(world.cwd, file), world.env);
  if (key === undefined) {
    const hint = `name one with --sign FILE, or put its text into ${signingVariable}; ingot keygen makes one`;
    throw new IngotError({ code: 'wrong-input', message: 'there is no key to sign with', hint });
  }
  for (const named of folders) {
    const folder = await realpath(resolve(world.cwd, named)).catch((cause: unknown) => {
      const hint = 'name the folder of a version, e.g. out/master/latest';
      throw new IngotError({ code: 'wrong-input', message: `there is no ${named}`, hint, cause });
    });
    const signed = await signVersion(world.host, folder, key, world.signal);
    world.err(`${folder}: ${signed ? 'signed' : 'has the signature of this key already'}\n`);
    world.out(`${folder}\n`);
  }
  return exitCodes.done;
}
