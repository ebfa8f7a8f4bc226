import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { IngotError } from '../../../host/ingot-error.ts';
import type { AdmittedVersion } from '../../../publish/admit.ts';
import type { AmiRequest } from '../../../publish/ami/image-facts.ts';
import type { AwsSdk } from '../../../publish/ami/sdk.ts';
import { requireBootRecord } from '../../../version/read-boot-record.ts';
import type { World } from '../../world.ts';
import { versionFoldersOf } from '../folders.ts';
import type { PublishAmiInput } from './options.ts';

/** A request, and the folder of its version. */
export interface VersionRequest {
  readonly request: AmiRequest;
  readonly folder: string;
}

const noRegion = (cause?: unknown): IngotError =>
  new IngotError({
    code: 'wrong-usage',
    message: 'no region is named, and neither AWS_REGION nor your profile has one',
    hint: 'name it with --region eu-central-1',
    cause,
  });

/**
 * The region to upload to: the named one, else that of the environment or of the user's profile.
 * @param sdk reads the profile
 * @throws IngotError wrong-usage if there is none
 */
export async function regionOf(env: World['env'], named: string | undefined, sdk?: AwsSdk): Promise<string> {
  const region = named ?? env['AWS_REGION'];
  if (region !== undefined && region !== '') return region;
  if (sdk === undefined) throw noRegion();
  const client = new sdk.ec2.EC2Client({});
  try {
    return await client.config.region();
  } catch (error) {
    throw noRegion(error);
  } finally {
    client.destroy();
  }
}

/** EC2 takes up to 64 kB of UEFI variables. */
const maxUefiData = 64 * 1024;

async function uefiDataOf({ cwd }: World, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const text = (await readFile(resolve(cwd, file), 'utf8').catch(() => '')).trim();
  if (text !== '' && text.length <= maxUefiData && /^[A-Za-z0-9+/]+={0,2}$/.test(text)) return text;
  throw new IngotError({
    code: 'wrong-usage',
    message: `${file} does not hold UEFI variables in Base64`,
    hint: 'write it with uefivars -i json -o aws (github.com/awslabs/python-uefivars)',
  });
}

/**
 * The request for each version.
 * @param from the region, and the versions if they are admitted already
 * @throws IngotError wrong-usage for a name that several images would have
 */
export async function requestsOf(
  world: World,
  input: PublishAmiInput,
  from: { readonly region: string; readonly versions?: readonly AdmittedVersion[] },
): Promise<readonly VersionRequest[]> {
  const named = from.versions ?? (await versionFoldersOf(world, input)).map((folder) => ({ folder }));
  if (input.name !== undefined && named.length > 1)
    throw new IngotError({
      code: 'wrong-usage',
      message: `--name is for one image, and these are ${named.length} versions`,
      hint: 'name one version folder, or omit --name',
    });
  const uefiData = await uefiDataOf(world, input.uefiData);
  return Promise.all(
    named.map(async ({ folder }) => {
      const { role, version, rootHash } = await requireBootRecord(folder);
      const name = input.name ?? `ingot-${role}-${version}${input.attestable ? '-attestable' : ''}`;
      const request: AmiRequest = {
        ...{ role, version, rootHash, name, region: from.region, uefiData },
        copyTo: input.copyTo ?? [],
        copyWithinMinutes: input.copyWithin,
        tags: input.tag ?? {},
        share: input.share ?? [],
        deprecateAfterSeconds: input.deprecateAfter,
        attestable: input.attestable,
      };
      return { request, folder };
    }),
  );
}
