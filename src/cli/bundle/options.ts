import { latestName } from '../../store/latest-version.ts';
import { argument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { flag, negatedFlag, valueOr } from '../record/option.ts';
import { specArgument } from '../shared/arguments.ts';
import {
  jsonOption,
  keyOption,
  outOption,
  poolOption,
  quietOption,
  signerOption,
  signOption,
} from '../shared/options.ts';

/** `ingot bundle`: everything for a site without a network, as one file. */
export const bundleCommand = command({
  name: 'bundle',
  task: 'ship',
  summary: 'write a version of both roles, the lock, its packages, ingot and its pages into one signed file',
  arguments: { spec: specArgument, file: argument('file', 'the file to write (.tar)') },
  options: {
    out: outOption,
    pool: poolOption,
    versions: valueOr('versions', 'master=VERSION,slave=VERSION', latestName),
    sign: signOption('the bundle'),
    signer: signerOption,
    key: keyOption,
    node: negatedFlag('leave out Node.js, which takes 100 MB'),
    allowUnverified: flag('bundle versions that no key of --key has signed'),
    allowStandIns: flag('bundle images with stand-ins, which are not for production'),
    json: jsonOption('what was written'),
    quiet: quietOption,
  },
  examples: [
    {
      line: 'ingot bundle cluster.yaml demo.tar --sign release.pem',
      does: 'the latest versions, which the same key has signed',
    },
    { line: 'ingot bundle verify demo.tar --key release.pub.pem', does: 'every byte, without a network' },
    { line: 'ingot bundle open demo.tar --key release.pub.pem --into demo', does: 'verify and unpack it' },
  ],
  wrongUse: ({ key, allowUnverified }) =>
    key !== undefined && allowUnverified ? '--key and --allow-unverified contradict each other' : undefined,
});

export type BundleInput = InputOf<typeof bundleCommand>;
