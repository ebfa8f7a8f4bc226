import { Option } from 'commander';

/** Where the .debs are. */
export const poolOption = (): Option =>
  new Option(
    '--pool <folder>',
    'where the .debs are (default: INGOT_POOL, else ingot/pool in the cache folder of the user)',
  );

/** Where stages are kept. */
export const cacheOption = (): Option =>
  new Option(
    '--cache <folder>',
    'where stages are kept (default: INGOT_CACHE, else ingot/stages in the cache folder of the user)',
  );

/** One role instead of both. */
export const roleOption = (what = 'only this role'): Option =>
  new Option('--role <role>', what).choices(['master', 'slave']);

/** The key to sign with. */
export const signOption = (what = 'sign'): Option =>
  new Option(
    '--sign <file>',
    `${what} with this private key, PEM (default: the key whose text INGOT_SIGNING_KEY holds)`,
  );

/** The key of the seed that machines are booted with to prove an image. */
export const seedKeyOption = (): Option =>
  new Option(
    '--seed-key <file>',
    'sign the seed that the nodes of the proof boot with, where images believe signed ones alone (default: the key of --sign)',
  );
