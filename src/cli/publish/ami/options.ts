import { InvalidArgumentError } from 'commander';
import type { ArgumentRecord } from '../../record/argument.ts';
import { command, type InputOf } from '../../record/command-record.ts';
import { flag, readValue, value } from '../../record/option.ts';
import { repeated, seconds } from '../../record/readers.ts';
import { jsonOption, keyOption, outOption, quietOption } from '../../shared/options.ts';

const foldersArgument: ArgumentRecord<readonly string[]> = {
  takes: 'folder...',
  help: 'version folders (default: the latest version of both roles in the store)',
  optional: true,
  from: (parsed) => parsed as readonly string[],
};

const region = /^[a-z]{2}(-[a-z]+)+-\d$/;

function readRegion(text: string): string {
  if (region.test(text)) return text;
  throw new InvalidArgumentError('It has to be a region such as eu-central-1.');
}

const readRegions = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...new Set([...(before ?? []), ...text.split(',').map(readRegion)]),
];

function readTag(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const [, key = '', tagValue = ''] = /^([^=]{1,127})=(.{0,255})$/s.exec(text) ?? [];
  if (key === '') throw new InvalidArgumentError('It has to be KEY=VALUE.');
  if (/^(aws|ingot):/.test(key))
    throw new InvalidArgumentError('AWS and ingot set tags that begin like this.');
  return { ...before, [key]: tagValue };
}

function readShare(text: string, before: readonly string[] | undefined): readonly string[] {
  const arn =
    /^arn:aws[a-z-]*:organizations::\d{12}:(organization\/o-[a-z0-9]+|ou\/o-[a-z0-9]+\/ou-[a-z0-9-]+)$/;
  if (!/^\d{12}$/.test(text) && !arn.test(text))
    throw new InvalidArgumentError(
      'It has to be an account (12 digits), or the ARN of an organization or one of its units.',
    );
  return repeated(text, before);
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (/^\d+$/.test(text) && minutes % 15 === 0 && minutes >= 15 && minutes <= 2880) return minutes;
  throw new InvalidArgumentError('It has to be 15 to 2880 minutes, in steps of 15.');
}

function readName(text: string): string {
  if (/^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/.test(text)) return text;
  throw new InvalidArgumentError("It has to be 3 to 128 letters, digits, spaces or ()[]./-'@_.");
}

/** `ingot publish ami`: versions as images of Amazon EC2. */
export const publishAmiCommand = command({
  name: 'publish ami',
  task: 'ship',
  summary: 'verify versions and make AMIs of their disks, in one region or more',
  arguments: { folders: foldersArgument },
  options: {
    region: readValue(
      'region',
      'where the disk is uploaded (default: AWS_REGION, or that of your profile)',
      readRegion,
    ),
    copyTo: readValue('regions', 'copy the image to these regions, separated by commas', readRegions),
    copyWithin: readValue(
      'minutes',
      'have AWS end each copy within this time; AWS charges for it',
      readMinutes,
    ),
    name: readValue('name', 'the name of the image (default: ingot-ROLE-VERSION); for one version', readName),
    tag: readValue(
      'tag',
      'a tag of the image and its snapshots, KEY=VALUE; may be given several times',
      readTag,
    ),
    share: readValue(
      'who',
      'let this account or organization start the image; may be given several times',
      readShare,
    ),
    deprecateAfter: readValue('time', 'when the image counts as deprecated, e.g. 90d', seconds),
    attestable: flag('boot only by UEFI and with a NitroTPM, so that an instance can prove what it booted'),
    uefiData: value(
      'file',
      'the UEFI variables of the image (uefivars, Base64), for Secure Boot; with --attestable',
    ),
    packer: value('folder', 'upload nothing: write the sources with which Packer itself makes the images'),
    discard: flag('remove from the account what an interrupted upload has left'),
    state: value('folder', 'the states of interrupted uploads (default: ingot/ami in your cache folder)'),
    key: keyOption,
    allowUnverified: flag('publish versions without a key that has signed them'),
    allowStandIns: flag('publish images with stand-ins, which are not for production'),
    out: outOption,
    quiet: quietOption,
    json: jsonOption('the images'),
  },
  examples: [
    {
      line: 'ingot publish ami --key release.pub.pem --region eu-central-1 --copy-to us-east-1,ap-south-1',
      does: 'the latest version of both roles, in three regions',
    },
    {
      line: 'ingot publish ami out/slave/latest --key release.pub.pem --region eu-central-1 --discard',
      does: 'remove what an interrupted upload of this version has left',
    },
  ],
  wrongUse: ({ key, allowUnverified, packer, discard, copyWithin, copyTo, uefiData, attestable }) => {
    if (key !== undefined && allowUnverified) return '--key and --allow-unverified contradict each other';
    if (packer !== undefined && discard) return '--packer uploads nothing that --discard could remove';
    if (copyWithin !== undefined && copyTo === undefined)
      return '--copy-within is only for --copy-to REGIONS';
    if (copyWithin !== undefined && packer !== undefined) return 'Packer cannot do --copy-within';
    return uefiData !== undefined && !attestable ? '--uefi-data is only for --attestable' : undefined;
  },
});

export type PublishAmiInput = InputOf<typeof publishAmiCommand>;
