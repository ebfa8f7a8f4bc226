import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../host/http-client.ts';
import { type AuthChallenge, parseChallenges } from './challenge.ts';
import type { RegistryLogin } from './docker-login.ts';
import { readSmall } from './read-small.ts';
import { errorsIn, notLoggedIn, registryFailed, shownUrl } from './registry-failure.ts';

/** What proves to a registry who sends a request: the value of the header Authorization; undefined before a demand. */
export interface Authorization {
  readonly current: () => string | undefined;
  /**
   * Gets an authorization that satisfies an answer of 401.
   * @param refused the value that the refused request had
   * @throws IngotError wrong-credentials if there is none; registry-failed if the server of tokens does not answer
   */
  renew(refused: string | undefined, answer: HttpAnswer): Promise<void>;
}

export interface AuthorizationOptions {
  /** Host, with the port if one was named. */
  readonly registry: string;
  /** Whether the registry is used without encryption. */
  readonly plain: boolean;
  /** The scope for a challenge that names none (distribution, "Token Scope Documentation"). */
  readonly scope: string;
  /** Called once, when the registry demands a login. */
  readonly login: () => Promise<RegistryLogin | undefined>;
  /** Sends a request and repeats it if the server fails. */
  readonly send: (request: Omit<HttpRequest, 'signal' | 'idleMs'>) => Promise<HttpAnswer>;
}

// The older form of an answer has `token`, OAuth 2 has `access_token`; both may be there.
const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

const basic = ({ user, password }: { readonly user: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Form and URL of a request for a token (distribution, "Token Authentication" and "OAuth2 Token Authentication"). */
function tokenRequest(
  { parameters }: AuthChallenge,
  login: RegistryLogin | undefined,
  { plain, registry, scope }: AuthorizationOptions,
): Omit<HttpRequest, 'signal' | 'idleMs'> {
  const realm = URL.canParse(parameters['realm'] ?? '') ? new URL(parameters['realm'] ?? '') : undefined;
  if (realm === undefined || !(realm.protocol === 'https:' || (plain && realm.protocol === 'http:')))
    throw registryFailed(registry, 'the server of its tokens has no address with https');
  const fields = new URLSearchParams();
  const { service } = parameters;
  if (service !== undefined) fields.set('service', service);
  for (const one of (parameters['scope'] ?? scope).split(' ')) fields.append('scope', one);
  if (login !== undefined && 'identityToken' in login) {
    fields.set('grant_type', 'refresh_token');
    fields.set('client_id', 'ingot');
    fields.set('refresh_token', login.identityToken);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url: realm.href, headers, body: Buffer.from(fields.toString()) };
  }
  for (const [name, value] of fields) realm.searchParams.append(name, value);
  const headers = login === undefined ? {} : { authorization: basic(login) };
  return { method: 'GET', url: realm.href, headers };
}

async function bearer(
  challenge: AuthChallenge,
  login: RegistryLogin | undefined,
  options: AuthorizationOptions,
): Promise<string> {
  const request = tokenRequest(challenge, login, options);
  const answer = await options.send(request);
  const text = (await readSmall(answer.body)).toString();
  if (answer.status === 401 || answer.status === 403)
    throw notLoggedIn(
      options.registry,
      login === undefined ? 'needs a login, and there is none' : 'does not accept the login',
    );
  if (answer.status !== 200)
    throw registryFailed(shownUrl(request.url), `HTTP ${answer.status} ${errorsIn(text)}`.trim());
  try {
    const { token, access_token: access } = tokenSchema.parse(JSON.parse(text));
    const found = token ?? access;
    if (found !== undefined && /^[\x21-\x7e]+$/.test(found)) return `Bearer ${found}`;
  } catch {
    // Its message would quote the answer, which may hold a token.
  }
  throw registryFailed(shownUrl(request.url), 'the answer has no token');
}

/** The authorization for one repository of a registry. */
export function registryAuthorization(options: AuthorizationOptions): Authorization {
  const { registry } = options;
  let current: string | undefined;
  let renewing: Promise<void> | undefined;
  let login: Promise<RegistryLogin | undefined> | undefined;

  const obtain = async (refused: string | undefined, header: string): Promise<void> => {
    const challenges = parseChallenges(header);
    const byScheme = (scheme: string) => challenges.find((one) => one.scheme === scheme);
    const [token, plain] = [byScheme('bearer'), byScheme('basic')];
    login ??= options.login();
    const found = await login;
    if (token !== undefined) {
      current = await bearer(token, found, options);
      return;
    }
    if (plain === undefined) throw registryFailed(registry, 'it demands a kind of login that is not known');
    if (found === undefined) throw notLoggedIn(registry, 'needs a login, and there is none');
    if ('identityToken' in found) throw notLoggedIn(registry, 'needs a password, and the login is a token');
    const value = basic(found);
    if (value === refused) throw notLoggedIn(registry, 'does not accept the login');
    current = value;
  };

  return {
    current: () => current,
    renew: async (refused, answer) => {
      const header = answer.headers['www-authenticate'] ?? '';
      answer.body.resume();
      // Another request has renewed it in the meantime.
      if (current !== refused) return;
      renewing ??= obtain(refused, header).finally(() => {
        renewing = undefined;
      });
      await renewing;
    },
  };
}
