import { join, resolve } from 'node:path';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { makeSeed } from '../../seed/make-seed.ts';
import type { seedShape } from '../shapes/small-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { SeedInput } from './options.ts';
import { seedText } from './text.ts';

function webFolder(url: string): string {
  if (/^http:\/\/[^\s;/]+(?:\/[^\s;]*)?$/.test(url)) return url.endsWith('/') ? url : `${url}/`;
  throw new IngotError({
    code: 'wrong-usage',
    message: `${url} is not a URL from which a node can read a seed`,
    hint: 'name a folder of a web server, such as http://10.0.0.2/seed/; the initrd speaks only http; sign the seed to protect it',
  });
}

/** ingot seed: generates the seed that all nodes of a cluster share; prints its files on stdout. */
export async function seed(world: World, options: SeedInput): Promise<number> {
  const { cwd, host } = world;
  const into = resolve(cwd, options.into);
  const key = await signerOf(world, options);
  const url = options.url === undefined ? undefined : webFolder(options.url);
  const made = await makeSeed(host, { specFile: options.spec, into, signingKey: key, url });
  world.err(seedText(made));
  if (options.json) world.out(jsonText<typeof seedShape>({ schema: 1, folder: into, ...made }));
  else for (const file of made.files) world.out(`${join(into, file)}\n`);
  return exitCodes.done;
}
