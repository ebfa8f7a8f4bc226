import { refusedNote } from '../../seed/cluster-seed.ts';
import type { GeneratedSeed } from '../../seed/make-seed.ts';

/** How to use a seed: one line for each boot method, with the path of its form. */
export function seedText(made: GeneratedSeed): string {
  const { userDataBytes, ec2Limit, fitsEc2, signedBy, refused } = made;
  const signed = signedBy === undefined ? 'not signed' : `signed by key ${signedBy.slice(0, 16)}…`;
  return [
    `cluster   ${made.cluster}, ${refused ? refusedNote : signed}`,
    'NoCloud   user-data, meta-data, vendor-data; seed.iso is a disk labelled cidata with the same files',
    fitsEc2
      ? `EC2       ec2-user-data, ${userDataBytes} of ${ec2Limit} bytes`
      : `EC2       NONE: user-data has ${userDataBytes} bytes, EC2 accepts ${ec2Limit}`,
    `netboot   ${made.kernelArgument} (quote it for GRUB and shells)`,
    '',
  ].join('\n');
}
