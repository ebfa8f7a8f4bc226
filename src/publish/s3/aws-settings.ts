import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { S3Credentials } from './sign-request.ts';

/** Where requests go, and with what they are signed. */
export interface AwsSettings {
  readonly credentials: S3Credentials;
  readonly region: string;
  /** Of a server other than AWS; undefined for AWS. */
  readonly endpoint: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Profile = Readonly<Record<string, string>>;

/**
 * Reads an INI file as the AWS command line does: sections, `name = value`, comments at the start of a line. Nested
 * settings, which are indented, are omitted.
 */
export function parseProfiles(text: string): ReadonlyMap<string, Profile> {
  const profiles = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const head = /^\[\s*(?:profile\s+)?"?([^"\]]+?)"?\s*\]/.exec(line)?.[1];
    if (head !== undefined) {
      section = profiles.get(head) ?? {};
      profiles.set(head, section);
      continue;
    }
    const [, name, value] = /^([A-Za-z0-9_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section !== undefined && name !== undefined && value !== undefined)
      section[name.toLowerCase()] = value;
  }
  return profiles;
}

async function profilesOf(path: string): Promise<ReadonlyMap<string, Profile>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new IngotError({
      code: 'unusable-folder',
      message: `${path} cannot be read: ${code ?? message}`,
      hint: 'check its permissions, or name another one with AWS_SHARED_CREDENTIALS_FILE or AWS_CONFIG_FILE',
      cause: error,
    });
  });
  return parseProfiles(text);
}

const valueOf = (env: Environment, name: string): string | undefined =>
  env[name] === '' ? undefined : env[name];

/** Runs credential_process of a profile (AWS CLI User Guide, "Sourcing credentials with an external process"). */
async function fromProcess(
  host: Host,
  command: string,
  env: Environment,
): Promise<S3Credentials | undefined> {
  const variables = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const { stdout } = await host.run('sh', ['-c', command], {
    env: Object.fromEntries(variables) as Record<string, string>,
    timeoutMs: 60_000,
  });
  try {
    const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout) as Record<string, unknown>;
    if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') return undefined;
    return {
      ...{ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey },
      ...(typeof SessionToken === 'string' ? { sessionToken: SessionToken } : {}),
    };
  } catch {
    return undefined;
  }
}

function fromProfile(profile: Profile): S3Credentials | undefined {
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = profile;
  if (id === undefined || secret === undefined) return undefined;
  return {
    accessKeyId: id,
    secretAccessKey: secret,
    ...(token === undefined ? {} : { sessionToken: token }),
  };
}

function fromEnvironment(env: Environment): S3Credentials | undefined {
  const id = valueOf(env, 'AWS_ACCESS_KEY_ID');
  const secret = valueOf(env, 'AWS_SECRET_ACCESS_KEY');
  const token = valueOf(env, 'AWS_SESSION_TOKEN');
  if (id === undefined || secret === undefined) return undefined;
  return {
    accessKeyId: id,
    secretAccessKey: secret,
    ...(token === undefined ? {} : { sessionToken: token }),
  };
}

/**
 * Finds credentials, region and endpoint where the AWS command line finds them: the environment, then the profile
 * AWS_PROFILE (or default) of ~/.aws/credentials and ~/.aws/config, including credential_process.
 * @throws IngotError host-not-ready if there are no credentials, with every place that was searched
 */
export async function awsSettings(host: Host, env: Environment): Promise<AwsSettings> {
  const home = join(env['HOME'] ?? '/root', '.aws');
  const credentialsFile = valueOf(env, 'AWS_SHARED_CREDENTIALS_FILE') ?? join(home, 'credentials');
  const configFile = valueOf(env, 'AWS_CONFIG_FILE') ?? join(home, 'config');
  const name = valueOf(env, 'AWS_PROFILE') ?? 'default';
  const secrets = (await profilesOf(credentialsFile)).get(name);
  const config = (await profilesOf(configFile)).get(name);
  const { credential_process: command } = { ...config, ...secrets } as Profile;
  const explicit = valueOf(env, 'AWS_PROFILE') !== undefined;
  const credentials =
    (explicit ? undefined : fromEnvironment(env)) ??
    fromProfile(secrets ?? {}) ??
    fromProfile(config ?? {}) ??
    (command === undefined ? undefined : await fromProcess(host, command, env)) ??
    fromEnvironment(env);
  if (credentials === undefined)
    throw new IngotError({
      code: 'host-not-ready',
      message: `no credentials for S3: not in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and not in the profile ${name} of ${credentialsFile} or ${configFile}`,
      hint: 'set both variables, or write the profile (aws configure does it)',
    });
  return {
    credentials,
    region:
      valueOf(env, 'AWS_REGION') ?? valueOf(env, 'AWS_DEFAULT_REGION') ?? config?.['region'] ?? 'us-east-1',
    endpoint:
      valueOf(env, 'AWS_ENDPOINT_URL_S3') ?? valueOf(env, 'AWS_ENDPOINT_URL') ?? config?.['endpoint_url'],
  };
}
