import { severalArguments } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { jsonOption, signerOption, signOption } from '../shared/options.ts';

/** `ingot sign`: signs what is in the store. */
export const signCommand = command({
  name: 'sign',
  task: 'ship',
  summary: 'sign versions of the store, after all their files were checked',
  arguments: { folders: severalArguments('folder', 'version folders, e.g. out/master/latest') },
  options: { sign: signOption('them'), signer: signerOption, json: jsonOption('the result') },
  examples: [
    {
      line: 'ingot sign out/master/latest out/slave/latest --sign release.pem',
      does: 'add a signature to both',
    },
  ],
});

export type SignInput = InputOf<typeof signCommand>;
