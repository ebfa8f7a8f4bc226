import { join, resolve } from 'node:path';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { refusedNote } from '../../seed/cluster-seed.ts';
import { type MadeSeed, makeSeed } from '../../seed/make-seed.ts';
import { keyOf } from '../key-of.ts';
import type { World } from '../world.ts';

interface SeedOptions {
  readonly spec: string;
  readonly into: string;
  readonly sign: string | undefined;
  readonly url: string | undefined;
  readonly json: boolean;
}

function webFolder(url: string): string {
  if (/^http:\/\/[^\s;/]+(?:\/[^\s;]*)?$/.test(url)) return url.endsWith('/') ? url : `${url}/`;
  throw new IngotError({
    code: 'wrong-input',
    message: `${url} is no address that a node can read a seed from`,
    hint: 'name a folder of a web server, such as http://10.0.0.2/seed/; the initrd speaks http alone, and a signature makes up for that',
  });
}

function seedText(made: MadeSeed): string {
  const { userDataBytes, ec2Limit, fitsEc2, signedBy, refused } = made;
  const signed = signedBy === undefined ? 'not signed' : `signed by key ${signedBy.slice(0, 16)}…`;
  return [
    `cluster   ${made.cluster}, ${refused ? refusedNote : signed}`,
    'NoCloud   user-data, meta-data, vendor-data; seed.iso is the disk labelled cidata with the same',
    fitsEc2
      ? `EC2       ec2-user-data, ${userDataBytes} of ${ec2Limit} bytes`
      : `EC2       NONE: user-data has ${userDataBytes} bytes, EC2 takes ${ec2Limit}`,
    `netboot   ${made.kernelArgument} (in quotes for GRUB and shells)`,
    '',
  ].join('\n');
}

/** ingot seed: makes the seed that all nodes of a cluster boot with; prints its files on stdout. */
export async function seed(world: World, options: SeedOptions): Promise<number> {
  const { cwd, host } = world;
  const into = resolve(cwd, options.into);
  const key = await keyOf(world, options.sign);
  const url = options.url === undefined ? undefined : webFolder(options.url);
  const made = await makeSeed(host, { specFile: options.spec, into, signingKey: key, url });
  world.err(seedText(made));
  if (options.json) world.out(`${JSON.stringify({ folder: into, ...made }, null, 2)}\n`);
  else for (const file of made.files) world.out(`${join(into, file)}\n`);
  return exitCodes.done;
}
