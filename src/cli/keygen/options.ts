import { argumentOr } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { choice, withFallback } from '../record/option.ts';
import { jsonOption } from '../shared/options.ts';

/** `ingot keygen`: a key to sign with. */
export const keygenCommand = command({
  name: 'keygen',
  task: 'ship',
  summary: 'create a key to sign images or seeds: NAME.pem (keep it secret) and NAME.pub.pem',
  arguments: { name: argumentOr('name', 'path of the files without .pem', 'release') },
  options: {
    type: withFallback(
      choice('type', 'the kind of key; tools such as cosign verify files only with ecdsa-p256', [
        'ed25519',
        'ecdsa-p256',
      ]),
      'ed25519',
    ),
    json: jsonOption('the result'),
  },
  examples: [
    { line: 'ingot keygen keys/release', does: 'keys/release.pem and keys/release.pub.pem' },
    { line: 'ingot keygen keys/release --type ecdsa-p256', does: 'a key whose signatures cosign verifies' },
  ],
});

export type KeygenInput = InputOf<typeof keygenCommand>;
