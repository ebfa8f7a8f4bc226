import type { KeyObject } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { ChannelReader } from '../../channel/read-channel.ts';
import { userStateFolder } from '../../host/user-folder.ts';
import { publicKey } from '../../version/key-files.ts';
import type { Signer } from '../../version/signer.ts';
import type { World } from '../world.ts';

const stateVariable = 'INGOT_STATE';

/** The folder of what this user's ingot remembers: INGOT_STATE, else ingot in the user's state folder. */
export function memoryFolder({ cwd, env }: Pick<World, 'cwd' | 'env'>): string {
  const named = env[stateVariable];
  if (named !== undefined && named !== '') return resolve(cwd, named);
  return join(userStateFolder(env, `${stateVariable}=FOLDER`), 'ingot');
}

/** The keys that a user names, or that of the signer. */
export async function channelKeysOf(
  { cwd }: World,
  files: readonly string[] | undefined,
  signer?: Pick<Signer, 'publicKey'>,
): Promise<KeyObject[]> {
  if (files === undefined && signer !== undefined) return [signer.publicKey];
  return Promise.all((files ?? []).map((file) => publicKey(resolve(cwd, file))));
}

/** Reads the channels of a store for a command. */
export function channelReader(world: World, out: string, keys: readonly KeyObject[]): ChannelReader {
  return { host: world.host, out: resolve(world.cwd, out), memory: memoryFolder(world), keys };
}
