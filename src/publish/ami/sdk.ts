import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as EbsModule from '@aws-sdk/client-ebs';
import type * as Ec2Module from '@aws-sdk/client-ec2';
import { IngotError } from '../../host/ingot-error.ts';
import { userCacheFolder } from '../../host/user-folder.ts';

/** The two packages of the AWS SDK that an upload uses. */
export interface AwsSdk {
  readonly ebs: typeof EbsModule;
  readonly ec2: typeof Ec2Module;
}

/** The version of both packages that is tested; package.json names the same one. */
export const sdkVersion = '3.1138.0';

const packages = ['@aws-sdk/client-ebs', '@aws-sdk/client-ec2'] as const;

/** The warning is about later versions of the SDK than the tested one: nobody who reads it can do anything about it. */
const withoutWarning = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** Where the SDK of this user is, if it is not next to ingot: a package of Debian has no place for it. */
function ownSdkFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(userCacheFolder(env, 'HOME'), 'ingot/aws-sdk');
}

/** Whether a package itself is not there, and not only a part of it that it needs. */
const isMissing = (error: unknown, name: string): boolean =>
  (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' &&
  (error as Error).message.startsWith(`Cannot find module '${name}'`);

/** Loads both packages as a file at this place would; undefined if one is not there. */
function loadedFrom(place: string): AwsSdk | undefined {
  const load = createRequire(place);
  const [ebs, ec2] = packages;
  try {
    return { ebs: load(ebs) as typeof EbsModule, ec2: load(ec2) as typeof Ec2Module };
  } catch (error) {
    if (packages.some((name) => isMissing(error, name))) return undefined;
    throw error;
  }
}

/**
 * Loads the AWS SDK, which is not part of ingot's packages: from the node_modules of ingot, of the folders above it (a
 * global installation), or of ingot/aws-sdk in the user's cache folder.
 * @param from where the search begins, for tests; a file: URL or an absolute path
 * @throws IngotError missing-program with the command that installs it
 */
export function loadAwsSdk(
  env: Readonly<Record<string, string | undefined>>,
  from: string = import.meta.url,
): AwsSdk {
  const own = ownSdkFolder(env);
  process.env[withoutWarning] ??= 'true';
  const sdk = loadedFrom(from) ?? loadedFrom(join(own, 'package.json'));
  if (sdk !== undefined) return sdk;
  throw new IngotError({
    code: 'missing-program',
    message: 'the AWS SDK is not installed; only ingot publish ami needs it, so it is not part of ingot',
    hint: `npm install --prefix ${own} ${packages.map((name) => `${name}@${sdkVersion}`).join(' ')}`,
  });
}
