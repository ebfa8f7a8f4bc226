import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

interface Granted {
  /** "repository:a/b:pull" for each action. */
  readonly scopes: ReadonlySet<string>;
  /** Requests for which it is still valid. */
  left: number;
}

/** The user and the password of a request, "user:password"; undefined if it has none. */
export function loginOf(request: IncomingMessage): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
}

/** A request for a token, as the server saw it. */
export interface AskedToken {
  readonly method: string;
  readonly service: string | null;
  readonly scopes: readonly string[];
  readonly login: string | undefined;
  readonly grant: string | null;
}

/**
 * The authorization server of a registry, after distribution's "Token Authentication Specification", "Token Scope
 * Documentation" and "OAuth2 Token Authentication". It grants what the user may do, which may be less than was asked for.
 */
export class TokenServer {
  readonly service = 'registry.example';
  readonly asked: AskedToken[] = [];
  /** Actions that each user may do; '' is somebody without a login. */
  readonly allowed: Record<string, readonly string[]> = { 'baker:secret': ['pull', 'push'], '': ['pull'] };
  refreshToken = 'an identity token';
  /** For how many requests a token is valid. */
  uses = Infinity;
  /** Whether an answer has the field of OAuth 2 instead of the older one. */
  oauthField = false;
  readonly #tokens = new Map<string, Granted>();

  answer(
    method: string,
    fields: URLSearchParams,
    login: string | undefined,
  ): { readonly status: number; readonly body: string } {
    const scopes = fields.getAll('scope').flatMap((one) => one.split(' '));
    const [service, grant] = [fields.get('service'), fields.get('grant_type')];
    this.asked.push({ method, service, scopes, login, grant });
    if (service !== this.service) return { status: 400, body: '{"errors":[{"code":"UNSUPPORTED"}]}' };
    const refreshed = method === 'POST' && grant === 'refresh_token';
    if (refreshed && fields.get('refresh_token') !== this.refreshToken) return { status: 401, body: '{}' };
    const may = this.allowed[refreshed ? 'baker:secret' : (login ?? '')];
    if (may === undefined) return { status: 401, body: '{}' };
    const granted = scopes.flatMap((scope) => {
      const [, resource = '', actions = ''] = /^(.+):([^:]+)$/.exec(scope) ?? [];
      return actions.split(',').flatMap((action) => (may.includes(action) ? [`${resource}:${action}`] : []));
    });
    const token = randomBytes(12).toString('base64url');
    this.#tokens.set(token, { scopes: new Set(granted), left: this.uses });
    const name = this.oauthField || refreshed ? 'access_token' : 'token';
    return { status: 200, body: JSON.stringify({ [name]: token, expires_in: 60 }) };
  }

  /** The value of WWW-Authenticate for a request that is refused; undefined if its token allows it. */
  demand(
    host: string,
    repository: string,
    action: string,
    authorization: string | undefined,
  ): string | undefined {
    const [, token] = /^Bearer (.+)$/.exec(authorization ?? '') ?? [];
    const granted = this.#tokens.get(token ?? '');
    const wanted = action === 'push' ? 'pull,push' : 'pull';
    const challenge = `Bearer realm="http://${host}/token",service="${this.service}",scope="repository:${repository}:${wanted}"`;
    if (token === undefined) return challenge;
    if (granted === undefined || granted.left <= 0) return `${challenge},error="invalid_token"`;
    granted.left -= 1;
    return granted.scopes.has(`repository:${repository}:${action}`)
      ? undefined
      : `${challenge},error="insufficient_scope"`;
  }
}
