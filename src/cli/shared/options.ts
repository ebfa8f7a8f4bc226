import { allRoles } from '../../inputs/plan/plan.ts';
import { choice, flag, type OptionRecord, readValue, value, valueOr } from '../record/option.ts';
import { commaNames, repeated } from '../record/readers.ts';

/** `--out`: the store of the versions. */
export const outOption = valueOr('folder', 'the output store', 'out');

/** `--pool`: the folder of the .debs. */
export const poolOption = value(
  'folder',
  'the package pool, where the .debs are (default: INGOT_POOL, else ingot/pool in your cache folder)',
);

/** `--cache`: the folder that keeps stages. */
export const cacheOption = value(
  'folder',
  'the cache of stages (default: INGOT_CACHE, else ingot/stages in your cache folder)',
);

/** `--role`: one role instead of both. */
export const roleOption = choice('role', 'only this role', allRoles);

/** `--offline`: packages only from the pool. */
export const offlineOption = flag('take packages only from the pool, never from the network');

/**
 * The key to sign with, which is that of the environment if none is named.
 * @param what what is signed
 */
export const signOption = (what: string): OptionRecord<string | undefined> =>
  value(
    'file',
    `sign ${what} with this private key, PEM (default: the key whose text is in INGOT_SIGNING_KEY)`,
  );

/** `--signer`: a program that has the private key. */
export const signerOption = value(
  'command',
  'sign with this program, which has the private key (a token, a service), instead of a key file',
);

/** The key that signs a statement about a rehearsal; without it none is signed. */
export const signStatementOption = value(
  'file',
  'sign a statement about the drills with this private key, PEM, and write it next to each version',
);

/** The key of the seed with which images are booted to test them. */
export const seedKeyOption = value(
  'file',
  'sign the seed of the test nodes with this private key, for images that trust only signed seeds (default: the signing key)',
);

/** `--key`: public keys, of which one must have signed a version. */
export const keyOption = readValue(
  'file',
  'a public key, PEM, that may have signed the versions; if given several times, one of them is enough',
  repeated,
);

/** `--key` of commands that read channels. */
export const channelKeyOption = readValue(
  'file',
  'a public key, PEM, that may have signed; if given several times, one of them is enough',
  repeated,
);

/** `--rehearsed`: the drills that signed statements must report as passed. */
export const rehearsedOption = readValue(
  'drills',
  'require signed statements that these drills passed, separated by commas (exit 1 if there are none)',
  commaNames,
);

/** `--json`; `what` names what is printed. */
export const jsonOption = (what: string): OptionRecord<boolean> => flag(`print ${what} as JSON`);

/** `--quiet`: prints only errors and the result. */
export const quietOption = flag('print only errors and the result');

/** `--all`: prints everything instead of the first lines. */
export const allOption = (what: string): OptionRecord<boolean> => flag(`show ${what}`);

/** `--into`: the folder that a command creates. */
export const intoOption = (name: string): OptionRecord<string> =>
  valueOr('folder', 'the folder to create or update', name);
