import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { refuseDevVersion } from '../../version/dev-version.ts';
import { signingVariable } from '../../version/key-files.ts';
import { signVersion } from '../../version/sign-version.ts';
import { writeSigstore } from '../../version/sigstore/write-sigstore.ts';
import type { signShape } from '../shapes/small-shapes.ts';
import { namedVersionFolder } from '../shared/folder-of.ts';
import { jsonText } from '../shared/json-text.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { SignInput } from './options.ts';

/** ingot sign: adds a signature to versions of the store; prints the folders on stdout. */
export async function sign(world: World, input: SignInput): Promise<number> {
  const { folders, json } = input;
  const signer = await signerOf(world, input);
  if (signer === undefined) {
    const hint = `name one with --sign FILE, a program with --signer COMMAND, or put its text into ${signingVariable}; ingot keygen creates one`;
    throw new IngotError({ code: 'wrong-key', message: 'there is no key to sign with', hint });
  }
  const versions: { folder: string; signed: boolean }[] = [];
  for (const named of folders) {
    const folder = await namedVersionFolder(world, named);
    await refuseDevVersion(folder);
    const added = await signVersion(world.host, folder, signer, world.signal);
    const signed = (await writeSigstore(folder, signer)) || added;
    world.err(`${folder}: ${signed ? 'signed' : 'already has the signature of this key'}\n`);
    versions.push({ folder, signed });
    if (!json) world.out(`${folder}\n`);
  }
  if (json) world.out(jsonText<typeof signShape>({ schema: 1, versions }));
  return exitCodes.done;
}
