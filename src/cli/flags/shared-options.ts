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
export const signOption = (): Option =>
  new Option(
    '--sign <file>',
    'sign with this private key, PEM (default: the key whose text INGOT_SIGNING_KEY holds)',
  );
