import { argumentOr } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { jsonOption } from '../shared/options.ts';

/** `ingot keygen`: a key to sign with. */
export const keygenCommand = command({
  name: 'keygen',
  task: 'ship',
  summary: 'create a key to sign images or seeds: NAME.pem (keep it secret) and NAME.pub.pem',
  arguments: { name: argumentOr('name', 'path of the files without .pem', 'release') },
  options: { json: jsonOption('the result') },
  examples: [{ line: 'ingot keygen keys/release', does: 'keys/release.pem and keys/release.pub.pem' }],
});

export type KeygenInput = InputOf<typeof keygenCommand>;
