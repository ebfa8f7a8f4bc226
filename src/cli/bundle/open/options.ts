import { argument } from '../../record/argument.ts';
import { command, type InputOf } from '../../record/command-record.ts';
import { flag, requiredValue } from '../../record/option.ts';
import { jsonOption, keyOption, quietOption } from '../../shared/options.ts';

/** `ingot bundle open`: a bundle as a folder. */
export const bundleOpenCommand = command({
  name: 'bundle open',
  task: 'ship',
  summary: 'verify a bundle and unpack it into a new folder, all of it or nothing',
  arguments: { file: argument('file', 'the bundle') },
  options: {
    into: requiredValue('folder', 'the folder to create'),
    key: keyOption,
    allowUnverified: flag('compare every file with its digest, but check no signature'),
    json: jsonOption('what is in it'),
    quiet: quietOption,
  },
  examples: [
    {
      line: 'ingot bundle open demo.tar --key release.pub.pem --into demo',
      does: 'then: ingot verify demo/store/*/latest --key release.pub.pem',
    },
  ],
  wrongUse: ({ key, allowUnverified }) => {
    if (key !== undefined && allowUnverified) return '--key and --allow-unverified contradict each other';
    return key === undefined && !allowUnverified
      ? 'name the public key that signed the bundle: --key FILE; without a check of the signature: --allow-unverified'
      : undefined;
  },
});

export type BundleOpenInput = InputOf<typeof bundleOpenCommand>;
