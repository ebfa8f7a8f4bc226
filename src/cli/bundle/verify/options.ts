import { argument } from '../../record/argument.ts';
import { command, type InputOf } from '../../record/command-record.ts';
import { jsonOption, keyOption, quietOption } from '../../shared/options.ts';

/** `ingot bundle verify`: whether a bundle is as it was signed. */
export const bundleVerifyCommand = command({
  name: 'bundle verify',
  task: 'ship',
  summary: 'verify every file of a bundle and its signature, without a network',
  arguments: { file: argument('file', 'the bundle') },
  options: { key: keyOption, json: jsonOption('what is in it'), quiet: quietOption },
  examples: [
    { line: 'ingot bundle verify demo.tar --key release.pub.pem', does: 'exit 0 if it is as it was signed' },
  ],
  wrongUse: ({ key }) =>
    key === undefined ? 'name the public key that signed the bundle: --key FILE' : undefined,
});

export type BundleVerifyInput = InputOf<typeof bundleVerifyCommand>;
