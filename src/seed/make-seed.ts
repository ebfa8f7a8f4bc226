import { readFile } from 'node:fs/promises';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { writeRendered } from '../host/rendered-folder.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import { targetsOf } from '../inputs/targets/all-targets.ts';
import { ec2 } from '../inputs/targets/ec2.ts';
import type { Signer } from '../version/signer.ts';
import { seedDisk } from '../vm/seed-disk.ts';
import { clusterSeed } from './cluster-seed.ts';

/** The most user data that EC2 accepts, in bytes before Base64. */
const ec2Limit = ec2.userDataLimit.bytes;

export interface MakeSeedRequest {
  /** Path of the spec, as the user gave it. */
  readonly specFile: string;
  /** Absolute folder to create or update. */
  readonly into: string;
  readonly signingKey: Signer | undefined;
  /** Address of the folder on a web server, if known: http, ending in a slash. */
  readonly url: string | undefined;
}

/** The seed that was created. */
export interface GeneratedSeed {
  readonly cluster: string;
  /** Names of the files in the folder. */
  readonly files: readonly string[];
  readonly userDataBytes: number;
  readonly ec2Limit: number;
  /** Whether the user data is small enough for EC2. Only then is ec2-user-data written. */
  readonly fitsEc2: boolean;
  /** The argument for a kernel command line. */
  readonly kernelArgument: string;
  readonly signedBy: string | undefined;
  readonly refused: boolean;
}

/**
 * Generates the seed of a cluster in all its forms: the NoCloud files, a disk labelled cidata, EC2's user data, and the
 * kernel argument for booting from the network. The same spec, files and key give the same bytes.
 * @throws IngotError wrong-spec for errors of the spec, and for user data that is too large for a target
 * @throws IngotError unusable-folder for a folder that ingot did not write
 */
export async function makeSeed(
  host: Host,
  { specFile, into, signingKey, url }: MakeSeedRequest,
): Promise<GeneratedSeed> {
  const { spec, files, signedBy, refused } = await clusterSeed(specFile, signingKey, host.warn);
  const userData = files.find(({ path }) => path === 'user-data')?.content ?? '';
  const userDataBytes = Buffer.byteLength(userData);
  const fitsEc2 = userDataBytes <= ec2Limit;
  for (const { name, userDataLimit: limit } of targetsOf(spec.targets))
    if (limit !== undefined && userDataBytes > limit.bytes)
      throw new IngotError({
        code: 'wrong-spec',
        message: `the user data of the seed has ${userDataBytes} bytes, and ${limit.platform} takes ${limit.bytes}`,
        hint: `put large files of seed.files into the image (common.files), or remove ${name} from targets`,
      });
  const kernelArgument = `ds=nocloud-net;s=${url ?? 'URL/'}`;
  const disk = await withTemporaryFolder(async (folder) => readFile(await seedDisk(host, files, folder)));
  const all = [
    ...files,
    { path: 'seed.iso', content: disk },
    ...(fitsEc2 ? [{ path: 'ec2-user-data', content: userData }] : []),
    { path: 'kernel-argument', content: `${kernelArgument}\n` },
  ];
  await writeRendered(into, all);
  return {
    cluster: spec.cluster,
    files: all.map(({ path }) => path),
    ...{ userDataBytes, ec2Limit, fitsEc2, kernelArgument, signedBy, refused },
  };
}
