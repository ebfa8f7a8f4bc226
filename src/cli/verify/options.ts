import { severalArguments } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { jsonOption, keyOption, rehearsedOption } from '../shared/options.ts';
import { oldVerifyForm } from './old-form.ts';

/** `ingot verify`: files and signatures of versions. */
export const verifyCommand = command({
  name: 'verify',
  task: 'test',
  summary: 'verify the signature and every file of versions; needs no network and boots nothing',
  arguments: { folders: severalArguments('folder', 'version folders, e.g. out/master/latest') },
  options: { key: keyOption, rehearsed: rehearsedOption, json: jsonOption('the result') },
  examples: [
    {
      line: 'ingot verify out/master/latest out/slave/latest --key release.pub.pem',
      does: 'exit 1 if a file or the signature is wrong',
    },
    {
      line: 'ingot verify out/slave/latest --key release.pub.pem --rehearsed rise,agree,drift',
      does: 'also require that these drills of a rehearsal passed',
    },
  ],
  wrongUse: ({ key }) =>
    key === undefined ? 'name the public key that must have signed the versions: --key FILE' : undefined,
  oldForm: oldVerifyForm,
});

export type VerifyInput = InputOf<typeof verifyCommand>;
