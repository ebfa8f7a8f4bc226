import type { ArgumentRecord } from '../record/argument.ts';
import { argument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { flag, value } from '../record/option.ts';
import { jsonOption, keyOption, outOption, quietOption, signerOption } from '../shared/options.ts';

const foldersArgument: ArgumentRecord<readonly string[]> = {
  takes: 'folder...',
  help: 'version folders (default: the latest version of both roles in the store)',
  optional: true,
  from: (parsed) => parsed as readonly string[],
};

/** `ingot publish`: versions to a place from which others fetch them. */
export const publishCommand = command({
  name: 'publish',
  task: 'ship',
  summary: 'verify versions and publish them to a registry or another place',
  arguments: {
    to: argument('to', 'the place, e.g. oci://registry.example/ingot/demo:stable'),
    folders: foldersArgument,
  },
  options: {
    key: keyOption,
    allowUnverified: flag('publish versions without a key that has signed them'),
    allowStandIns: flag('publish images with stand-ins, which are not for production'),
    sign: value('file', 'sign the manifests in a registry with this private key, PEM, for cosign and others'),
    signer: signerOption,
    out: outOption,
    quiet: quietOption,
    json: jsonOption('what was published'),
  },
  examples: [
    {
      line: 'ingot publish oci://registry.example/ingot/demo:stable --key release.pub.pem',
      does: 'the latest version of both roles',
    },
  ],
  wrongUse: ({ key, allowUnverified, sign, signer, to }) => {
    if (key !== undefined && allowUnverified) return '--key and --allow-unverified contradict each other';
    return (sign ?? signer) !== undefined && !/^oci(?:\+http)?:/.test(to)
      ? '--sign and --signer are only for a registry (oci://…)'
      : undefined;
  },
});

export type PublishInput = InputOf<typeof publishCommand>;
