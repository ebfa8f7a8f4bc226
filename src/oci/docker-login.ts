import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';

/** A login of a registry. It must never reach a log, an error or an argument list. */
export type RegistryLogin =
  { readonly user: string; readonly password: string } | { readonly identityToken: string };

type Environment = Readonly<Record<string, string | undefined>>;

const authSchema = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});

/** The part of Docker's config.json that logins are in (docs.docker.com/reference/cli/docker/login). */
const configSchema = z.object({
  auths: z.record(z.string(), authSchema.nullable()).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});

const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/** The names under which Docker's configuration keeps the login of Docker Hub. */
const hubNames = ['https://index.docker.io/v1/', 'docker.io', 'index.docker.io'];
const hubHosts = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

const configFile = (env: Environment): string => {
  const own = env['DOCKER_CONFIG'];
  return join(
    own === undefined || own === '' ? join(env['HOME'] ?? homedir(), '.docker') : own,
    'config.json',
  );
};

function unreadable(file: string, why: string): IngotError {
  return new IngotError({
    code: 'wrong-credentials',
    message: `${file} is not a configuration of Docker: ${why}`,
    hint: 'correct it, or log in again: docker login HOST',
  });
}

async function readConfig(file: string): Promise<z.output<typeof configSchema> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(file, `it cannot be read: ${code ?? ''}`);
  });
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of JSON.parse quotes the text, which contains secrets.
    throw unreadable(file, 'it is not JSON');
  }
  const { data, error } = configSchema.safeParse(value);
  if (data !== undefined) return data;
  throw unreadable(file, `see ${error.issues.map(({ path }) => path[0] ?? '').join(', ')}`);
}

/** The host of a key of `auths`, which may be a URL. */
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

function loginIn(auth: z.output<typeof authSchema>): RegistryLogin | undefined {
  if (auth.identitytoken !== undefined && auth.identitytoken !== '')
    return { identityToken: auth.identitytoken };
  if (auth.auth !== undefined && auth.auth !== '') {
    const text = Buffer.from(auth.auth, 'base64').toString();
    const colon = text.indexOf(':');
    // Docker pads the text with zero bytes.
    if (colon > 0) return { user: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
  }
  const { username, password } = auth;
  return username === undefined || password === undefined ? undefined : { user: username, password };
}

/** The variables that a credential helper gets: the user's own, because helpers read many, without secrets of ingot. */
function helperEnvironment(env: Environment): Record<string, string> {
  const entries = Object.entries(env).filter(([name]) => !name.startsWith('INGOT_'));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/**
 * Asks a credential helper (github.com/docker/docker-credential-helpers, "Development"): the server's name on standard
 * input, JSON on standard output.
 */
async function fromHelper(
  host: Host,
  helper: string,
  server: string,
  env: Environment,
): Promise<RegistryLogin | undefined> {
  if (!/^[A-Za-z0-9._-]+$/.test(helper))
    throw new IngotError({
      code: 'wrong-credentials',
      message: 'the name of a credential helper in the Docker configuration is not a name',
    });
  const program = `docker-credential-${helper}`;
  const ended = await host
    .run(program, ['get'], {
      ...{ input: server, env: helperEnvironment(env), timeoutMs: 60_000 },
      accept: Array.from({ length: 256 }, (_, code) => code),
    })
    .catch((error: unknown) => {
      // The error of a program shows its last lines, which may be the secret.
      if (error instanceof IngotError && error.code === 'command-failed') return undefined;
      throw error;
    });
  const { exitCode, stdout } = ended ?? { exitCode: 'none', stdout: '' };
  // Its output is not shown: it may contain the secret.
  if (exitCode !== 0) {
    if (/credentials not found/i.test(stdout)) return undefined;
    throw new IngotError({
      code: 'wrong-credentials',
      message: `${program} ended with exit status ${exitCode} for ${server}`,
      hint: `run it by hand: echo ${server} | ${program} get`,
    });
  }
  try {
    const { Username, Secret } = answerSchema.parse(JSON.parse(stdout));
    return Username === '<token>' ? { identityToken: Secret } : { user: Username, password: Secret };
  } catch {
    throw new IngotError({
      code: 'wrong-credentials',
      message: `${program} printed no login for ${server}`,
      hint: `run it by hand: echo ${server} | ${program} get`,
    });
  }
}

/**
 * Finds the login of a registry in Docker's configuration (DOCKER_CONFIG, otherwise ~/.docker): the helper of the
 * registry, otherwise the store of all, otherwise `auths`. Undefined if there is none.
 * @param registry host, with the port if one was named
 * @throws IngotError wrong-credentials for a configuration or a helper that cannot be used; missing-program
 */
export async function dockerLogin(
  host: Host,
  registry: string,
  env: Environment,
): Promise<RegistryLogin | undefined> {
  const config = await readConfig(configFile(env));
  if (config === undefined) return undefined;
  const names = hubHosts.includes(registry) ? hubNames : [registry];
  for (const name of names) {
    const helper = config.credHelpers?.[name];
    if (helper !== undefined) return fromHelper(host, helper, name, env);
  }
  const store = config.credsStore;
  if (store !== undefined && store !== '') {
    const found = await fromHelper(host, store, names[0] ?? registry, env);
    if (found !== undefined) return found;
  }
  for (const [key, auth] of Object.entries(config.auths ?? {}))
    if (auth !== null && (names.includes(key) || names.includes(hostOf(key)))) {
      const login = loginIn(auth);
      if (login !== undefined) return login;
    }
  return undefined;
}
